"""Approvers are told when a budget is nearly or wholly used: directly, once for each step, budget and month.

Told after each reservation, from what counts by then, so that a crash in between only delays it to the next claim. The
tellings are things of their own, whose IDs make them one; that they are there is noted last, for the whole month.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.following.crash_points import crash_point
from bot.following.kinds.telling import telling
from bot.following.model import Message
from bot.following.ports import ThingStore
from bot.pricing.ledger import Entry
from bot.pricing.treasury import Treasury


def tell_approvers(
    treasury: Treasury, store: ThingStore, approvers: Iterable[str], entry: Entry, now: datetime
) -> None:
    """Have the approvers told of the budgets that the entry has used up, or nearly."""
    people = sorted(approvers)
    for near in treasury.nearing(entry) if people else []:
        for user in people:
            about = f"budget:{near.month}"
            store.register(telling(about, near.about, user, Message(text=near.sentence), now))
        crash_point("after-nearing")
        treasury.note_told(near)
