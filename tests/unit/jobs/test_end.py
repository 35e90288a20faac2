"""The end of a job: told whatever is missing, the curve and the model card once, whatever dies where."""

from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable, UnknownOutcome
from bot.jobs.cards import JobEnded, ModelCard
from bot.jobs.model import JobPlan
from bot.jobs.ports import ResultFiles
from bot.jobs.reconciler.ending import LOOKS
from tests.doubles import bedrock, messages
from tests.doubles.job_ends import TRAINING, VALIDATION
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

NAME = plan().job_name
PICTURE = "claims-router-losses.png"
VALIDATED = plan(validation_dataset_id="cdcdcdcdcdcd", validation_uri="s3://tunesmith-west/datasets/cd.jsonl")


@pytest.fixture
def world() -> World:
    return World()


def completed(world: World, wanted: JobPlan | None = None, seconds: float = 300) -> None:
    job = world.jobs.propose(wanted or plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.pass_time(60, step=30)
    world.customization.training(NAME)
    world.pass_time(600, step=200)
    world.customization.complete(NAME, training_loss=0.42)
    world.pass_time(seconds, step=60)


def ended(world: World) -> JobEnded:
    return [each for each in world.renderer.cards if isinstance(each, JobEnded)][-1]


def card(world: World) -> ModelCard:
    return [each for each in world.renderer.cards if isinstance(each, ModelCard)][-1]


def thread(world: World) -> str:
    return world.said("JobCard")[0].ts


def shown(world: World) -> list[str]:
    """Return the pictures that the end shows, in words."""
    [end] = world.said("JobEnded")
    known = {each["slack_file"]["id"]: each["alt_text"] for each in end.message.blocks}
    assert all(world.files.info(each).mimetype == "image/png" for each in known)
    return list(known.values())


def is_done(world: World, wanted: JobPlan | None = None) -> bool:
    resource = world.store.get(Key("job", (wanted or plan()).id))
    return resource is not None and resource.done


# What people get


def test_the_verdict_the_picture_and_the_pinned_card(world: World) -> None:
    completed(world, VALIDATED)

    assert ended(world).verdict == "Learning: the validation loss was still falling, so more epochs may help."
    assert "1.0 % or more" in ended(world).rule
    assert ended(world).again == 3
    assert ended(world).note == ""
    [words] = shown(world)
    assert "validation loss from 1.5 to 1.1" in words
    assert world.files.described[PICTURE] == words
    assert world.files.content(PICTURE) == b"claims-router: 6 steps, best at 2"
    assert world.files.shared == []
    [posted] = world.said("ModelCard")
    assert posted.thread_ts == thread(world)
    assert world.messages.pinned == [("C1", posted.ts)]
    assert is_done(world, VALIDATED)


def test_the_model_card_says_where_the_model_comes_from(world: World) -> None:
    completed(world, VALIDATED)

    found = card(world)
    assert found.dataset_sha256 == plan().dataset_sha256
    assert found.plan_digest == VALIDATED.digest
    assert (found.started_by, found.approved_by) == ("UTRAIN", None)
    assert (found.best_epoch, found.validation_dataset) == (2, "cdcdcdcdcdcd")
    assert found.cost == "≈ $0.08, as estimated"


def test_at_most_is_said_of_what_is_not_over(world: World) -> None:
    """``/tune jobs`` and ``/tune status`` before and after the end."""
    job = world.jobs.propose(plan())
    assert world.jobs.find(job).cost == "at most $0.09"
    completed(world)
    [listed] = world.jobs.list("all", "UTRAIN").views
    assert listed.cost == world.jobs.find(job).cost == ended(world).cost == "≈ $0.08, as estimated"


def test_a_job_that_stopped_early_cost_less_than_estimated(world: World) -> None:
    long = plan(
        hyperparameters={**plan().hyperparameters, "epochCount": "4"}, validation_uri="s3://b/v.jsonl"
    )
    completed(world, long)

    assert ended(world).verdict.startswith("Stopped early, after epoch 2 of 4")
    assert ended(world).cost == "≈ $0.08 for 2 of 4 epochs; estimated: at most $0.17"


@pytest.mark.parametrize(
    ("end", "said"), [(b"9,", "its curve ends at step 5"), (b"6,3,nan\n7,4,nan\n", "from step 6 on")]
)
def test_a_curve_that_breaks_off_does_not_say_how_many_epochs_were_trained(
    world: World, end: bytes, said: str
) -> None:
    """Of a training whose loss is no number any more, all epochs are trained, and billed."""
    long = plan(hyperparameters={**plan().hyperparameters, "epochCount": "4"})
    world.results.files = ResultFiles(TRAINING + end, None)
    completed(world, long)
    assert said in f"{ended(world).note} {ended(world).verdict}"
    assert ended(world).cost == "≈ $0.17, as estimated"
    assert "Stopped early" not in ended(world).verdict
    [entry] = world.ledger.kept.values()
    assert entry.actual == entry.committed == Decimal("0.168")
    [run] = world.history.newest("claude-3-haiku")
    assert run.epochs == 4


def test_how_long_it_took_is_kept_for_later_estimates(world: World) -> None:
    completed(world)

    [run] = world.history.newest("claude-3-haiku")
    assert (run.job_id, run.records, run.epochs) == (plan().id, 85, 2)
    assert run.took("Training") == pytest.approx(600, abs=60)


def test_a_failed_job_has_no_curve_and_no_card(world: World) -> None:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.customization.fail(NAME, "Encountered an internal error when processing the request.")
    world.pass_time(300, step=60)

    assert world.results.calls["read"] == 0
    assert shown(world) == []
    assert not world.messages.pinned
    assert "service's own fault" in ended(world).view.who
    assert is_done(world)


# What may be missing


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "note"),
    [
        (ResultFiles(None, None), "There is no curve. Bedrock left no file of training losses in S3."),
        (
            ResultFiles(TRAINING + b"9,", None),
            "The file of training losses is cut short: its curve ends at step 5.",
        ),
        (
            ResultFiles(b"<html>", None),
            "The file of training losses can't be used: Bedrock's file has no column",
        ),
    ],
)
def test_a_file_that_is_missing_or_cut_short_is_one_sentence_and_the_end_is_told(
    world: World, files: ResultFiles, note: str
) -> None:
    world.results.files = files
    completed(world)

    assert note in ended(world).note
    assert len(world.said("JobEnded")) == len(world.said("ModelCard")) == 1
    assert is_done(world)


def test_a_missing_validation_file_still_leaves_the_training_curve(world: World) -> None:
    world.results.files = ResultFiles(TRAINING, None)
    completed(world, VALIDATED)

    assert ended(world).note == "Bedrock left no file of validation losses in S3."
    assert len(shown(world)) == 1


def test_files_that_come_a_little_later_are_waited_for(world: World) -> None:
    world.results.files = ResultFiles(TRAINING, None)
    completed(world, VALIDATED, seconds=10)
    assert world.said("JobEnded") == []

    world.results.files = ResultFiles(TRAINING, VALIDATION)
    world.pass_time(300, step=60)

    assert ended(world).note == ""
    assert len(world.said("JobEnded")) == 1


def test_an_s3_that_refuses_is_told_with_the_mend(world: World) -> None:
    hint = "The operator allows `s3:ListBucket`."
    world.results.order("read", bedrock.Fault(Misconfigured("AWS does not allow me to do this.", hint=hint)))
    completed(world)

    assert ended(world).note.startswith("There is no curve: I can't read the job's files in S3.")
    assert hint in ended(world).note
    assert world.results.calls["read"] == 1
    assert shown(world) == []
    assert is_done(world)


def test_an_s3_that_is_away_does_not_keep_the_end(world: World) -> None:
    world.results.order("read", *[bedrock.down()] * 20)
    completed(world)

    assert "could not be reached" in ended(world).note
    assert world.results.calls["read"] == LOOKS
    assert is_done(world)


def test_a_picture_that_slack_does_not_take_is_said_and_the_rest_goes_on(world: World) -> None:
    refusal = messages.Failure(Refused("This workspace does not take such a file from me."))
    world.files.order("upload", refusal, refusal)
    completed(world)

    assert shown(world) == []
    [told] = world.said("JobMilestone: I could not share")
    assert "does not take such a file" in told.message.text
    assert world.messages.pinned
    assert is_done(world)


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        Misconfigured("My Slack app lacks the scope `pins:write`."),
        Refused("That channel has as many pins as Slack takes."),
        NotFound("Slack no longer has that message."),
    ],
)
def test_a_card_that_cannot_be_pinned_is_there_all_the_same(world: World, error: Exception) -> None:
    assert isinstance(error, Misconfigured | Refused)
    world.messages.order("pin", messages.Failure(error))
    completed(world)

    assert world.messages.pinned == []
    assert len(world.said("ModelCard")) == 1
    assert world.messages.calls["pin"] == 1
    assert is_done(world)


@pytest.mark.slow
@pytest.mark.parametrize(
    "failure",
    [
        messages.throttled(),
        messages.down(),
        messages.lost_reply(),
        messages.Failure(UnknownOutcome("?")),
    ],
    ids=["throttled", "down", "lost reply", "dropped"],
)
def test_a_pin_that_fails_in_passing_is_set_again(world: World, failure: messages.Failure) -> None:
    world.messages.order("pin", failure)
    completed(world)

    assert len(world.messages.pinned) == 1
    assert is_done(world)


@pytest.mark.slow
def test_a_channel_that_takes_no_files_leads_the_picture_to_its_owner(world: World) -> None:
    world.files.closed.add("C1")
    world.files.order(
        "finish", messages.Failure(Refused("This workspace does not take such a file from me."))
    )
    completed(world)
    assert [(channel, name) for channel, _, name in world.files.shared] == [("DUTRAIN", PICTURE)]
    assert world.files.comments[PICTURE].startswith("I could not share this in <#C1>. ")
    assert world.said("JobMilestone: I could not share") == []


@pytest.mark.slow
@pytest.mark.parametrize("method", ["upload", "finish", "info"])
@pytest.mark.parametrize(
    "error",
    [Throttled("slow", retry_after=5), Unavailable("away"), UnknownOutcome("?")],
    ids=lambda error: type(error).__name__,
)
def test_a_picture_that_fails_in_passing_is_in_the_end(world: World, method: str, error: Unavailable) -> None:
    world.files.order(method, messages.Failure(error))
    completed(world)

    assert len(shown(world)) == 1
    assert world.files.shared == []
    assert is_done(world)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["finish", "info"])
def test_the_end_waits_for_no_picture_for_long_and_it_comes_into_the_thread_then(
    world: World, method: str
) -> None:
    world.files.order(method, *[messages.Failure(Unavailable("away"))] * 30)
    world.files.order("share", messages.Failure(Throttled("slow", retry_after=5)))
    completed(world)

    assert shown(world) == []
    assert world.files.shared == [("C1", thread(world), PICTURE)]
    assert is_done(world)


def test_a_picture_that_slack_is_about_to_have_is_waited_for(world: World) -> None:
    world.files.slow = 3
    completed(world, VALIDATED, seconds=0)
    world.pass_time(75, step=1)
    assert len(shown(world)) == 1
    assert world.files.shared == []


def test_a_picture_that_slack_never_has_comes_into_the_thread(world: World) -> None:
    world.files.slow = 1000
    completed(world, VALIDATED)
    assert shown(world) == []
    assert world.files.shared == [("C1", thread(world), PICTURE)]


def test_an_end_that_slack_does_not_take_with_its_picture_is_told_without(world: World) -> None:
    completed(world, VALIDATED, seconds=0)
    world.messages.order("post", messages.Failure(Refused("Slack refused the blocks (`invalid_blocks`).")))
    world.pass_time(300, step=60)

    [end] = world.said("JobEnded")
    assert (end.channel, shown(world)) == ("C1", [])
    assert world.files.shared == [("C1", thread(world), PICTURE)]
    assert is_done(world, VALIDATED)


# Crashes


POINTS = (
    "before-commit",
    "after-commit",
    "after-model",
    "after-run",
    "before-find",
    "before-post",
    "after-post",
    "after-upload",
    "before-finish-upload",
    "after-finish-upload",
    "before-share",
    "after-share",
    "before-pin",
    "after-pin",
)


@pytest.mark.parametrize(
    ("point", "occurrence"),
    [("after-commit", 3), ("after-post", 1), ("after-share", 1), ("after-pin", 1)]
    + [pytest.param(point, n, marks=pytest.mark.slow) for point in POINTS for n in (1, 2, 3)],
)
def test_a_crash_anywhere_leaves_each_of_them_once(point: str, occurrence: int) -> None:
    world = World()
    in_thread = "share" in point
    if in_thread:
        world.files.order(
            "finish", messages.Failure(Refused("This workspace does not take such a file from me."))
        )
    completed(world, VALIDATED, seconds=0)
    passed = False
    for _ in range(14):
        passed = passed or world.crash_at(point, occurrence)
        world.clock.advance(30)
    world.pass_time(300, step=60)

    assert passed or occurrence > 1
    assert len(world.said("JobEnded")) == len(world.said("ModelCard")) == 1
    assert world.files.shared == ([("C1", thread(world), PICTURE)] if in_thread else [])
    assert len(shown(world)) == (not in_thread)
    assert len(world.messages.pinned) == 1
    assert len(world.history.runs) == 1
    assert is_done(world, VALIDATED)
