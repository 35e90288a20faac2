"""Who spent what in a month, and how the budgets stand: from the ledger to what is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.spending.budgets import Budget, left, month_name
from bot.spending.ledger import WORKSPACE, Answered, Entry, EntryState, first_of_next, total

HIDDEN = "hidden"
"""What stands for all that was spent in channels that the reader does not see: no ID and no name of AWS's is that."""
DIRECT = ""
"""The channel that all direct messages are counted under: which one is nobody else's business."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a budget stands, in US dollars."""

    budget: Budget
    spent: Decimal
    committed: Decimal
    """What is reserved by things that are not over yet, at most."""

    @property
    def left(self) -> Decimal:
        """What is left of the budget."""
        return left(self.budget, self.spent + self.committed)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person, model or channel has of a month's spending, in US dollars."""

    who: str
    usd: Decimal
    unpriced: int = 0
    """Spendings beside that whose price nobody knows."""
    answers: int = 0
    tokens: int = 0
    """Answers whose tokens are known, and what was read and written for them in all."""
    reserved: Decimal = Decimal(0)
    """What of it is not spent yet: it is of what is not over."""


@dataclass(frozen=True, slots=True)
class SpendingReport:
    """A month so far. Shares have the most first; ``standings`` the workspace, then channels, then people."""

    month: str
    """Its name: ``November``."""
    over_on: datetime
    spent: Decimal
    committed: Decimal
    """Both of the workspace as a whole."""
    standings: tuple[Standing, ...]
    people: tuple[Share, ...]
    models: tuple[Share, ...]
    channels: tuple[Share, ...]
    unpriced: int
    of_base: Decimal = Decimal(0)
    """What of it was computed at a base's price, since the tuned model's is not published."""
    raisers: tuple[str, ...] = ()
    """Who may raise a budget for the rest of the month."""
    may_raise: bool = False
    """Whether whoever reads this is one of them."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was spent or reserved."""
        return not (self.people or self.unpriced)


def report(
    month: str,
    entries: Sequence[Entry],
    answered: Sequence[Answered],
    budgets: Sequence[Budget],
    sees: Callable[[str, str], bool],
) -> SpendingReport:
    """Return the month ``2026-11`` as its entries have it, and what was ``answered`` in it, for one reader.

    ``sees`` tells whether they see a channel (its ID, and the person who spent in it): of others, models and channels
    are summed under ``HIDDEN``, and their budgets are left out.
    """
    capped = sorted(
        (each for each in budgets if _is_shown(each.scope, sees)), key=lambda each: _order(each.scope)
    )
    places = {(each.channel, each.owner) for each in entries}
    places |= {(each.channel, each.owner) for each in answered}
    # Once for each place, and not for each entry: `sees` may ask Slack.
    seen = {each: sees(*each) for each in places}
    spent, committed = _sums(entries)
    return SpendingReport(
        month=month_name(month),
        over_on=first_of_next(month),
        spent=spent,
        committed=committed,
        standings=tuple(_standing(each, entries) for each in capped),
        people=_shares(entries, answered, lambda each: each.owner),
        models=_shares(
            entries, answered, lambda each: each.model if seen[each.channel, each.owner] else HIDDEN
        ),
        channels=_shares(
            entries, answered, lambda each: _channel(each) if seen[each.channel, each.owner] else HIDDEN
        ),
        unpriced=sum(each.is_unpriced for each in entries),
        of_base=sum((each.of_base for each in answered), Decimal(0)),
    )


def _channel(entry: Entry | Answered) -> str:
    return DIRECT if entry.channel.startswith("D") else entry.channel


def _is_shown(scope: str, sees: Callable[[str, str], bool]) -> bool:
    return scope == WORKSPACE or scope[0] not in "CGD" or sees(scope, "")


def _standing(budget: Budget, entries: Sequence[Entry]) -> Standing:
    return Standing(budget, *_sums([each for each in entries if budget.scope in each.scopes]))


def _sums(entries: Sequence[Entry]) -> tuple[Decimal, Decimal]:
    """Return what is spent and what is reserved."""
    spent = total(each for each in entries if each.state is EntryState.SETTLED)
    return spent, total(entries) - spent


def _shares(
    entries: Sequence[Entry], answered: Sequence[Answered], who: Callable[[Entry | Answered], str]
) -> tuple[Share, ...]:
    """Return a share for each name, the most first. What costs nothing, and answered nothing, is not told."""
    shares: dict[str, Share] = {}
    for each in entries:
        before = shares.get(who(each)) or Share(who(each), Decimal(0))
        shares[before.who] = replace(
            before,
            usd=before.usd + each.counts,
            unpriced=before.unpriced + each.is_unpriced,
            reserved=before.reserved + (each.counts if each.state is not EntryState.SETTLED else 0),
        )
    for asked in answered:
        before = shares.get(who(asked)) or Share(who(asked), Decimal(0))
        tokens = before.tokens + asked.tokens_in + asked.tokens_out
        shares[before.who] = replace(before, answers=before.answers + asked.answers, tokens=tokens)
    told = [each for each in shares.values() if each.usd or each.unpriced or each.answers]
    return tuple(sorted(told, key=lambda each: (-each.usd, -each.unpriced, -each.tokens, each.who)))


def _order(scope: str) -> tuple[int, str]:
    # The workspace, then channels, then people: False sorts before True, and the empty word before any ID.
    return ("A" if scope == WORKSPACE else scope[0]) not in "ACG", scope if scope != WORKSPACE else ""
