"""What a crash at any place leaves, and what the next claim makes of it: every row of the table, and every place.

Deterministic: kills are exceptions that nothing catches, time is a fake clock, Slack and AWS are strict fakes.
``ROWS`` is the table: W1 commits the intent, X is the call, W2 commits its result.
"""

from collections.abc import Callable

import pytest

from bot.controller.context import AnyContext, Context, OutOfTime
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Key, Message, Registration, Resource, StaleClaim
from bot.controller.outbox.entries import marker
from bot.controller.outbox.messages import Outbox
from bot.controller.schema import Schema
from bot.errors import NotFound
from tests.chaos.tracked_job import Killed, card, kill_at, reconciler
from tests.doubles.clock import START, FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.messages import Failure, FakeSlackMessages, down, dropped, lost_reply, throttled
from tests.doubles.resources import InMemoryResources

pytestmark = pytest.mark.chaos

JOB = Key("job", "a1b2")


ROWS = {
    "before W1": "killed_before_the_intent",
    "after W1, before X": "killed_after_the_intent_before_the_call",
    "during X (timeout, reset)": "the_connection_broke_during_the_call",
    "after X, before W2": "killed_after_the_call_before_its_result_was_kept",
    "W2's reply lost": "the_answer_to_a_commit_was_lost",
    "after an edit, before its save": "killed_after_an_edit_before_it_was_kept",
    "after the deletion of throughput, before its save": "killed_after_the_release_before_it_was_kept",
    "after everything, before done": "killed_after_everything_before_done",
    "paused past the lease, wakes before X": "paused_past_the_lease_before_the_intent",
    "paused between the check and the socket write": "paused_between_the_last_check_and_the_call",
    "the same, with an edit": "an_old_text_put_back_by_a_frozen_process_is_mended_by_settling",
    "the store lost its last second (failover)": "the_store_failed_over_and_forgot_its_last_writes",
    "our card was deleted": "our_card_was_deleted_by_a_person",
}
"""Where a process or a store dies, and the test of that row (``test_row_…``)."""


FAILURES = {"lost reply": lost_reply(), "dropped": dropped(), "throttled": throttled(4), "down": down()}


class FakeCloud:
    """AWS for one job: it trains for two minutes, and its throughput is there until it is released."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.held = True
        self.releases = 0

    def phase(self, name: str) -> str:
        return "completed" if (self._clock.now() - START).total_seconds() >= 120 else "training"

    def release(self, name: str) -> None:
        self.releases += 1
        if not self.held:
            raise NotFound("No such throughput.")
        self.held = False


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.cloud = FakeCloud(self.clock)
        self.store.register(Registration(JOB, {"channel": "C1", "since": START.timestamp()}))
        self.deaths = 0
        self.tries = 5

    def process(self) -> Controller:
        """Start a process: another one after each death."""
        work = reconciler(Outbox(self.slack, self.clock, tries=self.tries), self.cloud)
        return Controller(self.store, {"job": work}, self.clock, random=lambda: 1.0, kinds=BARE)

    def live(self, hook: Callable[[str], None] = lambda _: None, seconds: int = 1200) -> None:
        """Let processes follow until the job is done, starting another after each death."""
        process = self.process()
        with crashing(hook):
            for _ in range(seconds):
                try:
                    process.tick()
                except Killed:
                    self.deaths += 1
                    process = self.process()
                if self.job.done:
                    return
                self.clock.advance(1)
        pytest.fail(f"It did not end: {self.job}")

    @property
    def job(self) -> Resource:
        resource = self.store.get(JOB)
        assert resource is not None
        return resource

    def context(self, lease: float = 30.0) -> AnyContext:
        [claim] = self.store.claim(1, lease)
        return Context(self.store, claim, self.clock, Schema("job", dict, dict))

    def check(self, *, copies: int = 0) -> None:
        """Everything happened, and once; ``copies`` is how many deleted second copies are allowed."""
        texts = sorted(each.message.text for each in self.slack.visible())
        assert texts == ["It is completed.", "It is released.", "The job is completed."]
        assert len(self.slack.everything_posted) <= 3 + copies
        [root] = [each for each in self.slack.visible() if each.thread_ts is None]
        assert root.message == card("completed")
        assert {each.thread_ts for each in self.slack.visible()} == {None, root.ts}
        assert not self.cloud.held


@pytest.fixture
def world() -> World:
    return World()


def points() -> list[str]:
    """Return the crash points of an undisturbed life, in order."""
    passed: list[str] = []
    world = World()
    world.live(passed.append)
    world.check()
    return passed


POINTS = points()


def test_the_undisturbed_life_passes_every_kind_of_crash_point() -> None:
    assert {point.removeprefix("before-").removeprefix("after-") for point in POINTS} >= {
        "find",
        "post",
        "update",
        "commit",
        "release",
    }


@pytest.mark.parametrize("place", range(1, len(POINTS) + 1), ids=lambda n: f"{n}-{POINTS[n - 1]}")
def test_one_kill_at_any_place(world: World, place: int) -> None:
    world.live(kill_at(place))
    assert world.deaths == 1
    world.check()


@pytest.mark.parametrize("every", [2, 3, 5, 7])
def test_kills_again_and_again(world: World, every: int) -> None:
    """Even when each death hits the same place between an intent and its call."""
    world.tries = 50
    passed = 0

    def hook(point: str) -> None:
        nonlocal passed
        passed += 1
        if passed % every == 0 and passed < 60:
            raise Killed(point)

    world.live(hook, seconds=6000)
    assert world.deaths >= 60 // every - 1
    world.check()


@pytest.mark.parametrize(
    "failure", [lost_reply(), dropped(), throttled(4), down()], ids=["lost", "dropped", "429", "down"]
)
@pytest.mark.parametrize("method", ["post", "find", "update"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_one_failure_of_slack_at_any_call(world: World, method: str, nth: int, failure: Failure) -> None:
    def order(called: str) -> None:
        if called == method and world.slack.calls[method] == nth - 1 and nth not in ordered:
            ordered.append(nth)
            world.slack.order(method, failure)

    ordered: list[int] = []
    world.slack.before = order
    world.live()
    world.check()


# The rows of the table, by name


def test_every_row_has_its_test() -> None:
    assert {f"test_row_{each}" for each in ROWS.values()} == {
        name for name in globals() if name.startswith("test_row_")
    }


def test_row_killed_before_the_intent(world: World) -> None:
    world.live(kill_at(1, "before-find"))
    world.check()


def test_row_killed_after_the_intent_before_the_call(world: World) -> None:
    world.live(kill_at(1, "before-post"))
    world.check()


@pytest.mark.parametrize("effect", [True, False], ids=["it took effect", "it did not"])
def test_row_the_connection_broke_during_the_call(world: World, effect: bool) -> None:
    world.slack.order("post", lost_reply() if effect else dropped())
    world.live()
    world.check()


def test_row_killed_after_the_call_before_its_result_was_kept(world: World) -> None:
    world.live(kill_at(1, "after-post"))
    assert len(world.slack.everything_posted) == 3
    world.check()


def test_row_the_answer_to_a_commit_was_lost(world: World) -> None:
    """The client library sends the same script again; the store knows it by its content."""
    commit = world.store.commit

    def twice(*args: object, **kwargs: object) -> object:
        commit(*args, **kwargs)  # type: ignore[arg-type]
        return commit(*args, **kwargs)  # type: ignore[arg-type]

    world.store.commit = twice  # type: ignore[method-assign, assignment]
    world.live()
    world.check()


def test_row_killed_after_an_edit_before_it_was_kept(world: World) -> None:
    world.live(kill_at(1, "after-update"))
    world.check()


def test_row_killed_after_the_release_before_it_was_kept(world: World) -> None:
    world.live(kill_at(1, "after-release"))
    assert world.cloud.releases == 2, "the second found it gone, which is success"
    world.check()


def test_row_killed_after_everything_before_done(world: World) -> None:
    commits = [n for n, point in enumerate(POINTS, 1) if point == "before-commit"]
    world.live(kill_at(commits[-1]))
    world.check()


def test_row_paused_past_the_lease_before_the_intent(world: World) -> None:
    paused = world.context()
    world.clock.advance(31)
    world.process().tick()
    with pytest.raises((OutOfTime, StaleClaim)):
        Outbox(world.slack, world.clock).post_once(
            paused, "card", card("training"), channel="C1", since=START
        )
    world.live()
    world.check()


def test_row_paused_between_the_last_check_and_the_call(world: World) -> None:
    """Nothing can stop that call: a second copy appears, and the settling pass deletes it."""
    paused = world.context()
    world.clock.advance(31)
    world.process().tick()
    world.slack.post("C1", card("training"), marker=marker(paused, "card"))  # the paused process wakes
    assert len(world.slack.visible()) == 2
    world.live()
    world.check(copies=1)


def test_row_an_old_text_put_back_by_a_frozen_process_is_mended_by_settling(world: World) -> None:
    texts: list[str] = []

    def old_text_returns(point: str) -> None:
        settling = world.job.status.get("settle")
        if settling and not texts:
            ts = world.job.status["outbox"]["card"]["ts"]
            world.slack.update("C1", ts, card("training"))
            texts.append(ts)

    world.live(old_text_returns)
    assert texts
    world.check()


@pytest.mark.parametrize("place", range(1, len(POINTS) + 1), ids=lambda n: f"{n}-{POINTS[n - 1]}")
@pytest.mark.parametrize("lost", [1, 2, 3, 6])
def test_row_the_store_failed_over_and_forgot_its_last_writes(world: World, place: int, lost: int) -> None:
    """At any place, the store goes back to what it was some commits ago, as a replica that lagged does."""
    images = [world.store.image()]
    passed = 0

    def hook(point: str) -> None:
        nonlocal passed
        passed += 1
        if passed == place:
            world.store.roll_back(images[max(0, len(images) - lost)])
        elif point == "after-commit":
            images.append(world.store.image())

    world.live(hook)
    assert passed >= place
    world.check()


def test_row_our_card_was_deleted_by_a_person(world: World) -> None:
    world.process().tick()
    world.slack.remove("C1", world.job.status["outbox"]["card"]["ts"])
    world.live()
    world.check(copies=1)


def test_a_thread_that_is_gone_does_not_swallow_what_comes_after(world: World) -> None:
    """The card is deleted right after its last edit: the next reply finds no thread, and goes to the channel."""

    def delete_the_card(method: str) -> None:
        if method == "post" and world.slack.calls["post"] == 1:
            world.slack.remove("C1", world.job.status["outbox"]["card"]["ts"])

    world.slack.before = delete_the_card
    world.live()
    texts = sorted(each.message.text for each in world.slack.visible())
    assert texts == ["It is completed.", "It is released.", "The job is completed."]


def test_two_processes_at_once_change_nothing(world: World) -> None:
    one, other = world.process(), world.process()
    for _ in range(400):
        one.tick()
        other.tick()
        world.clock.advance(1)
    assert world.job.done
    world.check()


def test_an_hour_without_slack_loses_nothing(world: World) -> None:
    def away(method: str) -> None:
        if (world.clock.now() - START).total_seconds() < 3600:
            world.slack.order(method, down())

    world.slack.before = away
    world.live(seconds=6000)
    world.check()


def test_a_clock_that_is_set_back_an_hour_delays_nothing_for_long(world: World) -> None:
    world.process().tick()
    world.clock.step(-3600)
    world.live(seconds=3800)
    world.check()


def test_a_message_of_somebody_else_is_left_alone(world: World) -> None:
    other = world.slack.post("C1", Message("Hello"), marker="00000000-0000-0000-0000-000000000000")
    world.live()
    assert [each.message.text for each in world.slack.visible() if each.ts == other] == ["Hello"]
