"""Budgets held against the ledger: what may still be spent, and what was."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.pricing.answers import Average
from bot.spending import reports
from bot.spending.budgets import (
    Budget,
    Nearing,
    Outlook,
    Over,
    Shortfall,
    applying,
    fits,
    nearing,
    outlook,
    raised,
    shortfall,
)
from bot.spending.ledger import Answered, Entry, EntryState, SpendingKind, month_of, months_back
from bot.spending.ports import Ledger
from bot.spending.reports import SpendingReport

_AVERAGED = 2
"""Months that an average is made of: this one, and the last, so that the first of a month has one too."""
# Months: as far back as the ledger keeps its entries.
_KEPT = 13


class BudgetService:
    """What everything that spends money asks before, and tells after. Every method may raise ``Unavailable``.

    Args:
        ledger: what is spent and reserved.
        budgets: US dollars a month by scope: ``all``, a channel's ID, or a person's.
        clock: which month it is.
    """

    def __init__(self, ledger: Ledger, budgets: Mapping[str, Decimal], clock: Clock) -> None:
        self._ledger = ledger
        self._budgets = budgets
        self._clock = clock

    def look(self, entry: Entry) -> Outlook | None:
        """Return what the spending would mean for the budgets, or None when none applies. Nothing is written."""
        return self._look(entry, self._applying(entry))

    def check(self, entry: Entry, *, more: bool = False) -> None:
        """Return when the budgets have room for the spending as of now. Nothing is written: reserving decides.

        ``more``: it is what something would grow by.

        Raises:
            Refused: which budget has none, what is left of it, and what mends it.
        """
        self._refuse(entry, self._applying(entry), more=more)

    def check_others(self, entry: Entry) -> None:
        """Return when the budgets of those who spend it beside its owner have room for it. Raises as ``check`` does."""
        self._refuse(entry, [each for each in self._applying(entry) if each.scope in entry.others])

    def reserve(self, *entries: Entry, more: bool = False) -> Shortfall | None:
        """Reserve what is about to be spent, all of it or nothing; return why not, or None when it is reserved.

        The entries are of the same people and channel. Repeating it changes nothing. ``more``: they were reserved
        before, and are to grow.
        """
        over = self._ledger.reserve(entries, applying(self._budgets, entries[0]))
        if not over:
            return None
        return shortfall(entries[0], over, self._ledger.entries(over[0].month), more=more)

    def nearing(self, entry: Entry) -> list[Nearing]:
        """Return the budgets that the spending counts in, and that are nearly or wholly used: once told, no more."""
        budgets = self._applying(entry)
        if not budgets:
            return []
        used = self._ledger.used(entry.month)
        standings = [(each, used.get(each.scope, Decimal(0))) for each in budgets]
        # What was told is asked for only where there is something to tell, and mostly there is not.
        found = nearing(standings, entry.month, frozenset())
        return nearing(standings, entry.month, self._ledger.told(entry.month)) if found else []

    def note_told(self, near: Nearing) -> None:
        """Note that approvers are told of it."""
        self._ledger.note_told(near.month, [near.about])

    def keep(self, entry: Entry) -> None:
        """Enter what is being spent already, whatever the budgets say: it was forgotten, and is followed again."""
        self._ledger.reserve([entry], ())

    def correct(self, entry: Entry) -> int | None:
        """Put what is reserved to what is written down; return the later edition that it is reserved for, if any."""
        return self._ledger.correct(entry)

    def settle(self, entry: Entry, usd: Decimal | None) -> None:
        """Write down what it cost; None: nobody knows, and what it costs at most goes on counting."""
        self._ledger.settle(entry, usd)

    def free(self, entry: Entry) -> None:
        """Write down that nothing was spent."""
        self._ledger.free(entry)

    def report(self, sees: Callable[[str, str], bool]) -> SpendingReport:
        """Return how the budgets stand this month, and who spent what.

        ``sees``: whether the reader sees a channel, given its ID and who spent in it; see ``reports.report``.
        """
        month = month_of(self._clock.now())
        entries, answered = self._ledger.entries(month), self._ledger.answered([month])
        return reports.report(month, entries, answered, self._of(month, self._budgets), sees)

    def answered(self, sees: Callable[[str, str], bool]) -> list[Answered]:
        """Return what was answered this month, by person, channel and model, where the reader sees the channel."""
        found = self._ledger.answered([month_of(self._clock.now())])
        return [each for each in found if sees(each.channel, each.owner)]

    def asked_between(self, after: datetime, until: datetime) -> list[Entry]:
        """Return the questions that were asked after one moment and no later than the other, and answered or begun."""
        months = [each for each in months_back(until, _KEPT) if each >= month_of(after)]
        found = (entry for month in months for entry in self._ledger.entries(month))
        return [each for each in found if each.kind is SpendingKind.QUESTION and after < each.at <= until]

    def average(self, channel: str, models: Collection[str] = ()) -> Average | None:
        """Return what questions in the channel were like, this month and last; None when none was answered.

        ``models``: only those that are called one of these. Without such an answer, those of all models there count:
        people ask of a new model what they asked of another.
        """
        here = [each for each in self._recent(_AVERAGED) if each.channel == channel and each.answers]
        return _average([each for each in here if each.model in models]) or _average(here)

    def now(self) -> datetime:
        """Return the moment that this month is read from."""
        return self._clock.now()

    def asked_in(self, channel: str, models: Collection[str] = ()) -> list[Entry]:
        """Return the questions of this month and last in a channel that came to an end.

        ``models``: as for ``average``.
        """
        months = months_back(self._clock.now(), _AVERAGED)
        found = [entry for month in months for entry in self._ledger.entries(month)]
        here = [
            each
            for each in found
            if each.channel == channel
            and each.kind is SpendingKind.QUESTION
            and each.state is EntryState.SETTLED
        ]
        return [each for each in here if each.model in models] or here

    def last_asked(
        self, models: Collection[str], sees: Callable[[str, str], bool] = lambda *_: True
    ) -> datetime | None:
        """Return when a model was last asked, by any of its names, where the reader sees the channel.

        None: not in the thirteen months that are kept.
        """
        found = [each for each in self._recent(_KEPT) if each.model in models]
        return max((each.last for each in found if sees(each.channel, each.owner)), default=None)

    # Raising

    def short(self, entry: Entry) -> Over | None:
        """Return the tightest of the budgets that have no room for the spending as of now, or None."""
        used = self._ledger.used(entry.month)
        standings = [(each, used.get(each.scope, Decimal(0))) for each in self._applying(entry)]
        over = [
            Over(budget, entry.month, there, entry.committed)
            for budget, there in standings
            if not fits(budget, there, entry.committed)
        ]
        return min(over, key=lambda each: each.left, default=None)

    def standing(self, scope: str) -> Over:
        """Return a budget with what counts in it this month.

        Raises:
            NotFound: there is no such budget.
        """
        month = month_of(self._clock.now())
        [budget] = raised([self._as_set(scope)], self._ledger.raised(month))
        return Over(budget, month, self._ledger.used(month).get(scope, Decimal(0)), None)

    def raise_to(self, scope: str, usd: Decimal, month: str) -> tuple[Budget, Budget]:
        """Have a budget be so much until the end of the month ``2026-11``; return it as it was, and as it is.

        The month is that which was looked at, and not read off the clock once more: another may begin in between.

        Repeating it, and a lower figure than it was raised to meanwhile, changes nothing.

        Raises:
            NotFound: there is no such budget.
        """
        as_set = self._as_set(scope)
        [before] = raised([as_set], self._ledger.raised(month))
        self._ledger.raise_budget(month, as_set, usd)
        [after] = raised([as_set], self._ledger.raised(month))
        return before, after

    # How

    def _recent(self, months: int) -> list[Answered]:
        return self._ledger.answered(months_back(self._clock.now(), months))

    def _applying(self, entry: Entry) -> Sequence[Budget]:
        """Return the budgets that a spending counts in, as they are in its month."""
        found = applying(self._budgets, entry)
        return raised(found, self._ledger.raised(entry.month)) if found else found

    def _as_set(self, scope: str) -> Budget:
        """Return a budget as the operator set it.

        Raises:
            NotFound: there is none.
        """
        if scope not in self._budgets:
            raise NotFound(
                "There is no such budget any more.", hint="`/tune budget` shows those that there are."
            )
        return Budget(scope, self._budgets[scope])

    def _of(self, month: str, budgets: Mapping[str, Decimal]) -> Sequence[Budget]:
        found = [Budget(scope, usd) for scope, usd in budgets.items()]
        return raised(found, self._ledger.raised(month)) if found else found

    def _refuse(self, entry: Entry, budgets: Sequence[Budget], *, more: bool = False) -> None:
        seen = self._look(entry, budgets, more=more)
        if seen and seen.short:
            raise Refused(seen.short.sentence, hint=seen.short.mend)

    def _look(self, entry: Entry, budgets: Sequence[Budget], *, more: bool = False) -> Outlook | None:
        if not budgets:
            return None
        used = self._ledger.used(entry.month)
        standings = [(each, used.get(each.scope, Decimal(0))) for each in budgets]
        seen = outlook(entry, standings, ())
        # The month's entries are read only for what does not fit: there may be thousands.
        if not seen.short:
            return seen
        return outlook(entry, standings, self._ledger.entries(entry.month), more=more)


def _average(found: Sequence[Answered]) -> Average | None:
    answers = sum(each.answers for each in found)
    if not answers:
        return None
    return Average(answers, sum(each.tokens_in for each in found), sum(each.tokens_out for each in found))
