"""What was given into another's care: both people are told of each handover once, directly."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.controller.model import Message, Registration
from bot.notifications.reconciler import notification
from bot.spending.cards import Care
from bot.spending.model import Handover
from bot.spending.purchase import Planned
from bot.spending.votes import Votes


def paying(plan: Planned, votes: Votes) -> str:
    """Return whose budget a purchase goes on counting in: whoever agreed to it."""
    return votes.started.by if votes.started else plan.owner


def told_of(handed: Sequence[Handover], told: int, since: datetime | None) -> int:
    """Return of how many handovers both people were told: those up to ``since`` were told of before, elsewhere."""
    return max(told, sum(since is not None and each.at <= since for each in handed))


def news(
    handed: Sequence[Handover],
    told: int,
    draw: Callable[[Care], Message],
    *,
    first: str,
    channel: str,
    paying: str,
    key: str,
    now: datetime,
) -> list[Registration]:
    """Return what tells of the handovers after the first ``told``: to be registered in the save that counts them.

    Args:
        handed: all handovers.
        told: of how many of them both were told.
        draw: the message about one.
        first: who had it before the first.
        channel: where it is told.
        paying: whose budget it goes on counting in; empty: it costs nothing by itself.
        key: what the IDs of the messages begin with.
        now: the time, by this machine's clock.

    The IDs, which ``key`` begins, are the same at each try: a crash before that save tells nobody twice.
    """
    new: list[Registration] = []
    for number in range(told, len(handed)):
        each, before = handed[number], handed[number - 1].to if number else first
        said = draw(Care(channel, before, each.to, each.by, paying))
        # Who has it now sees it, if only as a model that was shared with them; who had it may have left its channel.
        new += [
            notification(key, f"handed-{number}", user, said, now, own_in="" if user == each.to else channel)
            for user in dict.fromkeys((each.to, before))
        ]
    return new
