"""Answers that are billed by the token are in the budgets: reserved before, settled after, whatever dies."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.messages import Outbox
from bot.errors import Misconfigured, Refused, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.questions.answerer import Answerer, Ending, Usage
from bot.questions.answering import Asking
from bot.questions.costs import AROUND
from bot.questions.reconciler.budget import Billing
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.question import QuestionReconciler
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, EntryState, SpendingKind, Tokens
from bot.spending.reservation import Approvers
from handlers.ui.render import BlockKitRenderer
from tests.doubles.asking import ROUTER
from tests.doubles.ledger import InMemoryLedger
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.slack_files import FakeSlackFiles
from tests.unit.questions.test_question import PIECES, World, killed_at

NOVA = replace(ROUTER, profile="nova-lite", region="us-east-1", by_token=True, max_tokens=1_000)
SET = {("nova-lite", PriceKind.INPUT): Decimal(100), ("nova-lite", PriceKind.OUTPUT): Decimal(1_000)}
PRICES = PriceBook(SET)
"""US dollars for a million tokens: much, so that a question is some cents."""
TOLD = Ending("end_turn", Usage(40, 200))
ACTUAL = (40 * Decimal(100) + 200 * Decimal(1_000)) / 1_000_000
PROMPT = len(b"You route claims.") + len(b"Stage IV, denied prior auth?") + 2 * AROUND
AT_MOST = (PROMPT * Decimal(100) + 1_000 * Decimal(1_000)) / 1_000_000


class Paid(World):
    """The world of a question to a model that is billed by the token."""

    def __init__(
        self,
        budgets: Mapping[str, Decimal] | None = None,
        prices: PriceBook = PRICES,
        answerer: Answerer = NOVA,
    ) -> None:
        super().__init__()
        self.ledger, self.files = InMemoryLedger(), FakeSlackFiles()
        self.rate_limiter: InMemoryRateLimiter | None = None
        self.answerers.answerer_ = answerer
        self.billing = Billing(
            BudgetService(self.ledger, budgets or {}, self.clock),
            prices,
            Approvers(Access(approvers=frozenset({"UBOSS"})), self.resources, BlockKitRenderer()),
            self.clock,
            Access(),
        )
        self.inference.always = [*PIECES, TOLD]

    def controller(self) -> Controller:
        dependencies = QuestionDependencies(
            asking=Asking(self.inference, self.conversations, self.answerers),
            streams=self.streams,
            messages=self.slack,
            outbox=Outbox(self.slack, self.clock),
            renderer=BlockKitRenderer(),
            store=self.resources,
            thinking=self.thinking,
            sessions=self.sessions,
            clock=self.clock,
            rate_limiter=self.rate_limiter,
            billing=self.billing,
            files=ThreadFiles(self.files),
        )
        return Controller(
            self.resources,
            {"question": QuestionReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    @property
    def entry(self) -> Entry:
        [entry] = self.ledger.kept.values()
        return entry


def test_an_answer_is_reserved_before_it_is_asked_and_settled_by_what_was_billed() -> None:
    world = Paid()
    reserved: list[Decimal | None] = []
    world.inference.between = lambda _: reserved.append(world.entry.committed)
    world.ask()
    world.run()
    assert set(reserved) == {AT_MOST}
    entry = world.entry
    assert (entry.state, entry.actual) == (EntryState.SETTLED, ACTUAL)
    assert (entry.kind, entry.owner, entry.channel) == (SpendingKind.QUESTION, "U1", "C1")
    assert (entry.model, entry.base) == ("claims-router", "nova-lite")
    assert (entry.tokens, entry.of_base) == (Tokens(40, 200), False), "the operator knows what it costs"


def test_without_a_price_of_the_tuned_model_the_bases_counts_and_says_so() -> None:
    world = Paid(prices=PriceBook({}))
    world.ask()
    world.run()
    entry = world.entry
    assert entry.actual == (40 * Decimal("0.06") + 200 * Decimal("0.24")) / 1_000_000
    assert entry.of_base
    [row] = world.ledger.answered(["2026-11"])
    assert row.of_base == row.usd > 0


def test_what_is_paid_for_by_the_hour_is_not_counted_a_second_time() -> None:
    world = Paid(answerer=replace(NOVA, by_token=False))
    world.ask()
    world.run()
    entry = world.entry
    assert (entry.state, entry.counts, entry.is_unpriced) == (EntryState.SETTLED, Decimal(0), False)
    assert (entry.tokens, entry.of_base) == (Tokens(40, 200), False)
    assert set(world.ledger.used("2026-11").values()) == {Decimal(0)}


@pytest.mark.parametrize("known", [[], [PriceKind.INPUT], [PriceKind.OUTPUT]])
def test_a_price_that_nobody_knows_is_not_invented(
    known: list[PriceKind], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.PROFILES, "nova-lite", replace(registry.get("nova-lite"), prices=()))
    world = Paid(
        prices=PriceBook({("nova-lite", kind): Decimal(1) for kind in known}), budgets={"all": Decimal(1)}
    )
    world.ask()
    world.run()
    world.assert_answered()
    assert (world.entry.committed, world.entry.actual) == (None, None)
    assert world.entry.is_unpriced


@pytest.mark.parametrize("scope", ["all", "C1", "U1"])
def test_what_does_not_fit_into_a_budget_is_not_asked(scope: str) -> None:
    world = Paid({scope: AT_MOST - Decimal("0.01")})
    world.ask()
    world.run()
    [text] = world.texts()
    assert text.startswith("This answer costs at most $")
    assert "or have it raised" in text
    assert world.inference.asked == []
    assert world.ledger.used("2026-11")[scope] == 0


def test_a_flood_stops_at_the_budget() -> None:
    world = Paid({"U1": AT_MOST * 3})
    for number in range(10):
        world.ask(replace(world.question, id=f"Ev{number}"))
    world.run()
    spent = world.ledger.used("2026-11")["U1"]
    assert spent <= AT_MOST * 3
    assert spent == ACTUAL * len(world.inference.asked)


def test_an_answer_that_broke_off_counts_as_what_it_costs_at_most() -> None:
    world = Paid()
    world.inference.line_up([*PIECES[:2], Unavailable("broke off")])
    world.ask()
    world.run()
    assert (world.entry.actual, world.entry.counts) == (None, 2 * AT_MOST)


@pytest.mark.parametrize("ending", [Ending("end_turn", None), Ending("max_tokens", None)])
def test_an_answer_of_which_nobody_tells_counts_as_what_it_costs_at_most(ending: Ending) -> None:
    world = Paid()
    world.inference.line_up([*PIECES, ending])
    world.ask()
    world.run()
    assert world.entry.counts == AT_MOST


def test_a_throttle_before_the_first_word_costs_nothing() -> None:
    world = Paid()
    world.inference.line_up(*[[Throttled("slow", retry_after=1)]] * 9)
    world.ask()
    world.run()
    assert world.entry.counts == ACTUAL


@pytest.mark.parametrize("refusal", [Refused("too long"), Misconfigured("no permission")])
def test_what_is_refused_before_the_first_word_costs_nothing(refusal: TunesmithError) -> None:
    """AWS bills what was answered; what it did not take, it has not."""
    world = Paid()
    world.inference.line_up([refusal])
    world.ask()
    world.run()
    assert world.entry.counts == 0
    assert world.entry.state is not EntryState.RESERVED


def test_what_is_refused_after_the_first_word_counts_as_its_most() -> None:
    world = Paid()
    world.inference.line_up([PIECES[0], Refused("filtered")])
    world.ask()
    world.run()
    assert world.entry.counts == AT_MOST


def test_a_sleeping_model_costs_nothing() -> None:
    world = Paid()
    world.answerers.fall_asleep()
    world.ask()
    world.run()
    assert world.ledger.kept == {}


def test_approvers_hear_of_a_budget_that_comes_to_its_end() -> None:
    world = Paid({"all": AT_MOST})
    world.ask()
    world.run()
    assert [each.key.kind for each in world.resources.of_kind("notification")] == ["notification"]


def places() -> list[str]:
    names: list[str] = []
    world = Paid()
    world.ask()
    with crashing(names.append):
        world.run()
    return names


PLACES = places()


def test_money_has_places_of_its_own_to_die_at() -> None:
    assert {"after-reserve", "after-account"} <= set(PLACES)


@pytest.mark.chaos
@pytest.mark.parametrize("place", range(1, len(PLACES) + 1))
def test_a_process_killed_anywhere_leaves_one_entry_that_is_closed_and_no_less_than_was_billed(
    place: int,
) -> None:
    world = Paid()
    world.ask()
    with killed_at(place):
        world.run()
    world.run()
    world.assert_answered()
    entry = world.entry
    assert entry.state is EntryState.SETTLED
    assert entry.counts in (ACTUAL, AT_MOST, 2 * AT_MOST, 3 * AT_MOST)
    assert entry.counts >= ACTUAL * (1 if entry.actual is not None else len(world.inference.asked))


@pytest.mark.parametrize("away", [Throttled("slow", retry_after=1), Unavailable("not ready")])
def test_what_is_asked_by_the_token_in_the_end_is_counted_though_it_was_asked_by_the_hour_first(
    away: Throttled | Unavailable,
) -> None:
    """A lease ends while its model asks for patience: its base answers, or a deployment does, and that is billed."""
    world = Paid(answerer=replace(NOVA, by_token=False))
    world.inference.line_up([away])
    world.ask()
    world.one_turn()
    world.answerers.answerer_ = NOVA
    world.run()
    world.assert_answered()
    entry = world.entry
    assert (entry.state, entry.committed, entry.actual) == (EntryState.SETTLED, AT_MOST, ACTUAL)
    assert entry.tokens == Tokens(40, 200)
    assert world.ledger.used("2026-11")["U1"] == ACTUAL


@pytest.mark.parametrize(
    ("away", "counts"),
    [(Throttled("slow", retry_after=1), Decimal(0)), (Unavailable("broke off"), AT_MOST)],
)
def test_what_is_paid_for_by_the_hour_in_the_end_adds_nothing_to_what_was_asked_by_the_token_first(
    away: Throttled | Unavailable, counts: Decimal
) -> None:
    world = Paid()
    world.inference.line_up([away])
    world.ask()
    world.one_turn()
    world.answerers.answerer_ = replace(NOVA, by_token=False)
    world.run()
    world.assert_answered()
    assert world.entry.state is EntryState.SETTLED
    assert world.ledger.used("2026-11")["U1"] == counts


def test_nothing_stays_reserved_of_what_was_never_answered_whichever_way_it_was_asked() -> None:
    world = Paid()
    world.inference.line_up([Throttled("slow", retry_after=1)])
    world.ask()
    world.one_turn()
    world.answerers.answerer_ = replace(NOVA, by_token=False)
    world.inference.always = [Throttled("slow", retry_after=1200)]
    world.run(8000)
    assert world.ledger.used("2026-11").get("U1", Decimal(0)) == 0
    assert all(each.state is not EntryState.RESERVED for each in world.ledger.kept.values())


def test_a_place_in_line_takes_nothing_back_of_what_was_asked_before() -> None:
    """It broke off, which may be billed, and is asked again once it is its turn: nothing was asked while it waits."""
    world = Paid(answerer=replace(NOVA, a_minute=1))
    world.rate_limiter = InMemoryRateLimiter(world.clock)
    world.inference.line_up([*PIECES[:2], Unavailable("broke off")])
    world.ask()
    world.run()
    assert len(world.inference.asked) == 2
    assert (world.entry.actual, world.entry.counts) == (None, 2 * AT_MOST)


def test_a_throttle_that_never_ends_costs_nothing() -> None:
    world = Paid()
    world.inference.always = [Throttled("slow", retry_after=1200)]
    world.ask()
    world.run(8000)
    assert world.ledger.used("2026-11")["U1"] == 0


def test_what_was_never_asked_since_the_ledger_was_away_is_not_on_the_bill() -> None:
    world = Paid()
    world.ledger.down = True
    world.ask()
    world.one_turn()
    assert world.inference.asked == []
    world.ledger.down = False
    world.run()
    world.assert_answered()
    assert (world.entry.actual, world.entry.tokens) == (ACTUAL, Tokens(40, 200))
