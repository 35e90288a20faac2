"""A sweep: one price, one approval, N jobs, each once, and in the queue when the account is full."""

from decimal import Decimal
from typing import Any

import pytest

from bot.controller.model import Key
from bot.errors import NotAllowed, NotFound, QuotaReached, Refused
from bot.jobs.model import Phase
from bot.jobs.ports import ResultFiles
from bot.jobs.record import SCHEMA
from bot.notifications.model import Quiet
from bot.notifications.service import QuietHoursService
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.sweeps.cards import SweepCard, SweepEnded
from bot.sweeps.model import SCHEMA as SWEEPS
from bot.sweeps.model import SweepPhase
from tests.doubles import bedrock
from tests.doubles.job_ends import TRAINING
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

# Two epochs cost 4.20 dollars, within the limit of 25; 2 + 4 + 6 of them do not.
DEAR = PriceBook({("claude-3-haiku", PriceKind.TRAINING): Decimal("0.06")})
VALUES = ["2", "4", "6"]


@pytest.fixture
def world() -> World:
    return World()


def proposed(world: World, *, source: str = "claims", values: list[str] = VALUES) -> str:
    sweep = world.sweeps.propose(
        source=source, hyperparameter="epochs", values=values, owner="UTRAIN", channel="C1"
    )
    world.turn()
    return sweep


def started(world: World) -> str:
    sweep = proposed(world)
    world.press("sweep", sweep, "start", "UTRAIN")
    world.pass_time(60)
    return sweep


def epochs(world: World) -> list[str]:
    return sorted(job.plan.hyperparameters["epochCount"] for job in world.customization.jobs.values())


def card(world: World) -> SweepCard:
    return [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1]


def test_it_is_shown_as_a_whole_and_spends_nothing(world: World) -> None:
    proposed(world)

    shown = card(world)
    assert [row.value for row in shown.rows] == VALUES
    assert len({row.job_name for row in shown.rows}) == len({row.model_name for row in shown.rows}) == 3
    assert shown.cost == "at most $0.51"
    assert shown.preflight
    assert world.customization.calls["create"] == 0


def test_one_press_starts_every_job_in_its_thread_without_cards_of_their_plans(world: World) -> None:
    started(world)

    [posted] = world.said("SweepCard")
    assert epochs(world) == VALUES
    assert [each.thread_ts for each in world.said("JobCard")] == [posted.ts] * 3
    assert world.said("PlanCard") == []
    assert {view.phase for view in world.jobs.list("all", "UTRAIN").views} == {Phase.VALIDATING}


def test_every_job_goes_its_own_way_to_the_end(world: World) -> None:
    started(world)
    for _region, name in list(world.customization.jobs):
        world.customization.complete(name)
    world.pass_time(400)

    assert len(world.said("JobEnded")) == len(world.models.all()) == 3


def ended(world: World) -> SweepEnded:
    return [each for each in world.renderer.cards if isinstance(each, SweepEnded)][-1]


def of(world: World, value: str) -> str:
    """Return the name of the job that trains with that many epochs."""
    jobs = world.customization.jobs.items()
    return next(name for (_, name), job in jobs if job.plan.hyperparameters["epochCount"] == value)


def test_its_one_message_shows_how_its_jobs_stand_and_the_last_end_is_told_as_the_end_of_all(
    world: World,
) -> None:
    sweep = proposed(world)
    [planned] = world.said("SweepCard")
    world.press("sweep", sweep, "start", "UTRAIN")
    world.pass_time(60)
    world.customization.complete(of(world, "2"), training_loss=0.5, validation_loss=0.6)
    world.pass_time(200)
    assert [row.phase for row in card(world).rows] == [Phase.COMPLETED, Phase.VALIDATING, Phase.VALIDATING]
    assert world.said("SweepEnded") == []

    world.customization.complete(of(world, "4"), training_loss=0.3, validation_loss=0.4)
    world.customization.fail(of(world, "6"), "Encountered an internal error when processing the request.")
    world.pass_time(400)

    [shown] = world.said("SweepCard")
    assert shown.ts == planned.ts
    assert [row.phase for row in card(world).rows] == [Phase.COMPLETED, Phase.COMPLETED, Phase.FAILED]
    [told] = world.said("SweepEnded")
    assert (told.channel, told.thread_ts) == ("C1", None)
    end = ended(world)
    assert end.ping
    assert end.best is not None
    assert (end.best.value, end.best.validation_loss) == ("4", 0.4)
    assert end.curve is not None
    assert end.cost == "≈ $0.17; agreed: at most $0.51"
    ends = world.said("JobEnded")
    assert {each.thread_ts for each in ends} == {planned.ts}
    assert [each.message.text for each in ends if "<@UTRAIN>" in each.message.text] == [
        "JobEnded: <@UTRAIN> failed"
    ], "what is trained is told together"
    resource = world.store.get(Key("sweep", sweep))
    assert resource is not None
    assert resource.done


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["unreadable", "gone"])
def test_a_job_that_nobody_can_read_is_waited_for_a_day_and_then_owner_and_operator_are_told(
    world: World, damage: str
) -> None:
    world.hears = (world.operator, "UOPER")
    world.rebuilt()
    sweep = started(world)
    for value, loss in zip(VALUES[:2], (0.5, 0.3), strict=True):
        world.customization.complete(of(world, value), validation_loss=loss)
    world.pass_time(400)
    [lost] = [each.key for each in world.store.of_kind("job") if not SCHEMA.status_of(each).ending]
    if damage == "gone":
        del world.store._rows[lost]
    else:
        world.store._rows[lost].status = "{"
    world.pass_time(23 * 3600, step=1800)
    assert world.said("SweepEnded") == [], "somebody may put it right"
    assert [row.is_lost for row in card(world).rows] == [False, False, True]

    world.pass_time(2 * 3600, step=1800)
    end = ended(world)
    assert [row.is_lost for row in end.rows] == [False, False, True]
    assert (end.best.value if end.best else None, end.cost) == ("4", "price unknown")
    assert [each.channel for each in world.said("SweepEnded")] == ["C1"]
    told = {each.channel: each.message.text for each in world.said("JobsLost")}
    assert list(told) == [world.operator, "DUOPER"]
    named = [who for who, text in told.items() if end.rows[2].job_name in text or "UTRAIN" in text]
    assert named == ["DUOPER"], "in a channel others read along, who may not see where it came from"
    assert lost.id in told[world.operator]
    resource = world.store.get(Key("sweep", sweep))
    assert resource is not None
    assert resource.done


def test_a_series_that_takes_longer_than_the_store_keeps_its_first_jobs_has_all_of_them_at_its_end(
    world: World,
) -> None:
    """Jobs over the account's quota wait their turn, so that twenty of them may well take more than a week."""
    started(world)
    for value, loss in zip(VALUES[:2], (0.5, 0.3), strict=True):
        world.customization.complete(of(world, value), training_loss=loss, validation_loss=loss)
    world.pass_time(400)
    world.clock.advance(8 * 86_400)
    world.pass_time(120)
    assert len(world.store.of_kind("job")) == 1
    assert [row.phase for row in card(world).rows] == [Phase.COMPLETED, Phase.COMPLETED, Phase.VALIDATING]
    world.customization.complete(of(world, "6"), validation_loss=0.4)
    world.pass_time(400)
    end = ended(world)
    assert [row.is_lost for row in end.rows] == [False] * 3
    assert (end.best.value if end.best else None, end.cost) == ("4", "≈ $0.25; agreed: at most $0.51")
    assert end.curve is not None
    assert world.said("JobsLost") == []


def test_without_validation_losses_none_is_called_the_best(world: World) -> None:
    world.results.files = ResultFiles(TRAINING, None)
    started(world)
    for value, loss in zip(VALUES, (0.5, 0.3, 0.2), strict=True):
        world.customization.complete(of(world, value), training_loss=loss)
    world.pass_time(400)

    assert ended(world).best is None
    assert [row.training_loss for row in ended(world).rows] == [0.5, 0.3, 0.2]


def test_the_loss_of_a_validation_file_counts_where_bedrock_tells_no_metric(world: World) -> None:
    started(world)
    world.customization.complete(of(world, "2"), training_loss=0.4)
    world.customization.complete(of(world, "4"), validation_loss=1.2)
    world.customization.complete(of(world, "6"), validation_loss=1.3)
    world.pass_time(400)

    best = ended(world).best
    assert best is not None
    assert (best.value, best.validation_loss) == ("2", 1.1), "as its file of losses ends"


def test_an_owner_who_wants_quiet_hears_of_the_end_of_all_later(world: World) -> None:
    started(world)
    QuietHoursService(world.readers, world.clock).set_quiet("UTRAIN", Quiet(0, 23))
    for value in VALUES:
        world.customization.complete(of(world, value))
    world.pass_time(400)
    assert not ended(world).ping
    assert not any("<@UTRAIN>" in each.message.text for each in world.said("JobEnded"))


@pytest.mark.chaos
@pytest.mark.parametrize(
    "point", ["before-post", "after-post", "before-commit", "after-commit", "after-wake-sweep"]
)
@pytest.mark.parametrize("occurrence", [1, 2])
def test_a_kill_at_its_end_tells_it_once(point: str, occurrence: int) -> None:
    world = World()
    started(world)
    for value in VALUES:
        world.customization.complete(of(world, value), validation_loss=0.4)
    world.clock.advance(90)
    assert world.crash_at(point, occurrence)
    world.rebuilt().pass_time(600, step=30)

    assert len(world.said("SweepEnded")) == len(world.said("SweepCard")) == 1
    assert len(world.said("JobEnded")) == 3


def test_a_job_of_it_that_is_proposed_again_by_itself_changes_nothing_of_it(world: World) -> None:
    started(world)
    name = of(world, "2")
    again = world.jobs.plan(name)
    world.customization.fail(name, "Encountered an internal error when processing the request.")
    world.pass_time(200)
    world.jobs.propose(again)
    world.pass_time(100)
    assert [row.value for row in card(world).rows] == VALUES


def test_the_limit_is_for_the_whole_and_one_approval_is_enough() -> None:
    world = World(prices=DEAR)
    sweep = started(world)
    assert world.customization.calls["create"] == 0
    [_] = world.said("ApprovalCard")
    with pytest.raises(NotAllowed):
        world.press("sweep", sweep, "approve", "UTRAIN")

    world.press("sweep", sweep, "approve", "UBOSS")
    world.pass_time(60)
    assert epochs(world) == VALUES
    assert len(world.said("ApprovalCard")) == 1


@pytest.mark.parametrize("decision", ["cancel", "decline"])
def test_what_is_withdrawn_or_declined_makes_no_job(decision: str) -> None:
    world = World(prices=DEAR)
    sweep = started(world)
    world.press("sweep", sweep, "cancel" if decision == "cancel" else "decline", "UBOSS")
    world.pass_time(120)

    assert world.jobs.names() == []
    with pytest.raises(Refused):
        world.press("sweep", sweep, "approve", "UBOSS")
    resource = world.store.get(Key("sweep", sweep))
    assert resource is not None
    assert resource.done


def test_a_series_that_nobody_decides_lapses(world: World) -> None:
    sweep = proposed(world)
    world.clock.advance(90_000)
    world.pass_time(10)

    with pytest.raises(Refused, match="in time"):
        world.press("sweep", sweep, "start", "UTRAIN")
    assert world.jobs.names() == []


def test_what_is_over_the_quota_waits_its_turn(world: World) -> None:
    full = bedrock.Fault(QuotaReached("No more.", detail="ServiceQuotaExceededException: 10"))
    for number in range(9):
        world.customization.create(plan(job_name=f"busy-{number}", model_name=f"busy-{number}"), {})
    sweep = proposed(world)
    created = 0

    def limited(method: str) -> None:
        nonlocal created
        if method == "create":
            busy = sum(job.status == "InProgress" for job in world.customization.jobs.values())
            if busy >= 10:
                world.customization.order("create", full)

    world.customization.before = limited
    world.press("sweep", sweep, "start", "UTRAIN")
    world.pass_time(120)
    assert len(epochs(world)) == 10

    world.customization.complete("busy-0")
    world.customization.complete("busy-1")
    world.pass_time(180)
    assert len(epochs(world)) == 12


def test_an_earlier_job_can_be_varied(world: World) -> None:
    world.jobs.propose(plan())
    world.turn()
    proposed(world, source=plan().job_name)

    assert card(world).plan.dataset_id == plan().dataset_id
    assert plan().job_name not in {row.job_name for row in card(world).rows}


@pytest.mark.parametrize(
    ("source", "parameter", "values", "words"),
    [
        ("claims", "epochs", ["2", "2"], "stands there twice"),
        ("claims", "epochs", ["2"], "Write them with commas between, as in `2,4,6`;"),
        ("claims", "epochs", ["2", "11"], "out of range"),
        ("claims", "rank", ["2", "3"], "has no hyperparameter `rank`. It has `epochs`, `batchSize`"),
        ("claims", "epocs", ["2", "3"], "Did you mean `epochs`?"),
    ],
)
def test_what_is_wrong_is_said(
    world: World, source: str, parameter: str, values: list[str], words: str
) -> None:
    with pytest.raises(Refused) as refused:
        world.sweeps.propose(
            source=source, hyperparameter=parameter, values=values, owner="UTRAIN", channel="C1"
        )
    assert words in refused.value.sentence
    assert refused.value.hint


def test_neither_job_nor_dataset_has_the_nearest_name(world: World) -> None:
    with pytest.raises(NotFound):
        proposed(world, source="clams")


def test_who_plans_it_anew_in_the_moment_in_which_another_did_and_started_it_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = proposed(world)
    world.press("sweep", sweep, "cancel", "UTRAIN")
    world.pass_time(60)
    real = world.store.amend

    def late(*given: Any) -> object:
        monkeypatch.setattr(world.store, "amend", real)
        assert started(world) == sweep
        return real(*given)

    monkeypatch.setattr(world.store, "amend", late)
    assert proposed(world) == sweep
    resource = world.store.get(Key("sweep", sweep))
    assert resource is not None
    spec = SWEEPS.spec_of(resource)
    assert (spec.round, SWEEPS.status_of(resource).phase) == (2, SweepPhase.APPROVED)
    assert epochs(world) == VALUES


def test_the_same_sweep_twice_is_one(world: World) -> None:
    assert proposed(world) == proposed(world)
    assert len(world.said("SweepCard")) == 1


POINTS = [
    "after-reserve",
    "before-create",
    "after-create",
    "before-commit",
    "after-commit",
    "before-post",
    "after-post",
]


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("occurrence", [1, 2, 3, 5])
def test_a_crash_anywhere_makes_every_job_once(point: str, occurrence: int) -> None:
    world = World()
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochCount", values=["2", "4"], owner="UTRAIN", channel="C1"
    )
    world.crash_at(point, occurrence)
    world.pass_time(120, step=10)
    world.press("sweep", sweep, "start", "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(120, step=10)

    assert epochs(world) == ["2", "4"]
    assert len(world.said("SweepCard")) == 1
    assert len(world.said("JobCard")) == 2
    assert sorted(each.counts for each in world.ledger.kept.values()) == [Decimal("0.084"), Decimal("0.168")]
