"""Caps on what may be spent in a calendar month, by UTC: in the workspace, in a channel, by a person.

A budget is hard: what does not fit is not started, whoever agrees to it. It is the operator's, who sets it for every
month, and may be raised for the rest of one (``bot.directory.raising``). (The limit above which an approver has to
agree is the soft one: ``bot.spending.approval``.)
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from bot.pricing.money import at_most, money
from bot.spending.ledger import WORKSPACE, Entry, SpendingKind, first_of_next
from bot.wording import Channel, Person, wording

STEPS = (80, 100)
"""Per cent of a budget at which approvers are told, once a month each."""

SETTING, PRICES = "TUNESMITH_BUDGETS", "TUNESMITH_PRICES"


@dataclass(frozen=True, slots=True)
class Budget:
    """So many US dollars a month for a scope: ``all``, a channel's ID, or a person's."""

    scope: str
    usd: Decimal
    raised_from: Decimal | None = None
    """What the operator set, where it was raised for the month; None: it was not."""

    @property
    def is_of_a_person(self) -> bool:
        """Whether it is a person's, and not a place's."""
        # People's IDs begin with U, in organisations with W as well
        # (api.slack.com/changelog/2016-08-11-user-id-format-changes).
        return self.scope.startswith(("U", "W"))

    @property
    def named(self) -> Person | Channel:
        """The channel or person that it is for; the workspace's has neither."""
        return Person(self.scope) if self.is_of_a_person else Channel(self.scope)

    @property
    def whose(self) -> str:
        """Whose it is, in a sentence that is read in the channel where the money is spent."""
        if self.scope == WORKSPACE:
            return "the workspace's"
        return wording(self.named, "'s") if self.is_of_a_person else "this channel's"


@dataclass(frozen=True, slots=True)
class Over:
    """A budget that something does not fit into, with what counts in it already in that month."""

    budget: Budget
    month: str
    used: Decimal
    needs: Decimal | None
    """What is to be added to it in US dollars; None when the price is unknown."""

    @property
    def left(self) -> Decimal:
        """What is left of it; never less than nothing."""
        return left(self.budget, self.used)


@dataclass(frozen=True, slots=True)
class Nearing:
    """A budget of which so much counts already that approvers want to know."""

    budget: Budget
    month: str
    used: Decimal
    percent: int
    """The step that was passed: one of ``STEPS``."""

    @property
    def about(self) -> str:
        """What this is known by within its month."""
        return _told(self.budget, self.percent)

    @property
    def left(self) -> Decimal:
        """What is left of it; never less than nothing."""
        return left(self.budget, self.used)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why something is not started: which budget, what is left of it, what took most of it, and what mends it."""

    sentence: str
    mend: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a spending would mean for the budgets. ``sentence`` is for a plan, ``short`` is set when it does not fit."""

    sentence: str
    short: Shortfall | None = None
    mend: str = ""
    is_blind: bool = False
    """A budget applies, and cannot be kept, since nobody knows the price."""


def applying(budgets: Mapping[str, Decimal], entry: Entry) -> tuple[Budget, ...]:
    """Return the budgets that a spending counts in, the workspace's first."""
    return tuple(Budget(scope, budgets[scope]) for scope in entry.scopes if scope in budgets)


def raised(budgets: Sequence[Budget], raises: Mapping[tuple[str, Decimal], Decimal]) -> tuple[Budget, ...]:
    """Return the budgets as they are in a month; ``raises`` are those of it, by scope and what it was raised from.

    What the operator has set otherwise since is what counts: then nobody has raised it.
    """
    return tuple(as_raised(each, raises.get((each.scope, each.usd), each.usd)) for each in budgets)


def as_raised(budget: Budget, usd: Decimal) -> Budget:
    """Return a budget, as the operator set it, as it is once it was raised to so much; less changes nothing."""
    return Budget(budget.scope, usd, budget.usd) if usd > budget.usd else budget


def left(budget: Budget, used: Decimal) -> Decimal:
    """Return what is left of a budget; never less than nothing."""
    return max(Decimal(0), budget.usd - used)


def fits(budget: Budget, used: Decimal, usd: Decimal | None) -> bool:
    """Return whether so many US dollars more fit; None is an unknown price, which fits while anything is left."""
    return used < budget.usd if usd is None else usd == 0 or used + usd <= budget.usd


def nearing(standings: Sequence[tuple[Budget, Decimal]], month: str, told: AbstractSet[str]) -> list[Nearing]:
    """Return the budgets that have passed a step of which nobody was told yet, each with its highest."""
    found = []
    for budget, used in standings:
        passed = [each for each in STEPS if budget.usd and used * 100 >= budget.usd * each]
        if passed and _told(budget, passed[-1]) not in told:
            found.append(Nearing(budget, month, used, passed[-1]))
    return found


def _told(budget: Budget, percent: int) -> str:
    # Once raised it is used up anew, and approvers hear of that as well.
    raised_to = f":{budget.usd}" if budget.raised_from is not None else ""
    return f"{budget.scope}:{percent}{raised_to}"


def outlook(
    entry: Entry, standings: Sequence[tuple[Budget, Decimal]], month: Sequence[Entry], *, more: bool = False
) -> Outlook:
    """Return what a spending means for the budgets that apply, of which there is at least one.

    Args:
        entry: what would be spent.
        standings: each budget, with what counts in it already.
        month: the month's entries, to say what took most of it; needed only for what does not fit.
        more: it is what something that is reserved would grow by.
    """
    usd = entry.committed
    over = [Over(budget, entry.month, used, usd) for budget, used in standings if not fits(budget, used, usd)]
    if over:
        short = shortfall(entry, over, month, more=more)
        return Outlook(short.sentence, short)
    tightest, used = min(standings, key=lambda each: left(*each))
    of_it = wording(tightest.whose, f" {money(tightest.usd)} for {month_name(entry.month)}")
    if usd is None:
        words = wording(
            f"{_bought(entry, more=more)} has an unknown price, so it counts as nothing in ", of_it, "."
        )
        return Outlook(words, mend=f"The operator can set it in {PRICES}; then ask again.", is_blind=True)
    rest = money(left(tightest, used + usd))
    return Outlook(
        # Its price stands beside it: "at most" is said once.
        wording(f"That leaves {rest} of ", of_it, ".")
    )


def shortfall(entry: Entry, over: Sequence[Over], month: Sequence[Entry], *, more: bool = False) -> Shortfall:
    """Return the words for what does not fit: the tightest budget is the one that is told.

    ``more``: something that was reserved before would grow.
    """
    tightest = min(over, key=lambda each: each.left)
    budget, usd = tightest.budget, tightest.needs
    rest = f"only {money(tightest.left)}" if tightest.left else "nothing"
    cost = f"costs {at_most(usd)}{' more' if more else ''}" if usd is not None else "has an unknown price"
    of_it = wording(budget.whose, f" {money(budget.usd)} for {month_name(tightest.month)}")
    until = first_of_next(tightest.month)
    return Shortfall(
        wording(
            f"{_bought(entry, more=more)} {cost}, and {rest} of ",
            of_it,
            f" is left.{_most(budget, month, entry.channel)}",
        ),
        f"Make it smaller, wait until {until.day} {until:%B}, or have it raised: `/tune budget` says by whom.",
    )


def _bought(entry: Entry, *, more: bool) -> str:
    """Return what is bought, as a sentence begins: more time for a lease that runs has no start-up."""
    return "The longer lease" if more and entry.kind is SpendingKind.SERVING else entry.kind.value


def month_name(month: str) -> str:
    """Return ``November`` for ``2026-11``."""
    return f"{first_of_next(month).replace(month=int(month[-2:])):%B}"


def _most(budget: Budget, month: Sequence[Entry], channel: str) -> str:
    """Return on which model most of a budget was spent. To name the person would ping them each time.

    It is read in ``channel``: what was spent in others is summed without a name.
    """
    sums: dict[str, Decimal] = {}
    for each in month:
        if budget.scope in each.scopes:
            name = f"`{each.model}`" if each.channel == channel else "what was started elsewhere"
            sums[name] = sums.get(name, Decimal(0)) + each.counts
    if not sum(sums.values()):
        return ""
    model, usd = max(sums.items(), key=lambda pair: pair[1])
    return f" Most went to {model}: {money(usd)}."
