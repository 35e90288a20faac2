"""A store that was emptied while a teacher answers: the batch job is found by its tags, and its end is told once."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from bot.account import reconciler as sweep
from bot.controller.crash_points import crashing
from bot.controller.model import Key
from bot.distillations.plan import DistillationPhase
from bot.distillations.purchase import FORM
from bot.spending.ledger import EntryState
from tests.doubles import bedrock
from tests.doubles.batches import answered
from tests.doubles.classroom import Classroom, Mortal
from tests.doubles.messages import down
from tests.examples import kills

EAST = "us-east-1"


@pytest.fixture
def world(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path)


def running(world: Classroom, **more: object) -> str:
    started = world.started(**more)
    world.jobs_at_bedrock.move("InProgress", 60)
    world.pass_time(70)
    return started


def swept(world: Classroom, seconds: float = 30) -> None:
    world.store.register(sweep.registration(EAST))
    world.pass_time(seconds)


def told_of_loss(world: Classroom) -> list[str]:
    return [each.message.text for each in world.said() if "lost track" in each.message.text]


def test_one_that_is_forgotten_goes_on_in_its_own_messages_to_its_dataset(world: Classroom) -> None:
    started = running(world)
    before = {each.ts for each in world.messages.visible()}
    shown = world.card()
    swept(world.forget(), seconds=120)

    assert world.phase(started) is DistillationPhase.RUNNING
    new = [each for each in world.messages.visible() if each.ts not in before]
    assert sorted(each.channel for each in new) == ["C1", "COPERATOR"]
    assert all("lost track" in each.message.text for each in new)
    assert {each.thread_ts for each in new if each.channel == "C1"} == {world.said("DistillationCard")[0].ts}
    after = world.card()
    assert (after.terms, after.prepared, after.checks) == (shown.terms, shown.prepared, shown.checks)

    [kept] = world.ledger.kept.values()
    assert (kept.state, kept.committed) == (EntryState.RESERVED, after.terms.most)
    world.finished()
    [settled] = world.ledger.kept.values()
    assert settled.state is EntryState.SETTLED
    assert world.phase(started) is DistillationPhase.COMPLETED
    assert len(world.said("DistillationEnded")) == len(world.said("DistillationCard")) == 1
    assert [name for _, _, name in world.files.shared] == ["claims.nova-pro.jsonl"]
    assert world.end().spent == "less than $0.01; estimated: at most $0.21"
    [dataset] = world.repository.named("claims.nova-pro")
    assert dataset.parent is not None
    assert world.jobs_at_bedrock.calls["create"] == 1


def test_one_that_was_asked_for_in_a_thread_is_told_there(world: Classroom) -> None:
    thread = world.messages.post("C1", world.renderer.render("a question"), marker=str(uuid4()))
    running(world, thread_ts=thread)
    swept(world.forget(), seconds=120)
    world.finished()
    assert {each.thread_ts for each in world.said("Distill")} == {thread}


def test_one_that_ended_while_nobody_looked_is_told_once(world: Classroom) -> None:
    started = running(world)
    world.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(1, 121)]
    world.jobs_at_bedrock.end("Completed")
    world.clock.advance(7200)
    swept(world.forget(), seconds=300)
    assert world.phase(started) is DistillationPhase.COMPLETED
    assert len(world.said("DistillationEnded")) == 1
    assert len(world.files.shared) == 1


def test_one_whose_end_was_told_is_left_in_peace(world: Classroom) -> None:
    running(world)
    world.finished()
    visible = [each.ts for each in world.messages.visible()]
    swept(world.forget(), seconds=2000)

    assert [each.ts for each in world.messages.visible()] == visible
    assert len(world.files.shared) == 1
    assert world.store.of_kind("distillation") == []
    assert world.jobs_at_bedrock.calls["tags"] == 1, "it is not asked about again"


def test_a_slack_that_is_away_leaves_the_question_open(world: Classroom) -> None:
    running(world)
    world.finished()
    world.forget().messages.order("find", *[down()] * 2)
    swept(world, seconds=2000)
    assert len(world.said("DistillationEnded")) == 1
    assert len(world.files.shared) == 1


def test_without_its_plan_the_answers_still_become_a_dataset(world: Classroom) -> None:
    started = running(world)
    world.plans.kept.clear()
    swept(world.forget(), seconds=120)
    told = [each for each in world.said("I compared") if "Its plan is lost as well" in each.message.text]
    assert {each.channel for each in told} == {"C1", "COPERATOR"}

    world.finished()
    assert world.phase(started) is DistillationPhase.COMPLETED
    end = world.end()
    assert (end.answered, end.view.teacher, end.spent) == (120, "nova-pro", "")
    assert len(world.said("DistillationEnded")) == 1
    assert {each.thread_ts for each in world.said("DistillationEnded")} == {
        world.said("DistillationCard")[0].ts
    }


def test_what_is_kept_counts_only_for_its_own_order(world: Classroom) -> None:
    running(world)
    [(place, content)] = world.plans.kept.items()
    ordered = FORM.read(content, place[1])
    other = replace(ordered, spec=replace(ordered.spec, plan=replace(ordered.spec.plan, model_id="another")))
    world.plans.kept[place] = FORM.write(other)
    swept(world.forget(), seconds=60)
    assert any("Its plan is lost as well" in text for text in told_of_loss(world))


def test_what_others_ordered_is_left_alone_and_asked_about_once(world: Classroom) -> None:
    running(world)
    job = world.jobs_at_bedrock.only()
    job.tags = {"owner": "somebody"}
    swept(world.forget(), seconds=2000)
    assert world.store.of_kind("distillation") == []
    assert world.jobs_at_bedrock.calls["tags"] == 1


def test_what_no_dataset_can_be_made_of_is_left_alone(world: Classroom) -> None:
    running(world)
    world.plans.kept.clear()
    job = world.jobs_at_bedrock.only()
    job.tags = {name: value for name, value in job.tags.items() if name != "base"}
    swept(world.forget(), seconds=700)
    assert world.store.of_kind("distillation") == []


def test_another_bots_is_left_to_it(world: Classroom) -> None:
    world.bot = "staging"
    world.rebuilt()
    running(world)
    world.bot = "production"
    swept(world.forget())
    assert world.store.of_kind("distillation") == []


def test_one_that_is_gone_when_it_is_taken_up_is_not_ordered_again(world: Classroom) -> None:
    started = running(world)
    world.forget().store.register(sweep.registration(EAST))
    world.controller.tick(limit=1)
    assert world.store.get(Key("distillation", started)) is not None
    world.jobs_at_bedrock.jobs.clear()
    world.pass_time(300)
    assert world.phase(started) is DistillationPhase.STARTING, "a silence that does not last is no end"
    world.pass_time(600)
    assert world.phase(started) is DistillationPhase.REFUSED
    assert world.jobs_at_bedrock.calls["create"] == 1


def test_a_start_goes_on_without_its_plan_kept_when_nothing_takes_it(world: Classroom) -> None:
    world.plans.order("put", *[bedrock.down()] * 50)
    started = world.started()
    world.pass_time(60)
    assert world.phase(started) is DistillationPhase.WAITING
    assert world.plans.kept == {}


def _outcome(world: Classroom) -> tuple[list[str], int, int]:
    kinds = [each.message.text.partition("(")[0].partition(":")[0] for each in world.messages.visible()]
    return sorted(kinds), len(world.jobs_at_bedrock.jobs), len(world.files.shared)


def _journey(world: Classroom, die_at: int) -> tuple[list[str], str]:
    """Lose the store in the middle, die at that crash point once, and return which were passed and where it died."""
    mortal = Mortal(world, die_at)
    running(world)
    world.forget().store.register(sweep.registration(EAST))
    world.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(1, 121)]
    with crashing(mortal.hook):
        mortal.turn()
        mortal.turn()
        world.jobs_at_bedrock.end("Completed")
        for _ in range(20):
            mortal.turn()
    return mortal.passed, mortal.where


@pytest.mark.slow
@pytest.mark.timeout(120)  # some hundred kills, each with a whole recovery
def test_a_kill_at_any_point_of_the_recovery_leaves_the_same(tmp_path: Path) -> None:
    def killed(die_at: int) -> tuple[Classroom, list[str], str]:
        folder = tmp_path / str(die_at)
        folder.mkdir()
        world = Classroom(folder)
        return world, *_journey(world, die_at)

    world, points, _ = killed(0)
    wanted = _outcome(world)
    assert wanted[1:] == (1, 1)
    assert wanted[0].count("DistillationEnded") == wanted[0].count("DistillationCard") == 1
    for point in kills(points):
        world, _, where = killed(point)
        assert _outcome(world) == wanted, (point, where)
