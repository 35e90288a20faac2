"""What something was offered for, held against the prices of now, before anybody's press counts.

Prices change while a plan waits for its press: the operator sets another, and the bot starts anew. Whoever presses
agrees to the figure that they see, so what has become dearer is offered anew, at the new price and with whoever has to
agree to that, and the press does not count. What has become cheaper is not asked about again.
"""

from decimal import Decimal

from bot.errors import Refused
from bot.pricing.money import at_most
from bot.spending.model import Decision
from bot.spending.votes import Vote, Votes


def agrees(presses: Votes, wanted: Vote, needs_approval: str) -> bool:
    """Return whether the press would agree to spend: a *Start* or an *Approve* that is still open."""
    open_for = {"start": Decision.OPEN, "approve": Decision.REQUESTED}
    return presses.decision(needs_approval) is open_for.get(wanted.decision)


def is_dearer(now: Decimal | None, offered: Decimal | None) -> bool:
    """Return whether it costs more than it was offered for. What nobody knows is more than any figure."""
    if offered is None:
        return False
    return now is None or now > offered


def offered_anew(now: Decimal | None, offered: Decimal | None) -> Refused:
    """Return the refusal of a press on what has become dearer and was offered anew."""
    return Refused(
        f"This costs {at_most(now)} by now, and was offered for {at_most(offered)}. Nothing was started.",
        hint="The plan shows the new price: look at it, and press again if you still want it.",
    )
