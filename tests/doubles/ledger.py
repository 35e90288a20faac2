"""The ledger in memory: the twin of ``storage.redis_ledger.RedisLedger``."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from bot.errors import Unavailable
from bot.spending.budgets import Budget, Over, raised
from bot.spending.ledger import ANOTHER_AFTER, Answered, Entry, EntryState, SpendingKind

MILLIONTH = Decimal("0.000001")


class InMemoryLedger:
    """A ``Ledger``. ``down = True`` makes it raise ``Unavailable``. Sums are counted anew whenever they are asked."""

    def __init__(self) -> None:
        self.kept: dict[str, Entry] = {}
        self.noted: dict[str, set[str]] = defaultdict(set)
        self.raises: dict[str, dict[tuple[str, Decimal], Decimal]] = defaultdict(dict)
        self.down = False
        self._lock = threading.RLock()

    def reserve(self, entries: Sequence[Entry], budgets: Sequence[Budget]) -> list[Over]:
        with self._lock:
            return self._reserve(entries, budgets)

    def _reserve(self, entries: Sequence[Entry], budgets: Sequence[Budget]) -> list[Over]:
        self._answer()
        adds: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        blind: set[str] = set()
        writes: dict[str, Entry] = {}
        for entry in entries:
            kept = self._known(entry)
            if kept is not None and kept.state is not EntryState.RESERVED:
                continue
            grown = writes[entry.id] = _grown(kept, entry)
            month = grown.month
            if kept and replace(grown, edition=kept.edition) == kept:
                continue
            for scope in grown.scopes:
                before = _rounded(kept.counts) if kept and scope in kept.scopes else Decimal(0)
                adds[month][scope] += _rounded(grown.counts) - before
            blind |= {month} if entry.committed is None else set()
        over = []
        for month, shares in adds.items():
            used = self.used(month)
            for budget in raised([each for each in budgets if each.scope in shares], self.raises[month]):
                needs, counted = shares[budget.scope], used.get(budget.scope, Decimal(0))
                if needs and counted + needs > budget.usd:
                    over.append(Over(budget, month, counted, needs))
                elif month in blind and counted >= budget.usd:
                    over.append(Over(budget, month, counted, None))
        if not over:
            self.kept |= writes
        return over

    def _known(self, entry: Entry) -> Entry | None:
        """Return what is kept of the entry; nothing of one of its ID that was freed long before."""
        kept = self.kept.get(entry.id)
        is_another = kept and kept.state is EntryState.FREED and entry.at - kept.at >= ANOTHER_AFTER
        return None if is_another else kept

    def correct(self, entry: Entry) -> int | None:
        self._answer()
        with self._lock:
            kept = self.kept.get(entry.id)
            if kept is None or kept.state is not EntryState.RESERVED:
                return None
            if kept.edition > entry.edition:
                return kept.edition
            others = replace(kept, others=entry.others).shared
            written = replace(kept, committed=entry.committed, others=others, edition=entry.edition)
            self.kept[entry.id] = written
            return None

    def settle(self, entry: Entry, usd: Decimal | None) -> None:
        self._close(entry, EntryState.SETTLED, usd)

    def free(self, entry: Entry) -> None:
        self._close(entry, EntryState.FREED, None)

    def used(self, month: str) -> Mapping[str, Decimal]:
        self._answer()
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for entry in list(self.kept.values()):
            for scope in entry.scopes:
                sums[scope] += _rounded(entry.counts) if entry.month == month else 0
        return sums

    def entries(self, month: str) -> list[Entry]:
        self._answer()
        there = [
            each
            for each in list(self.kept.values())
            if each.month == month and each.state is not EntryState.FREED
        ]
        return sorted(there, key=lambda each: (each.at, each.id), reverse=True)

    def answered(self, months: Sequence[str]) -> list[Answered]:
        self._answer()
        rows: dict[tuple[str, ...], Answered] = {}
        for entry in list(self.kept.values()):
            asked = entry.kind is SpendingKind.QUESTION and entry.state is EntryState.SETTLED
            if not asked or entry.month not in months:
                continue
            who = (entry.month, entry.owner, entry.channel, entry.base, entry.model)
            row = rows.get(who) or Answered(entry.owner, entry.channel, entry.model, entry.base, entry.at)
            rows[who] = replace(
                row,
                last=max(row.last, entry.at),
                answers=row.answers + (entry.tokens is not None),
                tokens_in=row.tokens_in + (entry.tokens.put_in if entry.tokens else 0),
                tokens_out=row.tokens_out + (entry.tokens.given_out if entry.tokens else 0),
                usd=row.usd + _rounded(entry.counts),
                of_base=row.of_base + (_rounded(entry.counts) if entry.of_base else 0),
                unpriced=row.unpriced + entry.is_unpriced,
            )
        return list(rows.values())

    def raise_budget(self, month: str, budget: Budget, usd: Decimal) -> None:
        self._answer()
        place = (budget.scope, budget.usd)
        self.raises[month][place] = max(usd, self.raises[month].get(place, usd))

    def raised(self, month: str) -> Mapping[tuple[str, Decimal], Decimal]:
        self._answer()
        return dict(self.raises[month])

    def told(self, month: str) -> AbstractSet[str]:
        self._answer()
        return frozenset(self.noted[month])

    def note_told(self, month: str, what: Sequence[str]) -> None:
        self._answer()
        self.noted[month] |= set(what)

    def _close(self, entry: Entry, state: EntryState, usd: Decimal | None) -> None:
        self._answer()
        with self._lock:
            kept = self.kept.get(entry.id) or _grown(None, entry)
            if kept.state is EntryState.RESERVED:
                others = replace(kept, others=entry.others).shared
                said = replace(kept, others=others, tokens=entry.tokens, of_base=entry.of_base)
                self.kept[entry.id] = replace(said, state=state, actual=usd)

    def _answer(self) -> None:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")


def _grown(kept: Entry | None, entry: Entry) -> Entry:
    """Return what is kept once the entry is reserved: it only ever grows."""
    if kept is None:
        return replace(entry, others=entry.shared)
    larger = _rounded(entry.counts) > _rounded(kept.counts)
    others = replace(kept, others=(*kept.others, *entry.others)).shared
    return replace(
        kept,
        committed=entry.committed if larger else kept.committed,
        others=others,
        edition=max(kept.edition, entry.edition),
    )


def _rounded(usd: Decimal) -> Decimal:
    return usd.quantize(MILLIONTH, ROUND_CEILING)
