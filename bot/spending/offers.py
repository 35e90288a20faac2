"""What something was offered for, held against the prices of now, before anybody's press counts.

Prices change while a plan waits for its press: the operator sets another, and the bot starts anew. Whoever presses
agrees to the figure that they see, so what has become dearer is offered anew, at the new price and with whoever has to
agree to that, and the press does not count. What has become cheaper is not asked about again. What somebody asked an
approver for stays with the approvers, though limits were raised as well: nobody has agreed to the new figure.

The figure that somebody sees is their picture's and comes with the press (``Shown``): once something was offered anew
to one person, the button of an earlier picture agrees to no more than it said.
"""

from dataclasses import dataclass
from decimal import Decimal

from bot.errors import Refused
from bot.pricing.money import at_most
from bot.spending.model import Decision, Offer
from bot.spending.votes import Vote, Votes


@dataclass(frozen=True, slots=True)
class Shown:
    """The figure of the picture whose button was pressed; None: it said that nobody knows."""

    usd: Decimal | None


def check_shown(
    votes: Votes, wanted: Vote, needs_approval: str, offered: Decimal | None, shown: Shown | None
) -> None:
    """Return when the press agrees to what it is offered for, as its picture has it; None: it is of no picture.

    Raises:
        Refused: it was offered anew since that picture was drawn.
    """
    if shown and agrees(votes, wanted, needs_approval) and is_dearer(offered, shown.usd):
        raise offered_anew(offered, shown.usd, starts=wanted.decision == "start")


def agrees(votes: Votes, wanted: Vote, needs_approval: str) -> bool:
    """Return whether the press would agree to spend: a *Start*, or an *Approve* or what stands for it, still open."""
    open_for = {
        "start": Decision.OPEN,
        "approve": Decision.REQUESTED,
        "override": Decision.REQUESTED,
    }
    return votes.decision(needs_approval) is open_for.get(wanted.decision)


def is_dearer(now: Decimal | None, offered: Decimal | None) -> bool:
    """Return whether it costs more than it was offered for. What nobody knows is more than any figure."""
    if offered is None:
        return False
    return now is None or now > offered


def is_more(now: Offer, offered: Offer) -> bool:
    """Return whether something has become dearer than it was offered for.

    What an earlier release offered says no figure, though nobody had to approve it: then whether somebody has to by now
    tells.
    """
    forgotten = offered.usd is None and not offered.needs_approval
    return is_dearer(now.usd, offered.usd) or (forgotten and bool(now.needs_approval))


OFFERED_ANEW = "An approver was asked for it before it was offered anew."


def asked_still(votes: Votes, before: str, now: str, why: str = OFFERED_ANEW) -> str:
    """Return why an approver has to agree ``now``, to what was offered otherwise ``before``; empty: nobody has to.

    What somebody asked an approver for does not begin by itself, whatever it costs by now: then it is ``why``.
    """
    return now or (why if votes.started and before else "")


def offered_anew(now: Decimal | None, offered: Decimal | None, *, starts: bool = True) -> Refused:
    """Return the refusal of a press on what has become dearer and was offered anew.

    Without ``starts`` it is a decision on what another asked for, of which whoever was asked directly may see no plan.
    """
    elsewhere = "" if starts else " It is in my *Home* as well."
    return Refused(
        f"This costs {at_most(now)} by now, and was offered for {at_most(offered)}. Nothing was started.",
        hint="The plan shows the new price in a moment: look at it, and press there if you still want it."
        f"{elsewhere}",
    )
