"""What people and the world get wrong about jobs: one clear sentence each, and whatever else is followed goes on."""

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, NotAllowed, NotFound, Refused, TunesmithError
from bot.jobs.cards import JobEnded
from bot.jobs.model import Phase
from bot.jobs.ports import ResultFiles
from tests.doubles import bedrock
from tests.doubles.job_ends import TRAINING
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

NAME, OTHER = plan().job_name, "companion"


@pytest.fixture
def world() -> World:
    """Two jobs that train."""
    world = World()
    for name in (NAME, OTHER):
        job = world.jobs.propose(plan(job_name=name, model_name=f"{name}-model"))
        world.turn()
        world.press("job", job, "start", "UTRAIN")
        world.turn()
        world.customization.training(name)
    world.pass_time(150)
    return world


def the_other_goes_on(world: World) -> None:
    """It is followed to its end, and told, whatever became of the first."""
    world.customization.complete(OTHER)
    world.pass_time(400, step=20)
    assert world.jobs.find(OTHER).phase is Phase.COMPLETED
    assert world.models.find(f"{OTHER}-model") is not None


def card_of(world: World, name: str) -> JobEnded:
    return next(
        each for each in world.renderer.cards if isinstance(each, JobEnded) and each.view.name == name
    )


def sentence(error: TunesmithError) -> str:
    assert "\n" not in error.sentence
    return error.sentence


# Jobs that are not there, or not ours


def test_an_unknown_job_is_told_with_the_nearest_name(world: World) -> None:
    with pytest.raises(NotFound) as unknown:
        world.jobs.stop("companyon", "UTRAIN")

    assert sentence(unknown.value) == "There is no job `companyon`. Did you mean `companion`?"
    the_other_goes_on(world)


def test_another_teams_job_is_left_alone_and_said_to_be_there(world: World) -> None:
    world.customization.create(plan(job_name="theirs", model_name="theirs"), {"team": "search"})
    world.unmanaged.look()
    world.turn()
    with pytest.raises(NotFound) as theirs:
        world.jobs.stop("theirs", "UTRAIN")

    assert sentence(theirs.value) == (
        "`theirs` is in this AWS account (us-west-2), but it was not made here, so I leave it alone. "
        "`/tune jobs all` lists it, and has me follow it."
    )
    assert world.customization.job("theirs").status == "InProgress"
    assert world.customization.calls["stop"] == 0
    the_other_goes_on(world)


def test_somebody_of_another_team_cannot_stop_ours(world: World) -> None:
    with pytest.raises(NotAllowed) as stranger:
        world.jobs.stop(NAME, "USTRANGER")

    assert sentence(stranger.value).startswith("This needs a trainer")
    assert world.customization.calls["stop"] == 0
    the_other_goes_on(world)


@pytest.mark.slow
def test_a_job_that_is_deleted_meanwhile_ends_with_a_sentence(world: World) -> None:
    del world.customization.jobs["us-west-2", NAME]
    world.pass_time(1000, step=20)

    view = world.jobs.find(NAME)
    assert (view.phase, view.explanation) == (Phase.FAILED, "Bedrock does not know this job any more.")
    assert "start the plan again" in view.mend
    assert len(world.said("JobEnded")) == 1
    the_other_goes_on(world)


def test_a_job_that_is_over_cannot_be_stopped(world: World) -> None:
    world.customization.complete(NAME)
    world.pass_time(300, step=20)
    with pytest.raises(Refused) as over:
        world.jobs.stop(NAME, "UTRAIN")

    assert sentence(over.value) == "That job is over: completed. There is nothing to stop."
    the_other_goes_on(world)


# Files of losses


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "told"),
    [
        (ResultFiles(None, None), "There is no curve. Bedrock left no file of training losses in S3."),
        (ResultFiles(TRAINING + b"9,", None), "The file of training losses is cut short"),
        (ResultFiles(b"", None), "The file of training losses can't be used"),
    ],
    ids=["missing", "cut short", "empty"],
)
def test_a_file_that_is_not_whole_is_told_with_the_end(world: World, files: ResultFiles, told: str) -> None:
    world.results.files = files
    world.customization.complete(NAME)
    world.pass_time(300, step=20)

    assert told in card_of(world, NAME).note
    the_other_goes_on(world)


def test_an_s3_that_refuses_is_told_with_the_permission(world: World) -> None:
    denied = Misconfigured("AWS does not allow me to do this.", hint="The operator allows `s3:GetObject`.")
    world.results.order("read", bedrock.Fault(denied))
    world.customization.complete(NAME)
    world.pass_time(300, step=20)

    assert "There is no curve" in card_of(world, NAME).note
    assert "The operator allows `s3:GetObject`." in card_of(world, NAME).note
    the_other_goes_on(world)


# What cannot be read at all


def test_one_unreadable_job_keeps_no_other_from_being_followed(world: World) -> None:
    """As after a downgrade: its own steps fail and are told, the region is listed all the same."""
    job = next(each for each in world.store.of_kind("job") if each.spec["plan"]["job_name"] == NAME)
    world.store._rows[job.key].status = '{"job": {"phase": "of tomorrow"}}'
    asked = world.customization.calls["list_since"]
    the_other_goes_on(world)

    assert world.customization.calls["list_since"] > asked
    assert world.store.get(Key("job", job.key.id)) is not None
