"""Whoever may write to the queue of Bedrock's events: they end no job, ask about none, and keep nobody busy."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.adapters.sqs_events import job_of
from bot.jobs.events import SPACING, EventWatch, Notice
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.watched import NAME, WEST, started, watch, world_with_a_job

ACCOUNT, OTHER = "123456789012", "210987654321"


class Queue:
    """A queue in memory, whose messages are read as those of SQS are; handed out ten at a time."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def receive(self, seconds: int) -> Sequence[Notice]:
        return [Notice(str(n), job_of(body, WEST)) for n, body in enumerate(self.bodies[:10])]

    def forget(self, notices: Sequence[Notice]) -> None:
        del self.bodies[: len(notices)]


@pytest.fixture
def world() -> World:
    return world_with_a_job()


def event(world: World, name: str = NAME, **detail: Any) -> dict[str, Any]:
    arn = world.customization.job(name).arn
    return {
        "source": "aws.bedrock",
        "detail-type": "Model Customization Job State Change",
        "account": ACCOUNT,
        "region": WEST,
        "detail": {"jobArn": arn, "jobStatus": "Completed", **detail},
    }


def theirs(world: World) -> dict[str, Any]:
    """Return an event of another account's job, which reads as it should."""
    whole = json.dumps(event(world)).replace(ACCOUNT, OTHER)
    made: dict[str, Any] = json.loads(whole)
    return made


def emptied(world: World, queue: Queue, *watching: EventWatch, step: float = 1.0) -> float:
    """Read the queue until it is empty, with the bot at work, and return the seconds that it took."""
    began = world.clock.monotonic()
    while queue.bodies:
        for each in watching:
            assert each.attempt() == 0.0
        world.turn()
        world.clock.advance(step)
    return world.clock.monotonic() - began


def told(world: World) -> list[str]:
    return [each.message.text for each in world.messages.everything_posted]


LIES: dict[str, Callable[[World], Any]] = {
    "that it has ended": event,
    "that it has failed": lambda world: event(world, jobStatus="Failed", failureMessage="<!channel> pay"),
    "that it has another model": lambda world: event(world, outputModelArn="arn:aws:bedrock:::mine"),
    "of an account of somebody else's": theirs,
    "of our job in another's envelope": lambda world: {**event(world), "account": OTHER},
    "of another account's job in our envelope": lambda world: {**theirs(world), "account": ACCOUNT},
    "of another source": lambda world: {**event(world), "source": "evil"},
    "of a job that nobody follows": lambda world: event(
        world, jobArn=world.customization.job(NAME).arn[:-12] + "0" * 12
    ),
    "the status as a list": lambda world: event(world, jobStatus=["Completed"]),
    "a list of events": lambda world: [event(world)] * 3,
}
POISON = ["", "{", "null", "0", '"', "[" * 200_000, '{"detail":' * 50_000, "\x00", '"\\ud800"', "<xml/>"]


def test_whatever_an_event_says_a_job_that_runs_runs_on(world: World) -> None:
    """Tried: forged events that call a running job over, and bodies that are none, in the queue of events."""
    queue, before = Queue(), told(world)
    watching = watch(world, queue)
    with table() as row:
        for name, lie in LIES.items():
            with row(name):
                queue.bodies = [json.dumps(lie(world))] * 3
                emptied(world, queue, watching)
                assert not world.said("JobEnded")
                assert told(world) == before
        for body in POISON:
            with row(body[:12]):
                queue.bodies = [body]
                emptied(world, queue, watching)
    world.customization.complete(NAME)
    world.pass_time(70)
    assert len(world.said("JobEnded")) == 1, "and its end is told as ever"


@pytest.mark.slow
def test_ten_thousand_at_once_cost_a_listing_in_some_seconds_and_no_question_about_a_job(
    world: World,
) -> None:
    """Those of our jobs, again and again, of others', and what is no event; read by two processes."""
    queue = Queue()
    for n in range(3):
        started(world, f"more-{n}")
    world.pass_time(200, step=20)
    mine = [json.dumps(event(world, name)) for name in (NAME, "more-0", "more-1", "more-2")]
    queue.bodies = [
        each for n in range(2_000) for each in (mine[n % 4], *mine[:2], json.dumps(theirs(world)), "{")
    ]
    before = dict(world.customization.calls)
    # As quickly as SQS answers.
    took = emptied(world, queue, watch(world, queue), watch(world, queue), step=0.05)
    calls = {each: n - before.get(each, 0) for each, n in world.customization.calls.items()}
    assert calls["list_since"] <= 2 + took / SPACING
    assert calls["get"] == 0
    assert took < 60
