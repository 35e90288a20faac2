"""What pricing needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Protocol

from bot.spending.budgets import Budget, Over
from bot.spending.ledger import Answered, Entry


class PlanArchive(Protocol):
    """Plans that were started, outside of the store and for as long as the account has what they made.

    Both raise ``Misconfigured`` (no bucket, access), ``Throttled``, ``Unavailable`` or ``Refused``.
    """

    def put(self, region: str, digest: str, content: bytes) -> None:
        """Keep it under the plan's digest; what was kept under that before is replaced. Repeating it is harmless."""

    def get(self, region: str, digest: str) -> bytes | None:
        """Return what was kept, or None when nothing is there."""


class Ledger(Protocol):
    """Every spending of the last thirteen months, shared by all processes. All raise ``Unavailable``.

    Sums are exact to a millionth of a dollar, rounded up. A write whose answer was lost may be repeated.
    """

    def reserve(self, entries: Sequence[Entry], budgets: Sequence[Budget]) -> list[Over]:
        """Reserve all the entries, or none: return the budgets that they do not fit into, empty when all are written.

        Looking and writing is one step, whatever other processes do. ``budgets`` are those that apply to them, as the
        operator set them: each counts as it was raised to in the month of the entry. With none, they are written
        whatever they cost.

        An entry that is there keeps its month and its first words. A reserved one only ever grows, in what it costs
        and in ``others``: what it grows by has to fit, too, and all of it for those who are new. A settled or freed one
        is left alone, and counts as fitting; but what was freed ``ANOTHER_AFTER`` before it is as if it were not there.

        What costs nothing always fits. What has an unknown price fits as long as anything of the budget is left.

        The latest ``edition`` that it was reserved for is kept.
        """

    def correct(self, entry: Entry) -> int | None:
        """Put a reserved entry to what it costs at most by what is written down: larger or smaller, for these people.

        Budgets are not asked: it was agreed to. One that is not there, settled or freed is left alone.

        Return None, or the edition that it is reserved for when that is later than the entry's, and nothing was
        changed: somebody may be about to write that one down.
        """

    def settle(self, entry: Entry, usd: Decimal | None) -> None:
        """Write what the spending cost; None when nobody knows, so that what it costs at most goes on counting.

        It counts for ``others`` as the entry names them: whoever reserved more since, and never got it, pays nothing.
        An entry that is not there is added, settled. The first to settle or free an entry counts. The entry's
        ``tokens`` and ``of_base`` are kept as they are then, and those of answers counted in ``answered``.
        """

    def free(self, entry: Entry) -> None:
        """Write that nothing was spent. One that was never reserved cannot be reserved for ``ANOTHER_AFTER`` then."""

    def used(self, month: str) -> Mapping[str, Decimal]:
        """Return what counts in each scope in a month: for ``all``, and for each owner and channel."""

    def entries(self, month: str) -> list[Entry]:
        """Return what was spent or is reserved in the month, the latest first; nothing that was freed."""

    def answered(self, months: Sequence[str]) -> list[Answered]:
        """Return what was answered in these months, by month, person, channel and model: settled questions only.

        It takes one look, however many answers there were.
        """

    def raise_budget(self, month: str, budget: Budget, usd: Decimal) -> None:
        """Have the budget, as the operator set it, be so much in that month. Less than it was raised to is ignored."""

    def raised(self, month: str) -> Mapping[tuple[str, Decimal], Decimal]:
        """Return what budgets were raised to in a month, by scope and by what the operator had set then."""

    def told(self, month: str) -> AbstractSet[str]:
        """Return what was noted to be told of the month's budgets."""

    def note_told(self, month: str, what: Sequence[str]) -> None:
        """Note what was told, for as long as the month's entries are kept. Repeating it changes nothing."""
