"""What is spent, a line for each spending: reserved before it begins, settled when its cost is known, or freed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

ANOTHER_AFTER = timedelta(days=6)
"""How long after a spending that came to nothing one of the same ID is another: what it was of is kept for a week after
its end at most, and may be planned anew by then, exactly as it was."""
WORKSPACE = "all"
"""The scope that every spending counts in."""


class SpendingKind(StrEnum):
    """What money is spent on. The value reads in a sentence: *Training costs at most $3.20*."""

    TRAINING = "Training"
    SERVING = "Serving with its start-up"
    ANSWERS = "Having the prompts answered"
    QUESTION = "This answer"
    SCREENING = "Screening by the guardrail"
    TRIAL = "Trying the prompt"


class EntryState(StrEnum):
    """Where a spending stands. Settled and freed are final: nothing changes such an entry any more."""

    RESERVED = "reserved"
    """It may start, runs, or has not been accounted for yet: what it costs at most counts."""
    SETTLED = "settled"
    """It is over. What it cost counts; where nobody knows that, still what it costs at most."""
    FREED = "freed"
    """Nothing was spent. After ``ANOTHER_AFTER`` one of the same ID begins anew."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model read for an answer, and what it wrote."""

    put_in: int
    given_out: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What one person had answered by one model in one channel, in a month.

    ``answers`` are those whose tokens are known, ``last`` is when the latest was asked, known or not. ``usd`` is what
    they count in budgets, ``of_base`` the part of it that was computed at the base's price, and ``unpriced`` those
    that count as nothing since nobody knows the price. What is paid for by the hour counts as nothing here.
    """

    owner: str
    channel: str
    model: str
    base: str
    last: datetime
    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: Decimal = Decimal(0)
    of_base: Decimal = Decimal(0)
    unpriced: int = 0

    @property
    def month(self) -> str:
        """The month that its latest question belongs to, and so all of them."""
        return month_of(self.last)


@dataclass(frozen=True, slots=True)
class Entry:
    """One spending. The same ``id`` is the same spending, however often it is written.

    ``at`` is when it was reserved: it belongs to that month, by UTC, whenever it ends.
    """

    id: str
    kind: SpendingKind
    owner: str
    channel: str
    model: str
    """The custom model, or the teacher that answers."""
    base: str
    dataset: str
    at: datetime
    committed: Decimal | None
    """What it costs at most in US dollars; None when the price is unknown."""
    actual: Decimal | None = None
    """What it cost; None before its end, and for ever when nobody knows."""
    state: EntryState = EntryState.RESERVED
    others: tuple[str, ...] = ()
    """Who had it started or made larger beside its owner: what it costs counts for each of them, too."""
    edition: int = 0
    """Which edition of what is wanted it was reserved for. A later one is reserved before it is written down."""
    tokens: "Tokens | None" = None
    """What an answer was billed for, or would have been; None for what is no answer, or of which nobody says."""
    of_base: bool = False
    """Whether what it cost was computed at the base model's price, since nobody publishes the tuned one's."""

    @property
    def month(self) -> str:
        """The month that it belongs to: ``2026-11``."""
        return month_of(self.at)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where it counts: in the workspace, for its owner, in its channel, and for others who spent it."""
        # Each once, or what somebody spends would count there twice.
        return tuple(dict.fromkeys((WORKSPACE, self.owner, self.channel, *self.others)))

    @property
    def shared(self) -> tuple[str, ...]:
        """Who pays beside its owner and its channel, each once."""
        own = {WORKSPACE, self.owner, self.channel}
        return tuple(each for each in dict.fromkeys(self.others) if each not in own)

    @property
    def counts(self) -> Decimal:
        """What it takes from budgets, in US dollars. An unknown price takes nothing, since there is no figure."""
        if self.state is EntryState.FREED:
            return Decimal(0)
        return self.actual if self.actual is not None else self.committed or Decimal(0)

    @property
    def is_unpriced(self) -> bool:
        """Whether it counts as nothing only because nobody knows its price."""
        return self.state is not EntryState.FREED and self.actual is None and self.committed is None


def month_of(moment: datetime) -> str:
    """Return the calendar month by UTC: ``2026-11``."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def months_back(moment: datetime, count: int) -> list[str]:
    """Return the month of that moment and those before it, ``count`` in all, the latest first."""
    number = moment.astimezone(UTC).year * 12 + moment.astimezone(UTC).month - 1
    return [f"{each // 12}-{each % 12 + 1:02}" for each in range(number, number - count, -1)]


def first_of_next(month: str) -> datetime:
    """Return when the month ``2026-11`` is over."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def total(entries: Iterable[Entry]) -> Decimal:
    """Return what the entries take from budgets together."""
    return sum((each.counts for each in entries), Decimal(0))
