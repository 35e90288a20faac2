"""Who agrees to what, and for how long: terms are frozen with the plan, and an approval fires once, in time."""

from decimal import Decimal

import pytest

from bot.errors import NotAllowed, Refused
from bot.jobs.cards import PlanCard
from bot.jobs.history import Run
from bot.jobs.model import Phase
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from bot.spending.votes import PATIENCE
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

DEAR = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal(1)})
CHEAP = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal("0.001")})


@pytest.fixture
def dear() -> World:
    return World(prices=DEAR)


def asked(world: World, by: str = "UTRAIN") -> str:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", by)
    world.turn()
    return job


def restarted(world: World, prices: PriceBook) -> World:
    """The same store and Slack, with another price list."""
    again = World(prices=prices)
    again.__dict__.update(
        {name: world.__dict__[name] for name in ("clock", "store", "messages", "customization", "outbox")}
    )
    return again.rebuilt()


def test_the_only_approver_does_not_ask_for_what_they_would_have_to_approve(dear: World) -> None:
    with pytest.raises(NotAllowed, match="only one who could"):
        asked(dear, by="UBOSS")
    dear.pass_time(60)

    assert dear.customization.calls["create"] == 0
    assert not any(isinstance(each, ApprovalCard) for each in dear.renderer.cards)


def test_a_price_that_falls_does_not_start_what_waits_for_an_approver(dear: World) -> None:
    job = asked(dear)
    cheap = restarted(dear, CHEAP)
    cheap.pass_time(600, step=60)

    assert cheap.jobs.find(job).phase is Phase.AWAITING_APPROVAL
    assert cheap.customization.calls["create"] == 0


def test_a_price_that_rises_takes_back_no_decision_and_changes_no_figure_that_was_agreed_to() -> None:
    """One that rises before it is agreed to: ``tests/attacks/test_deciding.py``."""
    world = World(prices=CHEAP)
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    dear = restarted(world, DEAR)
    dear.turn()

    assert dear.customization.calls["create"] == 1
    [reserved] = dear.ledger.kept.values()
    assert reserved.committed == Decimal("0.084")
    assert dear.jobs.find(job).cost == "at most $0.09"


def test_what_nobody_approves_in_time_lapses(dear: World) -> None:
    job = asked(dear)
    dear.clock.advance(PATIENCE + 900)
    dear.pass_time(10)

    assert dear.jobs.find(job).phase is Phase.CANCELLED
    with pytest.raises(Refused, match="in time"):
        dear.press("job", job, "approve", "UBOSS")


def test_an_approval_that_comes_too_late_counts_for_nothing_though_no_worker_has_looked(dear: World) -> None:
    job = asked(dear)
    dear.clock.advance(PATIENCE + 1)

    with pytest.raises(Refused, match="in time"):
        dear.press("job", job, "approve", "UBOSS")
    dear.turn()
    assert dear.customization.calls["create"] == 0


def test_the_asker_may_withdraw_what_waits_for_an_approver(dear: World) -> None:
    job = asked(dear)
    dear.press("job", job, "cancel", "UTRAIN")
    dear.pass_time(60)

    with pytest.raises(Refused, match="cancelled this already"):
        dear.press("job", job, "approve", "UBOSS")
    card = [each for each in dear.renderer.cards if isinstance(each, PlanCard)][-1]
    assert card.decision is Decision.CANCELLED
    assert dear.customization.calls["create"] == 0


def test_the_plan_has_its_steps_its_advice_and_its_time_by_our_own_history(dear: World) -> None:
    for number in range(3):
        took = Run(f"job{number}", "claude-3-haiku", 85, 2, (("Training", 3600.0),), 4000.0, dear.clock.now())
        dear.history.save(took)
    dear.jobs.propose(plan())
    dear.turn()

    card = [each for each in dear.renderer.cards if isinstance(each, PlanCard)][-1]
    assert card.steps == (3, 6)
    assert card.takes is not None
    assert card.takes.jobs == 3
    assert any("early stopping" in each for each in card.advice)
