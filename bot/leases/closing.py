"""The end of a lease's time, written down: from then on nobody makes it longer, and before it whoever did is heard.

More time may be pressed in the very moment in which a look finds that there is none left. Both are one change of the
same spec, so that one of them is first: either it is over, and the press is told so, or it is longer, and runs on.
"""

from dataclasses import replace
from datetime import datetime

from bot.clock import duration_of_minutes
from bot.controller.effects import Effect, passing
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.errors import Refused
from bot.leases.model import LEASE, LEASE_SCHEMA, Idled, LeaseSpec
from bot.wording import Person, wording

CLOSE = Effect(
    "over", "writing down that the lease's time is over", "a lease that is over: the next claim deletes"
)

CLOSE_IDLE = Effect(
    "idle",
    "writing down that it is over since nobody asks it",
    "a lease that is over: the next claim has it released",
)


def close(store: ResourceStore, spec: LeaseSpec, at: datetime) -> bool:
    """Write down that the minutes of ``spec`` are over; return False when it was made longer since it was read.

    Raises:
        Unavailable: the store does not answer.
    """
    if spec.ending or spec.over:
        return True

    def over(now: LeaseSpec) -> LeaseSpec:
        return now if now.minutes > spec.minutes else replace(now, over=now.over or at)

    with passing(CLOSE):
        changed = store.amend(Key(LEASE, spec.plan.id), LEASE_SCHEMA.on_documents(over))
    return changed is None or LEASE_SCHEMA.spec_of(changed).over is not None


def close_idle(store: ResourceStore, spec: LeaseSpec, idled: Idled) -> bool:
    """Write down that nobody asks the lease; return False when anybody changed what is wanted since it was read.

    So *Keep 1 h* and this are one change of the same spec, of which one is first.

    Raises:
        Unavailable: the store does not answer.
    """

    def over(now: LeaseSpec) -> LeaseSpec:
        return now if now != spec else replace(now, over=idled.at, idled=idled)

    with passing(CLOSE_IDLE):
        changed = store.amend(Key(LEASE, spec.plan.id), LEASE_SCHEMA.on_documents(over))
    return changed is not None and LEASE_SCHEMA.spec_of(changed).idled == idled


def too_late(spec: LeaseSpec) -> Refused:
    """Return the refusal of a press on what is being released, with who had that done, if somebody had."""
    if spec.idled:
        return Refused(
            f"That came too late: nobody had asked it for {duration_of_minutes(spec.idled.minutes)}, so it is over or "
            "being released already.",
            hint="Ask for a new one with `/tune serve`.",
        )
    by = wording(Person(spec.release.by), " released it: ") if spec.release else ""
    this = "this" if by else "This"
    said = wording(by, f"{this} lease is over or being released already.")
    return Refused(said, hint="Ask for a new one with `/tune serve`.")
