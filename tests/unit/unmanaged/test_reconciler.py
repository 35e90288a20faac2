"""Jobs made in the console: seen by `/tune jobs all`, followed when somebody wants it, and never created."""

import pytest

from bot.errors import NotFound
from bot.jobs.model import Phase
from bot.models.model import Lifecycle
from bot.profiles.registry import profile_of
from bot.spending.missing import UNKNOWN_FOR
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

NAME = "made-in-the-console"
WEST = "us-west-2"


@pytest.fixture
def world() -> World:
    world = World()
    world.customization.create(plan(job_name=NAME, model_name=NAME, owner="U0"), {})
    return world


def seen(world: World) -> list[str]:
    world.unmanaged.look()
    world.turn()
    return [each.name for each in world.unmanaged.elsewhere()]


def followed(world: World) -> None:
    seen(world)
    world.unmanaged.follow(WEST, NAME, by="UTRAIN", channel="C1")
    world.pass_time(60)


def test_what_was_made_elsewhere_is_seen_and_ours_is_not(world: World) -> None:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()

    assert seen(world) == [NAME]


def test_the_job_of_another_bot_that_is_at_work_is_neither_listed_nor_followed(world: World) -> None:
    """A bot for each workspace, on one account."""
    theirs = plan(job_name="payroll-1", model_name="payroll-1", owner="U0")
    world.customization.create(theirs, {"managed-by": "tunesmith", "tunesmith-bot": "payroll"})
    assert set(seen(world)) == {NAME, "payroll-1"}, (
        "it is not at work, so it may have been called otherwise before"
    )
    world.neighbours.names.add("payroll")
    world.unmanaged.follow(WEST, "payroll-1", by="UTRAIN", channel="C1")
    world.pass_time(60)
    assert world.store.of_kind("job") == []
    [why] = [each.trouble for each in world.unmanaged.elsewhere() if each.trouble]
    assert why == "Another bot of this account, `payroll`, looks after it."

    theirs = plan(job_name="payroll-2", model_name="payroll-2", owner="U0")
    world.customization.create(theirs, {"managed-by": "tunesmith", "tunesmith-bot": "payroll"})
    world.clock.advance(60)
    asked = world.customization.calls["tags"]
    assert set(seen(world)) == {NAME, "payroll-1"}, "but to whoever chose it"
    assert world.customization.calls["tags"] == asked + 1, "tags of a job stay: each is asked for once"


def test_one_look_serves_everybody_for_a_while(world: World) -> None:
    seen(world)
    seen(world)
    assert world.customization.calls["list_since"] == 2  # one for each region

    world.clock.advance(60)
    seen(world)
    assert world.customization.calls["list_since"] == 4


def test_a_job_that_is_followed_is_told_of_like_any_other(world: World) -> None:
    followed(world)

    view = world.jobs.find(NAME)
    assert (view.phase, view.owner, view.cost) == (Phase.VALIDATING, "UTRAIN", "price unknown")
    assert len(world.said("JobCard")) == 1
    assert world.said("PlanCard") == []
    assert seen(world) == []

    world.customization.complete(NAME)
    world.pass_time(300)
    assert len(world.said("JobEnded")) == 1
    assert world.models.find(NAME) is not None
    assert world.customization.calls["create"] == 1  # the console's own


def test_following_it_twice_is_once(world: World) -> None:
    followed(world)
    world.unmanaged.follow(WEST, NAME, by="UBOSS", channel="C2")
    world.pass_time(60)

    assert len(world.said("JobCard")) == 1


def test_a_job_that_ended_long_ago_can_be_taken_in(world: World) -> None:
    world.customization.complete(NAME)
    world.clock.advance(86_400)
    followed(world)

    assert world.jobs.find(NAME).phase is Phase.COMPLETED
    assert world.models.find(NAME) is not None


def test_a_job_that_is_gone_when_it_is_taken_in_is_never_made(world: World) -> None:
    seen(world)
    world.unmanaged.follow(WEST, NAME, by="UTRAIN", channel="C1")
    world.controller.tick()  # the census registers the job
    world.customization.jobs.clear()
    world.pass_time(120)
    assert world.jobs.find(NAME).phase is Phase.STARTING, "AWS may just not show it yet"
    world.pass_time(UNKNOWN_FOR.total_seconds() + 120)

    assert world.jobs.find(NAME).phase is Phase.REFUSED
    assert world.customization.jobs == {}
    assert world.customization.calls["create"] == 1


def test_a_job_on_a_base_without_a_profile_says_why_it_is_not_followed(world: World) -> None:
    odd = plan(job_name="odd", model_name="odd", base_model_id="cohere.command-text-v14:7:4k")
    world.customization.lifecycles[odd.base_model_id] = Lifecycle("ACTIVE")
    world.customization.create(odd, {})
    seen(world)
    world.unmanaged.follow(WEST, "odd", by="UTRAIN", channel="C1")
    world.turn()

    [found] = [each for each in world.unmanaged.elsewhere() if each.name == "odd"]
    assert "no profile" in found.trouble


def test_a_name_that_nobody_saw_is_refused_with_the_nearest(world: World) -> None:
    seen(world)

    with pytest.raises(NotFound) as unknown:
        world.unmanaged.follow(WEST, "made-in-the-consle", by="UTRAIN", channel="C1")
    assert NAME in unknown.value.hint


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (
            "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0:200k",
            "claude-3-haiku",
        ),
        ("arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0:300k/abcdefabcdef", "nova-lite"),
        (
            "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
            "claude-3-haiku",
        ),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1", "nova-micro"),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova", None),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon", None),
        ("arn:aws:bedrock:us-east-1::foundation-model/cohere.command-text-v14:7:4k", None),
    ],
)
def test_the_base_is_found_in_either_kind_of_arn(arn: str, name: str | None) -> None:
    profile = profile_of(arn)

    assert (profile.name if profile else None) == name


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
@pytest.mark.parametrize("occurrence", [1, 2, 3, 4])
def test_a_crash_anywhere_follows_it_once(world: World, point: str, occurrence: int) -> None:
    seen(world)
    world.unmanaged.follow(WEST, NAME, by="UTRAIN", channel="C1")
    world.crash_at(point, occurrence)
    world.pass_time(200, step=10)

    assert world.jobs.find(NAME).phase is Phase.VALIDATING
    assert len(world.said("JobCard")) == 1
