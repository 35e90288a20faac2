"""Money has a ceiling: reserved before anything is bought, never twice, and given back when nothing was."""

from decimal import Decimal

import pytest

from bot.account import reconciler as sweep
from bot.controller.model import Key
from bot.errors import Refused
from bot.jobs.cards import JobEnded, PlanCard
from bot.jobs.model import JobPlan, Phase
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.ledger import EntryState
from bot.spending.model import Check
from bot.sweeps.cards import SweepCard
from bot.sweeps.model import SweepPhase
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import NO_PRICES, model, plan
from tests.unit.spending.test_budgets import entry as spending

NAME, MODEL, NOVEMBER = plan().job_name, "claims-router", "2026-11"
# 42,000 tokens in each of two epochs cost 8.40 dollars; an hour of serving 12.
DEAR = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal("0.1"),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(12),
    }
)
REFUSAL = bedrock.Fault(Refused("Bedrock will not.", detail="ValidationException: no"))


def capped(prices: PriceBook = DEAR, **caps: str) -> World:
    world = World(prices=prices)
    world.budgets = {scope: Decimal(usd) for scope, usd in caps.items()}
    world.models.save(model())
    return world.rebuilt()


def proposed(world: World, wanted: JobPlan | None = None) -> str:
    job = world.jobs.propose(wanted or plan())
    world.turn()
    return job


def started(world: World, wanted: JobPlan | None = None) -> str:
    job = proposed(world, wanted)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def other(number: int = 2) -> JobPlan:
    return plan(job_name=f"other-{number}", model_name=f"other-{number}")


def counted(world: World) -> Decimal:
    return world.ledger.used(NOVEMBER)["all"]


def budget_line(world: World) -> Check:
    [card] = [each for each in world.renderer.cards if isinstance(each, PlanCard)][-1:]
    [line] = [each for each in card.preflight if each.name == "budget"]
    return line


def end(world: World) -> JobEnded:
    return [each for each in world.renderer.cards if isinstance(each, JobEnded)][-1]


# Jobs


def test_the_plan_says_what_it_leaves_of_the_budget() -> None:
    world = capped(C1="200")
    proposed(world)
    line = budget_line(world)
    assert (line.ok, line.notice) == (True, False)
    assert line.sentence == ("That leaves $191.60 of this channel's $200.00 for November.")
    assert counted(world) == 0, "a plan reserves nothing"


def test_a_plan_over_the_budget_cannot_be_started_and_can_once_there_is_room() -> None:
    world = capped(UTRAIN="10")
    first = started(world)
    second = proposed(world, other())
    line = budget_line(world)
    assert not line.ok
    assert "$1.60 of <@UTRAIN>'s $10.00 for November is left" in line.sentence
    with pytest.raises(Refused, match=r"at most \$8.40, and only \$1.60 of") as refused:
        world.press("job", second, "start", "UTRAIN")
    assert "`/tune budget` says by whom" in refused.value.hint

    world.customization.fail(NAME, "Invalid input error: no")
    world.pass_time(120)
    world.turn()
    assert world.jobs.find(first).phase is Phase.FAILED
    with pytest.raises(Refused, match="at most"):
        world.press("job", second, "start", "UTRAIN")  # it looks again, now
    world.turn()
    world.press("job", second, "start", "UTRAIN")
    world.turn()
    assert world.jobs.find(second).phase is Phase.VALIDATING


def test_two_that_fit_alone_and_not_together_do_not_both_start() -> None:
    world = capped(all="10")
    one, two = proposed(world), proposed(world, other())
    world.press("job", one, "start", "UTRAIN")
    world.press("job", two, "start", "UTRAIN")
    world.pass_time(60)

    phases = {world.jobs.find(each).phase for each in (one, two)}
    assert phases == {Phase.VALIDATING, Phase.REFUSED}
    assert len(world.customization.jobs) == 1
    refused = next(each for each in (one, two) if world.jobs.find(each).phase is Phase.REFUSED)
    view = world.jobs.find(refused)
    assert "$1.60 of the workspace's $10.00 for November is left. Most went to `" in view.explanation
    assert "or have it raised" in view.mend
    [told] = world.said("JobEnded")
    assert "<@UTRAIN> refused" in told.message.text
    assert counted(world) == Decimal("8.4")


def test_no_approver_goes_over_a_budget() -> None:
    prices = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal(1)})
    world = capped(prices, all="100")
    one, two = proposed(world), proposed(world, other())
    for job in (one, two):
        world.press("job", job, "start", "UTRAIN")
        world.turn()
        world.press("job", job, "approve", "UBOSS")
        world.turn()

    assert world.jobs.find(one).phase is Phase.VALIDATING
    assert world.jobs.find(two).phase is Phase.REFUSED
    assert len(world.customization.jobs) == 1


def test_a_plan_that_did_not_fit_may_be_proposed_again_and_is_another_spending() -> None:
    world = capped(all="10")
    job = proposed(world)
    world.budgets["all"] = Decimal(8)  # the operator lowers it after the look, and restarts the bot
    world.rebuilt().press("job", job, "start", "UTRAIN")
    world.turn()
    assert world.jobs.find(job).phase is Phase.REFUSED
    world.budgets["all"] = Decimal(9)
    assert started(world.rebuilt()) == job
    assert world.jobs.find(job).phase is Phase.VALIDATING
    assert {key: each.state for key, each in world.ledger.kept.items()} == {
        f"job:{job}#1": EntryState.FREED,
        f"job:{job}#2": EntryState.RESERVED,
    }


def test_what_bedrock_refuses_is_given_back() -> None:
    world = capped(all="10")
    job = proposed(world)
    world.customization.order("create", REFUSAL)
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(30)

    assert world.jobs.find(job).phase is Phase.REFUSED
    assert counted(world) == 0
    job = started(world)
    assert world.jobs.find(job).phase is Phase.VALIDATING, "proposed anew, it is reserved anew"
    assert counted(world) == Decimal("8.4")


def test_one_that_is_stopped_before_bedrock_had_it_is_given_back() -> None:
    world = capped(all="10")
    job = proposed(world)
    world.customization.order("create", *[bedrock.dropped()] * 50)
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    assert counted(world) == Decimal("8.4")
    world.jobs.stop(job, "UTRAIN")
    world.pass_time(120)

    assert world.jobs.find(job).phase is Phase.CANCELLED
    assert counted(world) == 0


def test_a_plan_that_nobody_starts_never_touches_the_ledger() -> None:
    world = capped(all="10")
    world.press("job", proposed(world), "cancel", "UTRAIN")
    world.turn()
    lapsed = proposed(world, other())
    world.pass_time(90_000, step=3_000)
    assert world.jobs.find(lapsed).phase is Phase.CANCELLED
    assert world.ledger.kept == {}


def test_a_finished_job_counts_what_its_end_says() -> None:
    world = capped()
    started(world)
    world.customization.training(NAME)
    world.pass_time(90)
    world.customization.complete(NAME)
    world.pass_time(300)

    [entry] = world.ledger.entries(NOVEMBER)
    assert (entry.state, entry.actual, entry.committed) == (
        EntryState.SETTLED,
        Decimal("8.4"),
        Decimal("8.4"),
    )
    assert "$8.40, as estimated" in end(world).cost
    assert (entry.owner, entry.channel, entry.model, entry.dataset) == ("UTRAIN", "C1", MODEL, "claims")


def test_one_that_is_stopped_in_training_counts_whole_and_before_it_nothing() -> None:
    world = capped()
    started(world)
    started(world, other())
    world.customization.training(NAME)
    for name in (NAME, "other-2"):
        world.customization.stopped(name)
    world.pass_time(300)

    assert {each.model: each.actual for each in world.ledger.entries(NOVEMBER)} == {
        MODEL: None,
        "other-2": Decimal(0),
    }
    assert counted(world) == Decimal("8.4")


def test_an_unknown_price_is_told_approved_and_counts_as_nothing() -> None:
    world = capped(NO_PRICES, C1="200")
    job = proposed(world)
    line = budget_line(world)
    assert (line.ok, line.notice) == (True, True)
    assert "counts as nothing in this channel's $200.00 for November" in line.sentence
    world.press("job", job, "start", "UTRAIN")
    world.press("job", job, "approve", "UBOSS")
    world.turn()

    assert world.jobs.find(job).phase is Phase.VALIDATING
    assert world.budget_service.report(lambda *_: True).unpriced == 1
    assert counted(world) == 0


def test_without_the_ledger_nothing_starts_and_nothing_is_lost() -> None:
    world = capped(all="10")
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.ledger.down = True
    world.pass_time(120)
    assert world.customization.calls["create"] == 0
    world.ledger.down = False
    world.pass_time(400)
    assert len(world.customization.jobs) == 1


def test_a_budget_that_cannot_be_looked_at_is_told_and_blocks_no_plan() -> None:
    world = capped(all="10")
    world.ledger.down = True
    proposed(world)
    line = budget_line(world)
    assert (line.ok, line.checked) == (True, False)


def test_a_forgotten_job_is_entered_again() -> None:
    world = capped(all="10")
    started(world)
    world.customization.training(NAME)
    world.pass_time(120)
    world.forget()
    world.store.register(sweep.registration("us-west-2"))
    world.pass_time(60)

    [entry] = world.ledger.entries(NOVEMBER)
    assert (entry.owner, entry.model, entry.state) == ("UTRAIN", MODEL, EntryState.RESERVED)
    world.customization.complete(NAME)
    world.pass_time(300)
    [entry] = world.ledger.entries(NOVEMBER)
    assert entry.state is EntryState.SETTLED


def test_a_job_from_the_console_is_nobodys_spending() -> None:
    world = capped(all="10")
    world.customization.create(plan(job_name="theirs", model_name="theirs"), {})
    world.unmanaged.look()
    world.turn()
    world.unmanaged.follow("us-west-2", "theirs", by="UTRAIN", channel="C1")
    world.pass_time(120)
    assert world.jobs.find("theirs").phase is Phase.VALIDATING
    world.customization.complete("theirs")
    world.pass_time(300)
    assert world.ledger.kept == {}


# Sweeps over a hyperparameter


def swept(world: World, values: tuple[str, ...] = ("2", "4")) -> str:
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochCount", values=values, owner="UTRAIN", channel="C1"
    )
    world.turn()
    return sweep


def sweep_card(world: World) -> SweepCard:
    return [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1]


def test_a_series_is_looked_at_and_reserved_as_a_whole() -> None:
    world = capped(all="25.20")
    sweep = swept(world)
    [line] = [each for each in sweep_card(world).preflight if each.name == "budget"]
    assert line.sentence == ("That leaves $0.00 of the workspace's $25.20 for November.")
    world.press("sweep", sweep, "start", "UTRAIN")
    world.press("sweep", sweep, "approve", "UBOSS")
    world.pass_time(60)

    assert len(world.customization.jobs) == 2
    assert sorted(each.counts for each in world.ledger.entries(NOVEMBER)) == [Decimal("8.4"), Decimal("16.8")]


def test_a_series_that_does_not_fit_starts_none_of_its_jobs_and_says_so_once() -> None:
    world = capped(all="30")
    sweep = swept(world)
    started(world)  # somebody is quicker
    world.press("sweep", sweep, "start", "UTRAIN")
    world.press("sweep", sweep, "approve", "UBOSS")
    world.pass_time(120)

    assert len(world.customization.jobs) == 1
    [told] = world.said("<@UTRAIN> Nothing was started.")
    assert "at most $25.20, and only $21.60 of the workspace's $30.00" in told.message.text
    assert "$21.60" in sweep_card(world).refused
    assert counted(world) == Decimal("8.4")
    resource = next(each for each in world.store.of_kind("sweep") if each.key.id == sweep)
    assert resource.done
    assert resource.status["sweep"]["phase"] == SweepPhase.REFUSED


@pytest.mark.chaos
@pytest.mark.parametrize(
    "point", ["after-reserve", "before-commit", "after-commit", "before-post", "after-post"]
)
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_around_a_series_that_does_not_fit_tells_it_once(point: str, occurrence: int) -> None:
    world = capped(all="30")
    sweep = swept(world)
    started(world)
    world.press("sweep", sweep, "start", "UTRAIN")
    world.press("sweep", sweep, "approve", "UBOSS")
    world.crash_at(point, occurrence)
    world.pass_time(120)

    assert len(world.said("<@UTRAIN> Nothing was started.")) == 1
    assert len(world.customization.jobs) == 1


# Leases


def leased(world: World, minutes: int = 60, request: str = "r") -> str:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=minutes, owner="UTRAIN", channel="C1", request=request)
    )
    world.turn()
    return lease


def in_service(world: World) -> str:
    lease = leased(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def lease_phase(world: World, lease: str) -> str:
    [resource] = [each for each in world.store.of_kind("lease") if each.key.id == lease]
    return str(resource.status["lease"]["phase"])


def lease_card(world: World) -> LeaseCard:
    return [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]


def test_a_lease_reserves_its_start_up_too_and_settles_by_begun_hours() -> None:
    world = capped(UTRAIN="100")
    leased(world)
    shown = lease_card(world).budget
    assert shown is not None
    assert shown.sentence == ("That leaves $76.00 of <@UTRAIN>'s $100.00 for November.")
    assert counted(world) == 0
    lease = next(iter(world.store.of_kind("lease"))).key.id
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    assert counted(world) == Decimal(24)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(600)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(120)

    assert lease_phase(world, lease) == "released"
    [entry] = world.ledger.entries(NOVEMBER)
    assert entry.state is EntryState.SETTLED
    assert entry.actual == 12


def test_a_lease_that_does_not_fit_is_refused_at_the_press_and_stays_open() -> None:
    world = capped(UTRAIN="20")
    lease = leased(world)
    shown = lease_card(world).budget
    assert shown is not None
    assert not shown.ok
    with pytest.raises(Refused, match=r"at most \$24.00, and only \$20.00 of") as refused:
        world.press("lease", lease, "start", "UTRAIN")
    assert "`/tune budget` says by whom" in refused.value.hint
    assert world.endpoints.calls["create"] == 0
    world.budgets["UTRAIN"] = Decimal(30)
    world.rebuilt().press("lease", lease, "start", "UTRAIN")
    world.turn()
    assert len(world.endpoints.endpoints) == 1


def test_a_lease_that_somebody_was_quicker_than_buys_nothing_and_says_why() -> None:
    world = capped(all="30")
    lease = leased(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.ledger.reserve([spending("20", id="job:else#1", owner="UELSE", at=world.clock.now())], [])
    world.pass_time(30)

    assert lease_phase(world, lease) == "refused"
    assert world.endpoints.calls["create"] == 0
    [told] = world.said("LeaseMilestone")
    assert told.message.text.startswith(
        "LeaseMilestone: It was not started. Serving with its start-up costs at most $24.00"
    )
    assert counted(world) == 20


def test_an_extension_is_reserved_before_it_counts() -> None:
    world = capped(UTRAIN="36")
    lease = in_service(world)
    assert world.extensions.extend(lease, 60, "UTRAIN").needs_approval
    assert counted(world) == 24
    world.extensions.decide(lease, 1, "approve", "UBOSS")
    assert counted(world) == 36
    with pytest.raises(Refused, match=r"at most \$12.00 more, and nothing of <@UTRAIN>'s"):
        world.extensions.extend(lease, 60, "UTRAIN")
    assert counted(world) == 36
    world.pass_time(30)
    assert lease_card(world).view.minutes == 120


def test_a_lease_that_bedrock_refuses_or_that_is_cancelled_costs_nothing() -> None:
    world = capped(all="30")
    lease = leased(world)
    world.endpoints.order("create", REFUSAL)
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(30)
    assert lease_phase(world, lease) == "refused"
    [told] = world.said("LeaseMilestone")
    assert "Bedrock would not start it" in told.message.text
    assert counted(world) == 0
    cancelled = leased(world, request="again")
    world.press("lease", cancelled, "cancel", "UTRAIN")
    world.turn()
    assert counted(world) == 0


@pytest.mark.slow
def test_a_forgotten_lease_is_entered_again_although_it_is_over_the_budget() -> None:
    world = capped(all="30")
    in_service(world)
    world.budgets["all"] = Decimal(1)
    world.forget()
    world.store.register(sweep.registration("us-west-2"))
    world.pass_time(30)

    [entry] = world.ledger.entries(NOVEMBER)
    assert (entry.owner, entry.model, entry.committed) == ("UTRAIN", MODEL, Decimal(24))
    world.pass_time(4000, step=20)
    assert world.endpoints.endpoints == {}
    [entry] = world.ledger.entries(NOVEMBER)
    assert entry.state is EntryState.SETTLED
    assert lease_card(world).view.phase == LeasePhase.RELEASED


# Approvers are told before it hurts


def told(world: World) -> list[str]:
    return [each.message.text for each in world.said() if each.channel == world.messages.direct("UBOSS")]


@pytest.mark.slow
def test_approvers_are_told_directly_at_80_and_100_percent_once_each() -> None:
    world = capped(C1="20", all="1000")
    started(world)
    world.pass_time(60)
    assert told(world) == []
    started(world, other())
    world.pass_time(60)
    [nearly] = told(world)
    assert nearly == (
        "<#C1>'s budget of $20.00 for November: $16.80 is spent or reserved, so $3.20 of it is left. "
        "`/tune budget` shows who spent what, and whoever answers for the budgets can raise it there."
    )
    cheap = {"hyperparameters": {**plan().hyperparameters, "epochCount": "1"}, "tokens": 32_000}
    started(world, plan(job_name="other-3", model_name="other-3", **cheap))
    world.pass_time(60)
    [_, at_the_end] = told(world)
    assert "nothing of it is left, and nothing more is started on it" in at_the_end
    world.ledger.free(next(iter(world.ledger.kept.values())))
    started(world, other(4))
    world.pass_time(700_000, step=60_000)
    assert len(told(world)) == 2


@pytest.mark.chaos
@pytest.mark.parametrize("point", ["after-reserve", "after-nearing", "before-commit", "after-commit", "before-post",
                                   "after-post"])  # fmt: skip
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_tells_them_once_all_the_same(point: str, occurrence: int) -> None:
    world = capped(UTRAIN="10")
    job = proposed(world)
    world.press("job", job, "start", "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(120)
    [text] = told(world)
    assert text.startswith("<@UTRAIN>'s budget of $10.00 for November: $8.40 is spent or reserved")


def test_an_extension_and_a_lease_tell_them_too() -> None:
    world = capped(UTRAIN="36")
    lease = in_service(world)
    assert told(world) == []
    world.extensions.extend(lease, 60, "UTRAIN")
    world.extensions.decide(lease, 1, "approve", "UBOSS")
    world.pass_time(30)
    [text] = told(world)
    assert "nothing of it is left" in text


def test_a_plan_that_came_to_nothing_is_counted_when_the_same_is_planned_once_it_is_forgotten() -> None:
    """The store keeps what is over for a week, and the ledger that nothing was spent for it for more than a year."""
    world = capped(all="8.40")
    world.customization.order("create", REFUSAL)
    assert world.jobs.find(started(world)).phase is Phase.REFUSED
    world.pass_time(120)
    world.clock.advance(8 * 86_400)
    assert world.store.get(Key("job", plan().id)) is None
    assert world.jobs.find(started(world)).phase is Phase.VALIDATING
    assert counted(world) == Decimal("8.40")
    another = proposed(world, other())
    world.clock.advance(1)
    with pytest.raises(Refused, match="nothing of the workspace's"):
        world.press("job", another, "start", "UTRAIN")
