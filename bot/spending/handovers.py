"""What was given into another's care: both people are told of each handover once, directly."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.controller.model import Message, Registration
from bot.notifications.reconciler import notification
from bot.spending.cards import Care
from bot.spending.model import Handover
from bot.spending.purchase import Planned
from bot.spending.votes import Votes


def news(
    plan: Planned,
    votes: Votes,
    handed: Sequence[Handover],
    told: int,
    draw: Callable[[Care], Message],
    *,
    key: str,
    now: datetime,
) -> list[Registration]:
    """Return what tells of the handovers after the first ``told``: to be registered in the save that counts them.

    Their IDs, which ``key`` begins, are the same at each try: a crash before that save tells nobody twice.
    """
    paying, new = votes.started.by if votes.started else plan.owner, []
    for number in range(told, len(handed)):
        each, before = handed[number], handed[number - 1].to if number else plan.owner
        said = draw(Care(plan.channel, before, each.to, each.by, paying))
        new += [
            notification(key, f"handed-{number}", user, said, now)
            for user in dict.fromkeys((each.to, before))
        ]
    return new
