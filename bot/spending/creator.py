"""What a kind that buys something supplies; all that is done with it, every error branch among it, is ``creation``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.controller.context import AnyContext
from bot.controller.effects import Effect
from bot.controller.model import Registration
from bot.errors import QuotaReached
from bot.spending.budgets import Shortfall
from bot.spending.cards import CreationEvent, Queued
from bot.spending.record import PurchaseStatus
from bot.wording import Said


class PurchaseContext(Protocol):
    """One turn at something that is bought."""

    context: AnyContext

    @property
    def status(self) -> PurchaseStatus:
        """What has been done."""

    @property
    def not_allowed(self) -> Said:
        """Why whoever has it in their care may not have it bought any more; empty: they may.

        Raises:
            Misconfigured, Unavailable: that is not known: nothing is bought meanwhile.
        """

    def save(self, also: Sequence[Registration] = ()) -> None:
        """Write down what has been done, and register other resources with it."""


class Observed(Protocol):
    """What AWS has, as one look at it shows it."""

    @property
    def arn(self) -> str:
        """By which AWS knows it."""


C_contra = TypeVar("C_contra", bound=PurchaseContext, contravariant=True)
Found = TypeVar("Found", bound=Observed)


class Creator(Protocol[C_contra, Found]):
    """How one kind is bought: a plan that people agreed to, created once.

    What moves a phase saves it, too. ``look``, ``is_ours``, ``taken`` and ``full`` may raise ``Misconfigured``: nobody
    may look, which is told, and is no refusal.
    """

    effect: Effect
    """The creation."""

    # What people want

    def say(self, c: C_contra, name: str, event: CreationEvent) -> None:
        """Tell it in the thread, once under that name."""

    def stopped_at(self, c: C_contra) -> datetime | None:
        """Return since when somebody wants it no more; None: it is wanted."""

    def is_held(self, c: C_contra) -> bool:
        """Return whether somebody wants it no more, which can still be taken back: until then nothing is created."""

    # Before it is created

    def reserve(self, c: C_contra) -> Shortfall | None:
        """Reserve what it costs at most; return why it does not fit, or None."""

    def keep_plan(self, c: C_contra) -> None:
        """Keep the plan in its archive, before it is carried out."""

    def with_intent(self, c: C_contra) -> Sequence[Registration]:
        """Return what is registered in the same write as the intent."""
        return ()

    def gave_up(self, c: C_contra) -> bool:
        """Return whether nothing is to be tried any more, and move it on then. Asked before each look."""
        return False

    # At AWS

    def look(self, c: C_contra) -> Found | None:
        """Return what has its name in the account, or None."""

    def is_ours(self, c: C_contra, found: Found) -> bool:
        """Return whether that was made by this very plan."""

    def taken(self, c: C_contra, found: Found) -> tuple[str, str]:
        """Return what is wrong and what mends it when another has the name."""

    def was_there(self, c: C_contra) -> bool:
        """Return whether it was there, though it is not shown now: nobody wants it twice."""
        return False

    def gone(self, c: C_contra) -> None:
        """Move it on: it was there, and AWS has not known it for long (``bot.spending.missing``)."""
        return

    def create(self, c: C_contra) -> str:
        """Create it under the plan's token, and return its ARN."""

    def full(self, c: C_contra, error: QuotaReached) -> Queued | None:
        """Return in what line it waits; None: it is refused."""
        return None

    # What becomes of it

    def begun(self, c: C_contra, arn: str, found: Found | None) -> None:
        """Move it on: it is there, and was ``found`` or has just been created."""

    def refused(self, c: C_contra, who: str) -> None:
        """Move it on: its explanation says why it was not bought, and ``who`` can act, where that is known."""

    def cancelled(self, c: C_contra) -> None:
        """Move it on: it was stopped before anything was bought."""

    # What was made before

    def recovered(self, c: C_contra) -> bool:
        """Return whether it was made before, here or elsewhere, and is only looked for and followed."""
        return False

    def enter(self, c: C_contra) -> None:
        """Enter what was recovered in the ledger, whatever the budgets say."""
        return

    def lost(self) -> tuple[str, str]:
        """Return what is wrong and what mends it when AWS has not known it for long (``bot.spending.missing``)."""
        return "AWS does not know it any more.", ""
