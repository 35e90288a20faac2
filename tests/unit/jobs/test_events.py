"""Bedrock's events shorten the wait for a job's end; they are never believed, and nothing depends on them."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, TunesmithError, Unavailable
from bot.jobs.dependencies import Cadence
from bot.jobs.events import AGAIN, FRESH, LATEST, MANY, PATIENCE, SPACING, EventWatch, Notice
from tests.doubles import bedrock
from tests.doubles.log import LogBench, log_bench
from tests.doubles.world import World
from tests.unit.jobs.watched import NAME, WEST, started, watch, world_with_a_job

FOREIGN = "arn:aws:bedrock:us-west-2:210987654321:model-customization-job/theirs/abcdefabcdef"


class Queue:
    """A queue in memory: what was received comes again unless it is forgotten."""

    def __init__(self) -> None:
        self.waiting: list[Notice] = []
        self.asked: list[int] = []
        self.trouble: list[TunesmithError] = []

    def put(self, *arns: str) -> None:
        self.waiting += [Notice(f"r{len(self.waiting) + n}", arn) for n, arn in enumerate(arns)]

    def receive(self, seconds: int) -> Sequence[Notice]:
        self.asked.append(seconds)
        if self.trouble:
            raise self.trouble.pop(0)
        return self.waiting[:10]

    def forget(self, notices: Sequence[Notice]) -> None:
        gone = {each.receipt for each in notices}
        self.waiting = [each for each in self.waiting if each.receipt not in gone]


@pytest.fixture
def world() -> World:
    return world_with_a_job()


def arn(world: World, name: str = NAME) -> str:
    return world.customization.job(name).arn


def until(world: World, reached: Callable[[], object], watching: EventWatch | None = None) -> int:
    """Pass a second at a time until it is so, and return how many."""
    for second in range(200):
        if watching:
            watching.attempt()
        world.turn()
        if reached():
            return second
        world.clock.advance(1)
    raise AssertionError("it never was")


def ended(world: World) -> list[object]:
    return list(world.said("JobEnded"))


def just_after_a_listing(world: World) -> None:
    before = world.customization.calls["list_since"]
    until(world, lambda: world.customization.calls["list_since"] > before)
    world.clock.advance(SPACING)


def test_a_jobs_end_is_told_at_once_and_without_its_event_when_it_is_polled() -> None:
    waits = []
    for has_event in (True, False):
        world, queue = World(cadence=Cadence(poll=60, refresh=60)), Queue()
        started(world, NAME)
        world.pass_time(200, step=20)
        watching = watch(world, queue)
        just_after_a_listing(world)
        world.customization.complete(NAME)
        queue.put(*[arn(world)] * has_event)
        waits.append(until(world, lambda world=world: ended(world), watching))  # type: ignore[misc]
        assert not queue.waiting
    assert waits[0] <= 1
    assert 45 <= waits[1] <= 66


def test_a_listing_that_lags_behind_the_event_is_made_once_more(world: World) -> None:
    queue = Queue()
    watching = watch(world, queue)
    just_after_a_listing(world)
    queue.put(arn(world))
    watching.attempt()
    world.turn()  # which lists it as running still
    world.customization.complete(NAME)

    assert until(world, lambda: ended(world), watching) <= AGAIN + 1
    assert max(queue.asked[1:4]) <= AGAIN, "it does not wait twenty seconds with a look to come"


def test_while_bedrock_asks_for_patience_events_are_no_reason_to_ask(world: World) -> None:
    queue = Queue()
    watching = watch(world, queue)
    world.customization.order("list_since", bedrock.throttled())
    just_after_a_listing(world)
    before = world.customization.calls["list_since"]
    for _ in range(60):
        queue.put(arn(world))
        watching.attempt()
        world.turn()
        world.clock.advance(1)
    assert world.customization.calls["list_since"] == before


def test_other_teams_jobs_and_what_is_no_event_are_put_away_without_a_look(world: World) -> None:
    queue = Queue()
    watching = watch(world, queue)
    just_after_a_listing(world)
    poll = Key("poll", WEST)
    before = world.store.get(poll)
    queue.put(FOREIGN, "", FOREIGN)
    assert watching.attempt() == 0.0
    assert not queue.waiting
    after = world.store.get(poll)
    assert before
    assert after
    assert after.due_at == before.due_at


def test_an_event_that_comes_before_it_is_known_that_its_job_is_followed_is_heard(world: World) -> None:
    """Tried: the event of a job's end within seconds of a reading of what is followed, which did not have it yet."""
    queue = Queue()
    watching = watch(world, queue)
    queue.put(FOREIGN)
    watching.attempt()  # which reads what is followed
    started(world, "another")
    world.clock.advance(1)
    world.customization.complete("another")
    world.turn()
    queue.put(arn(world, "another"))
    watching.attempt()

    assert until(world, lambda: ended(world), watching) <= FRESH + SPACING + 1
    assert max(queue.asked[2:4]) <= FRESH, "it does not wait twenty seconds with something to be judged again"


def test_of_a_flood_about_jobs_of_others_a_hundred_are_judged_again_and_once(world: World) -> None:
    queue = Queue()
    watching = watch(world, queue)
    just_after_a_listing(world)
    listings = world.customization.calls["list_since"]
    queue.put(*(f"{FOREIGN}{number}" for number in range(300)))
    while queue.waiting:
        watching.attempt()
    assert len(watching._unknown) == MANY
    world.clock.advance(FRESH)
    watching.attempt()
    assert watching._unknown == frozenset()
    assert world.customization.calls["list_since"] == listings


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


def test_a_broken_queue_is_told_once_and_jobs_are_polled(world: World, bench: LogBench) -> None:
    queue = Queue()
    queue.trouble = [Misconfigured("AWS does not allow me to do this.", hint="Allow it.")] * 50
    watching = watch(world, queue)
    waits = []
    for _ in range(8):
        waits.append(watching.attempt())
        bench.passes(waits[-1])
    assert waits == [5, 10, 20, 40, *[LATEST] * 4]
    assert len([text for text in bench.lines.texts if "No events of jobs in us-west-2" in text]) == 1
    assert bench.lines.tracebacks == 0
    assert bench.told == [
        "Something is wrong, and I go on trying: AWS does not allow me to do this. Allow it."
    ]

    world.customization.complete(NAME)
    assert until(world, lambda: ended(world), watching) <= 66
    queue.trouble = []
    assert watching.attempt() == 0.0


def test_with_the_store_away_nothing_is_taken_out_of_the_queue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue()
    watching = watch(world, queue)

    def away(*_: object) -> None:
        raise Unavailable("Redis is away.")

    queue.put(arn(world))
    with monkeypatch.context() as patch:
        patch.setattr(world.store, "unfinished", away)
        assert watching.attempt() > 0
    assert len(queue.waiting) == 1
    assert watching.attempt() == 0.0
    assert not queue.waiting


def test_it_ends_when_the_process_does_and_waits_as_long_as_sqs_takes(world: World) -> None:
    stop = threading.Event()

    class Ending(Queue):
        def receive(self, seconds: int) -> Sequence[Notice]:
            stop.set()
            return super().receive(seconds)

    queue = Ending()
    watch(world, queue).run(stop)
    assert queue.asked == [PATIENCE]
