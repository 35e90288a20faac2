"""Answers from a teacher and the budgets: looked at, reserved before they are ordered, settled by their tokens."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.distillations.plan import DistillationPhase
from bot.errors import Misconfigured, Refused
from bot.spending.ledger import Entry, EntryState
from tests.doubles import bedrock
from tests.doubles.batches import answered
from tests.doubles.classroom import Classroom
from tests.unit.spending.test_budgets import entry as spending

MONTH = "2026-11"


@pytest.fixture
def world(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path)


def capped(world: Classroom, usd: str) -> Classroom:
    world.budgets = {"C1": Decimal(usd)}
    world.rebuilt()
    return world


def only(world: Classroom) -> Entry:
    [entry] = world.ledger.kept.values()
    return entry


def test_the_plan_says_what_it_leaves_and_the_end_settles_it_by_its_tokens(world: Classroom) -> None:
    capped(world, "50")
    distill = world.started()
    [line] = [each for each in world.card().checks if each.name == "budget"]
    assert line.ok
    reserved = only(world)
    assert (
        line.sentence
        == f"That leaves ${50 - (reserved.committed or 0):.2f} of this channel's $50.00 for November."
    )
    assert (reserved.state, reserved.model, reserved.owner) == (EntryState.RESERVED, "nova-pro", "UTRAIN")
    world.finished()

    assert world.phase(distill) is DistillationPhase.COMPLETED
    settled = only(world)
    assert settled.state is EntryState.SETTLED
    assert settled.actual is not None
    assert reserved.committed is not None
    assert 0 < settled.actual < reserved.committed


def test_one_that_does_not_fit_cannot_be_started(world: Classroom) -> None:
    capped(world, "0.000001")
    plan = world.propose()
    world.turn()
    with pytest.raises(Refused, match="Having the prompts answered costs") as refused:
        world.press("distillation", plan.id, "start", "UTRAIN")
    assert "have it raised" in refused.value.hint
    assert world.ledger.kept == {}


@pytest.mark.parametrize(
    "point", ["", "after-reserve", "before-commit", "after-commit", "before-post", "after-post"]
)
def test_one_that_somebody_was_quicker_than_orders_nothing_and_says_so_once(
    world: Classroom, point: str
) -> None:
    capped(world, "50")
    plan = world.propose()
    world.turn()
    taken = spending("50", id="job:else#1", owner="UELSE", channel="C1", at=world.clock.now())
    world.ledger.reserve([taken], [])
    world.press("distillation", plan.id, "start", "UTRAIN")
    assert not point or world.crash_at(point)
    world.rebuilt().pass_time(120)

    assert world.phase(plan.id) is DistillationPhase.REFUSED
    assert world.jobs_at_bedrock.calls["create"] == 0
    told = [each.message.text for each in world.said() if "Nothing was started." in each.message.text]
    assert len(told) == 1
    assert "nothing of this channel's $50.00 for November is left. Most went to `" in told[0]
    assert world.ledger.used(MONTH)["C1"] == 50


def test_what_bedrock_refuses_is_given_back(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    world.jobs_at_bedrock.order("create", bedrock.Fault(Misconfigured("No.", hint="Allow it.", detail="no")))
    world.press("distillation", plan.id, "start", "UTRAIN")
    world.pass_time(60)
    assert world.phase(plan.id) is DistillationPhase.REFUSED
    assert only(world).state is EntryState.FREED


def test_a_batch_job_that_never_ran_costs_nothing(world: Classroom) -> None:
    world.started()
    world.jobs_at_bedrock.end("Failed", "The role cannot be assumed.")
    world.pass_time(200)
    assert (only(world).state, only(world).actual) == (EntryState.SETTLED, Decimal(0))


def test_answers_that_cannot_be_read_count_as_much_as_they_cost_at_most(world: Classroom) -> None:
    distill = world.started()
    world.answers.lines = [answered("ROW00000001")]
    world.jobs_at_bedrock.move("InProgress", 120)
    refused = Misconfigured("S3 refused.", hint="Allow s3:GetObject.")
    world.answers.order("fetch", *[bedrock.Fault(refused)] * 3)
    world.jobs_at_bedrock.end()
    world.pass_time(200)
    assert world.phase(distill) is DistillationPhase.FAILED
    entry = only(world)
    assert (entry.state, entry.actual) == (EntryState.SETTLED, None)
    assert entry.counts == entry.committed


@pytest.mark.parametrize("status", ["Completed", "Stopped", "PartiallyCompleted", "Expired"])
@pytest.mark.parametrize(
    ("lines", "processed"),
    [
        ([answered("ROW00000001"), answered("ROW00000002", usage=None)], 2),
        ([answered("ROW00000001")], 2),
        (None, 120),
    ],
)
def test_what_some_answers_cost_without_saying_so_is_not_taken_for_nothing(
    world: Classroom, status: str, lines: list[dict[str, Any]] | None, processed: int
) -> None:
    """Of answers that Bedrock counts and nobody can read, each was billed: what it costs at most goes on counting."""
    distill = world.started()
    world.jobs_at_bedrock.move("InProgress", processed)
    world.answers.lines = lines
    world.jobs_at_bedrock.end(status)
    world.pass_time(200)
    entry = only(world)
    assert (entry.state, entry.actual) == (EntryState.SETTLED, None)
    assert entry.counts == entry.committed
    assert "nothing was billed" not in world.service.find(distill).explanation
    end = world.end()
    assert "unknown, since" in end.spent
    assert "at most $" in end.spent
    assert world.service.find(distill).cost.startswith("at most $")


def test_one_that_failed_on_part_of_its_records_is_billed_for_the_others(world: Classroom) -> None:
    world.started()
    world.jobs_at_bedrock.move("InProgress", 2)
    world.answers.lines = [answered("ROW00000001"), answered("ROW00000002")]
    world.jobs_at_bedrock.end("PartiallyCompleted")
    world.pass_time(200)
    assert only(world).actual == 2 * (10 * Decimal("0.40") + 5 * Decimal("1.60")) / 1_000_000
