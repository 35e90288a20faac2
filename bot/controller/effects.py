"""The ledger of effects: what was done on the outside about a resource, once, and what settles a try without an answer.

A kind declares its effects (``Kind.effects``); ``Context.once`` does one and writes it down, by its name and the item
that it is about. Each is passed between its two crash points, ``before-<name>`` and ``after-<name>``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.controller.crash_points import crash_point


class Proof(StrEnum):
    """What settles an attempt whose result nobody knows."""

    REPEAT = "repeat"
    """It is harmless again: nothing is written before it, and its result goes with the next save."""
    LOOK = "look"
    """The intent is written down, and the other side is asked before each attempt whether it is there already. Should
    it know a token of ours, too, then even two attempts at once make one."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One sort of thing that a kind does on the outside."""

    name: str
    """In the ledger, and in its crash points."""
    what: str
    """What it does, and ``leaves`` what a crash right after it leaves to the next claim: its row in the docs."""
    leaves: str
    proof: Proof = Proof.REPEAT
    longest: float = 0.0
    """Seconds that the call may take, its own retries included: the lease must last for them."""
    grace: float = 0.0
    """Seconds after an attempt without an answer until "it is not there" proves anything."""


ABSENT, BEGUN, DONE, REFUSED = "absent", "begun", "done", "refused"


@dataclass(slots=True)
class EffectRecord:
    """How far one effect is."""

    state: str = ABSENT
    """``absent`` (nothing was tried), ``begun``, ``done`` or ``refused``."""
    at: float | None = None
    """When the last attempt began, by the store's time; None of one that is harmless to repeat."""
    tries: int = 0
    """Attempts without an answer."""
    result: Any = None
    """What the call returned, as JSON."""
    error: str = ""
    """Why it was refused."""
    detail: dict[str, Any] = field(default_factory=dict)
    """What belongs to one sort of effect alone, as where a file went instead."""


@contextmanager
def passing(effect: Effect) -> Iterator[None]:
    """Do the effect within: its crash points are passed before and after."""
    crash_point(f"before-{effect.name}")
    yield
    crash_point(f"after-{effect.name}")


def entry_name(effect: Effect, item: str = "") -> str:
    """Return under which name an effect on an item stands in the ledger."""
    return f"{effect.name}:{item}" if item else effect.name
