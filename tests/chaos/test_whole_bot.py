"""The bot as real processes, disturbed where it hurts most, and checked by what Slack and AWS saw.

A selection that takes seconds: ``./tunesmith bench chaos`` kills at every boundary, before and after.
"""

from collections.abc import Iterator

import pytest

from tests.chaos.harness.allowances import DEPLOYED
from tests.chaos.harness.boundaries import Side, undisturbed
from tests.chaos.harness.campaign import Kills, Reference, Target, disturbed, record, run
from tests.chaos.harness.deploying import Deploying
from tests.chaos.harness.disturbances import DISTURBANCES, Disturbance
from tests.chaos.harness.replica import Starter
from tests.once import once

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.redis_server,
    pytest.mark.timeout(240),
]

DEADLIEST = (
    ("file", "slack chat.postMessage", "after"),
    ("plan", "redis register resource job", "after"),
    ("plan", "slack chat.postMessage", "after"),
    ("start", "bedrock POST model-customization-jobs", "after"),
    ("train", "slack chat.postMessage", "after"),
    ("serve", "slack chat.postMessage", "before"),
    ("lease", "bedrock POST provisioned-model-throughput", "after"),
    ("ask", "slack chat.startStream", "after"),
    ("release", "bedrock DELETE provisioned-model-throughput/…", "after"),
    ("release", "slack chat.postMessage", "after"),
)
"""Between an effect that cannot be taken back and the note of it: one run is killed at all of them."""
OF_DEPLOYMENTS = (
    ("deploy", "bedrock POST model-customization/…", "after"),
    ("deploy", "slack chat.postMessage", "after"),
    ("replace", "bedrock PATCH model-customization/…", "after"),
    ("replace", "slack chat.postMessage", "after"),
    ("remove", "bedrock DELETE model-customization/…", "after"),
    ("remove", "slack chat.postMessage", "after"),
)
"""The same of the journey with deployments and an alias."""
CHOSEN = [
    each
    for each in DISTURBANCES
    if each.name
    in {
        "kills anywhere, three replicas",
        "500s and HTML",
        "Redis killed and started again",
        "Redis's clock set back by an hour",
        "Redis emptied while a job trains",
        "a store that is written by a newer release (lease)",
        "a fail-over after slack chat.postMessage, which forgets everything from redis commit resource job on (train)",
        "behind HTTP, killed and reset at the door",
    }
]


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    started = Starter()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def reference(starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """What comes of it when nobody disturbs."""
    return once(tmp_path_factory, "reference", lambda: record(starter))


def deadliest(reference: Reference, where: tuple[tuple[str, str, str], ...] = DEADLIEST) -> list[Target]:
    sides: dict[tuple[str, str], Side] = {
        (chapter, name): "before" if side == "before" else "after" for chapter, name, side in where
    }
    first = [each for each in reference.boundaries if each.ordinal == 1]
    return [(each, sides[each.chapter, each.name]) for each in first if (each.chapter, each.name) in sides]


def test_the_undisturbed_journey_passes_every_kind_of_exit(reference: Reference) -> None:
    assert {each.name.split()[0] for each in reference.boundaries} == {
        "slack",
        "bedrock",
        "aws",
        "s3",
        "redis",
    }
    assert len(deadliest(reference)) == len(DEADLIEST)


def test_killed_wherever_an_effect_is_not_yet_noted(reference: Reference, starter: Starter) -> None:
    result = run(Kills(deadliest(reference), chained=False), reference, starter)
    assert result.violations == []
    assert result.kills >= len(DEADLIEST) - 1


def test_deployments_killed_wherever_an_effect_is_not_yet_noted(starter: Starter) -> None:
    undisturbed_one = record(starter, kind=Deploying)
    targets = deadliest(undisturbed_one, OF_DEPLOYMENTS)
    assert len(targets) == len(OF_DEPLOYMENTS)
    result = run(Kills(targets, chained=False), undisturbed_one, starter, allowed=DEPLOYED)
    assert result.violations == []
    assert result.kills >= len(OF_DEPLOYMENTS) - 1


def test_behind_http_the_same_comes_of_it(reference: Reference, starter: Starter) -> None:
    """Two replicas take Slack's requests in turn, and what people see is what they see by Socket Mode."""
    result = run(undisturbed, reference, starter, http=True, replicas=2)
    assert result.violations == []


@pytest.mark.parametrize("disturbance", CHOSEN, ids=lambda each: str(each.name))
def test_disturbed(disturbance: Disturbance, reference: Reference, starter: Starter) -> None:
    assert disturbed(disturbance, 20261122, reference, starter).violations == []


def test_every_disturbance_that_is_chosen_is_there() -> None:
    assert len(CHOSEN) == 8


def test_the_checker_sees_a_bot_that_posts_without_reading(reference: Reference) -> None:
    forgetful = Starter("tests.chaos.harness.forgetful")
    try:
        targets = [
            (each, side)
            for each, side in deadliest(reference)
            if each.name == "slack chat.postMessage" and side == "after"
        ]
        result = run(Kills(targets, chained=False), reference, forgetful)
    finally:
        forgetful.stop()
    assert any("posted 2 times" in each for each in result.violations)
