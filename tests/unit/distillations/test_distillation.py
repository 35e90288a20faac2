"""Prompts answered by a teacher: priced and agreed to first, answered once, told once, whatever happens."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.controller.crash_points import crashing
from bot.controller.model import Key
from bot.distillations.plan import DistillationPhase, PromptSource
from bot.errors import Misconfigured, NotAllowed, NotFound, Refused, RoleNotReady
from bot.models.model import Lifecycle
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending import undo
from bot.spending.ledger import EntryState
from bot.spending.model import Check
from bot.spending.offers import Shown
from tests.doubles import bedrock
from tests.doubles.batches import answered, failed
from tests.doubles.classroom import PROMPTS, Classroom, Mortal
from tests.examples import kills

DEAR = PriceBook({("nova-pro", PriceKind.BATCH_OUTPUT): Decimal(500)})
LLAMA = "llama-3.3-70b"


@pytest.fixture
def world(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path)


def test_the_plan_has_its_price_and_nothing_is_spent(world: Classroom) -> None:
    plan = world.propose(system="You route claims.", max_tokens=200)
    world.turn()

    card = world.card()
    assert (card.prepared.records, card.prepared.name, card.plan.max_tokens) == (120, "claims.txt", 200)
    assert card.prepared.output_tokens.most == 24_000
    assert card.terms.most is not None
    assert {each.name for each in card.checks} == {"prompts", "teacher", "bucket", "role"}
    assert world.jobs_at_bedrock.calls["create"] == 0
    assert plan.job_name == f"distill-prompts-{plan.id[:8]}"
    assert world.bucket.objects[card.prepared.input_uri].count(b'"maxTokens":200') == 120


def test_from_the_press_to_a_dataset_that_a_job_can_start_from(world: Classroom) -> None:
    started = world.started()
    job = world.jobs_at_bedrock.only()
    assert (job.order.model_id, job.order.region) == ("amazon.nova-pro-v1:0", "us-east-1")
    assert job.tags["owner"] == "UTRAIN"
    assert job.tags["teacher"] == "nova-pro"
    assert world.phase(started) is DistillationPhase.WAITING

    world.jobs_at_bedrock.move("InProgress", 60)
    world.pass_time(70)
    assert world.service.find(started).processed == 60
    world.finished()

    assert world.phase(started) is DistillationPhase.COMPLETED
    assert world.files.shared == [("C1", world.said("DistillationCard")[0].ts, "claims.nova-pro.jsonl")]
    [_] = world.said("VerdictCard ready nova-lite")
    [dataset] = world.repository.named("claims.nova-pro")
    assert dataset.report.records == 120
    assert dataset.parent is not None
    assert "answers by Amazon Nova Pro" in dataset.history[0]
    first = next(iter(world.bucket.objects[dataset.locations["us-east-1"]].splitlines()))
    assert b"How is claim 1 routed?" in first
    assert b"To desk 1." in first
    end = world.end()
    assert (end.answered, end.left_out, end.spent) == (
        120,
        (),
        "less than $0.01; estimated: at most $0.21",
    )
    resource = world.store.get(Key("distillation", started))
    assert resource is not None
    assert resource.done


def test_a_stored_dataset_has_its_answers_replaced(world: Classroom) -> None:
    world.started()
    world.finished()
    [first] = world.repository.named("claims.nova-pro")
    world.jobs_at_bedrock.jobs.clear()
    world.answers.lines = [answered(f"ROW{n:08d}", f"Better {n}.") for n in range(1, 121)]
    world.started(source=PromptSource(first.name, dataset_id=first.id), asked_in="T2")
    world.finished()

    assert world.card().prepared.output_tokens.least > 0
    [again] = world.repository.named("claims.nova-pro.nova-pro")
    assert again.parent == first.report.sha256


def test_what_has_no_whole_answer_is_counted_named_and_left_out(world: Classroom) -> None:
    world.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(4, 120)]
    world.answers.lines += [failed("ROW00000001"), answered("ROW00000002", stopReason="max_tokens")]
    world.started()
    world.finished("PartiallyCompleted")

    end = world.end()
    assert end.answered == 116
    assert sorted((each.count, each.rows) for each in end.left_out) == [(1, (1,)), (1, (2,)), (2, (3, 120))]
    [dataset] = world.repository.named("claims.nova-pro")
    assert dataset.history[1].startswith("4 prompts left out")


@pytest.mark.slow
def test_answers_that_make_no_good_dataset_are_judged_as_any_upload_is(world: Classroom) -> None:
    world.answers.lines = [answered(f"ROW{n:08d}", "See [EOS] there.") for n in range(1, 121)]
    world.started()
    world.finished()

    [_] = world.said("VerdictCard blocked nova-lite")
    assert world.repository.named("claims.nova-pro") == []
    [upload] = world.store.of_kind("upload")
    assert upload.spec["profile"] == "nova-lite"


def test_an_answer_to_none_is_a_failure_that_says_why(world: Classroom) -> None:
    world.answers.lines = [failed(f"ROW{n:08d}", 403, "no access") for n in range(1, 121)]
    started = world.started()
    world.finished()
    assert world.phase(started) is DistillationPhase.FAILED
    assert "Bedrock's error 403: no access" in world.end().view.explanation
    assert world.files.shared == []


@pytest.mark.parametrize(("status", "words"), [("Failed", "could not run"), ("Expired", "did not begin")])
def test_a_job_that_fails_or_expires_is_told_with_what_to_do(
    world: Classroom, status: str, words: str
) -> None:
    started = world.started()
    world.answers.lines = []
    world.jobs_at_bedrock.end(status, "The role cannot be assumed.")
    world.pass_time(200)
    assert world.phase(started) is DistillationPhase.FAILED
    assert words in world.end().view.explanation
    assert world.end().view.mend
    assert (world.service.raw_failure(started) == "The role cannot be assumed.") is (status == "Failed")


# Deciding


def test_over_the_limit_an_approver_decides_once_and_not_for_themselves(tmp_path: Path) -> None:
    world = Classroom(tmp_path, DEAR)
    started = world.started()
    assert world.jobs_at_bedrock.calls["create"] == 0
    [_] = world.said("ApprovalCard")
    with pytest.raises(NotAllowed):
        world.press("distillation", started, "approve", "UTRAIN")
    world.press("distillation", started, "approve", "UBOSS")
    world.pass_time(20)
    assert world.jobs_at_bedrock.calls["create"] == 1
    with pytest.raises(Refused, match="approved this already"):
        world.press("distillation", started, "decline", "UBOSS")


@pytest.mark.parametrize("decision", ["cancel", "decline"])
def test_what_is_withdrawn_or_declined_spends_nothing(world: Classroom, decision: str) -> None:
    started = world.started(teacher=LLAMA, profile="llama-3.3-70b")
    assert world.card().terms.most is None
    world.press("distillation", started, decision, "UBOSS")  # type: ignore[arg-type]
    world.pass_time(100)
    assert world.jobs_at_bedrock.jobs == {}
    assert world.said("DistillationEnded") == []
    [told] = world.said("DistillationMilestone")
    assert "<@UBOSS>" in told.message.text, "whose it is hears of both"
    resource = world.store.get(Key("distillation", started))
    assert resource is not None
    assert resource.done


def test_a_plan_that_nobody_decides_lapses(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    world.clock.advance(90_000)
    world.pass_time(10)
    assert world.phase(plan.id) is DistillationPhase.CANCELLED
    with pytest.raises(Refused, match="in time"):
        world.press("distillation", plan.id, "start", "UTRAIN")


def test_the_same_request_twice_is_one_plan_and_another_is_another(world: Classroom) -> None:
    assert world.propose() == world.propose()
    assert world.propose(asked_in="T2").id != world.propose().id
    world.turn()
    assert len(world.said("DistillationPlanCard")) == 2


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"teacher": "nobody"}, NotFound),
        ({"profile": "nobody"}, NotFound),
        ({"max_tokens": 10**6}, Refused),
        ({"max_tokens": 0}, Refused),
        ({"owner": "UOTHER"}, NotAllowed),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    world: Classroom, more: dict[str, object], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        world.propose(**more)  # type: ignore[arg-type]
    assert world.store.of_kind("distillation") == []


def test_a_failing_check_blocks_and_a_press_looks_again(tmp_path: Path) -> None:
    world = Classroom(tmp_path)
    world.account.role_check = Check("role", False, "The role does not trust Bedrock.", "Mend it.")
    plan = world.propose()
    with pytest.raises(Refused, match="still reading"):
        world.press("distillation", plan.id, "start", "UTRAIN")
    world.turn()
    world.clock.advance(1)
    with pytest.raises(Refused, match="does not trust"):
        world.press("distillation", plan.id, "start", "UTRAIN")
    world.account.role_check = Check("role", True, "It does.")
    world.turn()
    world.press("distillation", plan.id, "start", "UTRAIN")
    world.pass_time(20)
    assert world.jobs_at_bedrock.calls["create"] == 1


def test_a_teacher_whose_life_is_over_and_too_few_prompts_block(tmp_path: Path) -> None:
    world = Classroom(tmp_path, content=b"One?\nTwo?\n")
    world.customization.lifecycles["amazon.nova-pro-v1:0"] = Lifecycle("ENDED")
    plan = world.propose()
    world.turn()
    assert [(each.name, each.final) for each in world.card().checks if not each.ok] == [
        ("prompts", True),
        ("teacher", True),
    ]
    with pytest.raises(Refused, match="takes at least 100") as refused:  # from an earlier picture
        world.press("distillation", plan.id, "start", "UTRAIN")
    assert refused.value.hint == "Add 98 different prompts and send the file again."


@pytest.mark.parametrize(
    ("content", "words"), [(b"%PDF-1", "PDF"), (b'{"id": 1}\n{"id": 2}\n', "asks nothing")]
)
def test_a_file_that_asks_nothing_is_told_once(tmp_path: Path, content: bytes, words: str) -> None:
    world = Classroom(tmp_path)
    world.file = world.files.add(content, name="claims.jsonl", user="UTRAIN")
    plan = world.propose()
    world.pass_time(100)
    [said] = world.said("DistillationProblem")
    assert words in said.message.text
    assert world.phase(plan.id) is DistillationPhase.REFUSED


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
@pytest.mark.parametrize("occurrence", range(1, 6))
def test_a_kill_while_it_is_refused_leaves_it_told_once(tmp_path: Path, point: str, occurrence: int) -> None:
    world = Classroom(tmp_path)
    world.file = world.files.add(b"%PDF-1", name="claims.jsonl", user="UTRAIN")
    plan = world.propose()
    world.crash_at(point, occurrence)
    world.rebuilt().pass_time(120)

    assert world.phase(plan.id) is DistillationPhase.REFUSED
    assert len(world.said("DistillationProblem")) == 1


def test_prompts_that_the_person_cannot_see_stay_unseen(world: Classroom) -> None:
    world.file = world.files.add(PROMPTS, name="secret.txt", user="U9", private_channels=("C9",))
    world.propose()
    world.turn()
    [said] = world.said("DistillationProblem")
    assert "cannot see" in said.message.text
    assert world.bucket.objects == {}


# Stopping and trouble


def test_stopping_keeps_what_is_answered(world: Classroom) -> None:
    started = world.started()
    world.jobs_at_bedrock.move("InProgress", 30)
    world.service.stop(world.service.find(started).name, "UTRAIN")
    world.pass_time(20)
    assert world.phase(started) is DistillationPhase.STOPPING
    assert world.jobs_at_bedrock.calls["stop"] == 1
    world.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(1, 31)]
    world.finished("Stopped")

    assert world.phase(started) is DistillationPhase.STOPPED
    assert world.end().answered == 30
    assert world.repository.named("claims.nova-pro")
    with pytest.raises(Refused, match="is over"):
        world.service.stop(started, "UTRAIN")


def test_what_a_stopped_batch_left_unanswered_is_said_to_be_for_that(world: Classroom) -> None:
    started = world.started()
    world.service.stop(started, "UTRAIN")
    world.answers.lines = [answered("ROW00000001", "To desk 1.")]
    world.finished("Stopped")

    [why] = world.end().left_out
    assert why.reason == "the batch job was stopped before it was answered"


def test_who_stops_anothers_is_told_to_its_owner(world: Classroom) -> None:
    started = world.started()
    world.service.stop(started, "UBOSS")
    world.pass_time(20)
    [told] = [each for each in world.said("DistillationMilestone") if "asked to stop" in each.message.text]
    assert told.message.text.index("<@UTRAIN>") < told.message.text.index("<@UBOSS>")
    world.finished("Stopped")
    assert (
        len([each for each in world.said("DistillationMilestone") if "asked to stop" in each.message.text])
        == 1
    )


def test_who_stops_anothers_is_told_though_it_ends_before_that_could_be_said(world: Classroom) -> None:
    started = world.started()
    world.service.stop(started, "UBOSS")
    world.clock.advance(undo.SECONDS)
    assert world.crash_at("after-stop")
    world.jobs_at_bedrock.end("Stopped")
    world.pass_time(400)
    [told] = [each for each in world.said("DistillationMilestone") if "asked to stop" in each.message.text]
    assert "<@UTRAIN>: " in told.message.text


def test_who_stops_anothers_before_bedrock_has_it_is_told_to_its_owner(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    world.press("distillation", plan.id, "start", "UTRAIN")
    world.service.stop(plan.id, "UBOSS")
    world.pass_time(20)
    [told] = [
        each for each in world.said("DistillationMilestone") if "stopped this before" in each.message.text
    ]
    assert "<@UTRAIN>: <@UBOSS>" in told.message.text


def test_what_has_become_dearer_is_offered_anew_before_anybody_agrees(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    world.prices = DEAR
    world.rebuilt()
    with pytest.raises(Refused, match="by now, and was offered for"):
        world.press("distillation", plan.id, "start", "UTRAIN")
    world.turn()
    assert "may be spent without approval" in world.card().terms.needs_approval
    world.press("distillation", plan.id, "start", "UTRAIN")
    world.turn()
    assert world.phase(plan.id) is DistillationPhase.AWAITING_APPROVAL
    assert world.jobs_at_bedrock.calls["create"] == 0


def test_a_button_of_an_earlier_picture_agrees_to_no_more_than_it_said(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    earlier = Shown(world.card().terms.most)
    world.prices = DEAR
    world.rebuilt()
    for by in ("UTRAIN", "UBOSS", "UTRAIN"):
        with pytest.raises(Refused, match="by now, and was offered for"):
            world.press("distillation", plan.id, "start", by, earlier)
        world.turn()
    assert world.phase(plan.id) is DistillationPhase.PLANNED
    world.press("distillation", plan.id, "start", "UTRAIN", Shown(world.card().terms.most))
    world.turn()
    assert world.phase(plan.id) is DistillationPhase.AWAITING_APPROVAL


def test_a_stop_before_bedrock_has_it_makes_no_job(world: Classroom) -> None:
    plan = world.propose()
    world.turn()
    with pytest.raises(Refused, match="not been started"):
        world.service.stop(plan.id, "UTRAIN")
    world.press("distillation", plan.id, "start", "UTRAIN")
    world.service.stop(plan.id, "UTRAIN")
    world.pass_time(100)
    assert world.jobs_at_bedrock.jobs == {}
    assert world.phase(plan.id) is DistillationPhase.CANCELLED


@pytest.mark.parametrize(
    "fault", [bedrock.lost_reply(), bedrock.dropped(), bedrock.throttled(), bedrock.down()]
)
def test_whatever_becomes_of_the_call_there_is_one_job(world: Classroom, fault: bedrock.Fault) -> None:
    world.jobs_at_bedrock.order("create", fault, fault)
    started = world.started()
    world.pass_time(120)
    assert len(world.jobs_at_bedrock.jobs) == 1
    assert world.phase(started) is DistillationPhase.WAITING


def test_a_role_that_was_made_moments_ago_is_waited_for(world: Classroom) -> None:
    not_yet = RoleNotReady("Bedrock cannot use the role.", detail="Could not assume provided IAM role")
    world.jobs_at_bedrock.order("create", *[bedrock.Fault(not_yet)] * 3)
    started = world.started()
    world.pass_time(60)
    assert len(world.jobs_at_bedrock.jobs) == 1
    assert world.phase(started) is DistillationPhase.WAITING


def test_a_refusal_by_bedrock_ends_it_with_its_words_kept(world: Classroom) -> None:
    refusal = Misconfigured("AWS does not allow me to do this.", hint="Allow it.", detail="AccessDenied: no")
    world.jobs_at_bedrock.order("create", bedrock.Fault(refusal))
    started = world.started()
    assert world.phase(started) is DistillationPhase.REFUSED
    assert world.service.raw_failure(started) == "AccessDenied: no"
    [_] = world.said("DistillationEnded")


def test_answers_that_cannot_be_read_back_for_long_are_told(world: Classroom) -> None:
    world.answers.order(
        "fetch", *[bedrock.Fault(Misconfigured("S3 refused.", hint="Allow s3:GetObject."))] * 3
    )
    started = world.started()
    world.finished()
    assert world.phase(started) is DistillationPhase.FAILED
    assert "S3 refused." in world.end().view.explanation


def test_s3_away_for_a_while_loses_nothing(world: Classroom) -> None:
    world.answers.order("fetch", *[bedrock.down()] * 3)
    started = world.started()
    world.finished()
    world.pass_time(100)
    assert world.phase(started) is DistillationPhase.COMPLETED


# Kills


Outcome = tuple[list[str], int, list[str], list[str], list[tuple[EntryState, Decimal, Decimal]]]


def _outcome(world: Classroom) -> Outcome:
    kinds = [each.message.text.partition("(")[0].partition(":")[0] for each in world.messages.visible()]
    return (
        sorted(kinds),
        len(world.jobs_at_bedrock.jobs),
        [name for _, _, name in world.files.shared],
        [each.name for each in world.repository.datasets],
        [
            (each.state, each.committed or Decimal(0), each.actual or Decimal(0))
            for each in world.ledger.kept.values()
        ],
    )


def _journey(world: Classroom, die_at: int) -> tuple[list[str], str]:
    """Go the whole way, die at that crash point once, and return which were passed and where it died."""
    mortal = Mortal(world, die_at)
    with crashing(mortal.hook):
        plan = world.propose()
        mortal.turn()
        world.press("distillation", plan.id, "start", "UTRAIN")
        mortal.turn()
        world.service.stop(plan.id, "UTRAIN")
        for _ in range(4):
            mortal.turn()
        world.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(1, 31)]
        world.jobs_at_bedrock.end("Stopped")
        for _ in range(20):
            mortal.turn()
    return mortal.passed, mortal.where


def _killed(tmp_path: Path, die_at: int) -> tuple[Classroom, list[str], str]:
    folder = tmp_path / str(die_at)
    folder.mkdir()
    world = Classroom(folder)
    passed, where = _journey(world, die_at)
    return world, passed, where


@pytest.mark.slow
def test_a_kill_at_any_point_leaves_the_same_job_dataset_and_messages(tmp_path: Path) -> None:
    world, points, _ = _killed(tmp_path, 0)
    wanted = _outcome(world)
    assert wanted[1:4] == (1, ["claims.nova-pro.jsonl"], ["claims.nova-pro"])
    [(state, committed, spent)] = wanted[4]
    assert state is EntryState.SETTLED
    assert 0 < spent < committed
    seen = set()
    for point in kills(points):
        world, _, where = _killed(tmp_path, point)
        assert _outcome(world) == wanted, (point, where)
        seen.add(where)
    assert seen >= {
        "after-input", "after-keep-plan", "before-create", "after-create", "before-stop", "after-stop", "after-upload",
        "after-keep", "before-share", "after-share", "before-post", "after-post", "before-commit", "after-commit",
        "after-reserve", "after-account",
    }  # fmt: skip


@pytest.mark.parametrize(
    "where", ["after-keep-plan", "before-create", "after-create", "after-input", "before-post", "after-post"]
)
def test_a_kill_before_the_job_runs_makes_one_job_and_one_plan(world: Classroom, where: str) -> None:
    plan = world.propose()
    if not world.crash_at(where):
        world.press("distillation", plan.id, "start", "UTRAIN")
        assert world.crash_at(where)
    world.rebuilt().pass_time(100)
    if not world.jobs_at_bedrock.jobs:
        world.press("distillation", plan.id, "start", "UTRAIN")
        world.pass_time(100)
    assert len(world.jobs_at_bedrock.jobs) == 1
    assert world.said("DistillationPlanCard") == []
    assert len(world.said("DistillationCard")) == 1
