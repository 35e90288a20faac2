"""Random histories of deliveries and of a job: crashes, lost answers, a store that forgets; told once, in order.

The crash table tries each place alone; here Hypothesis looks for combinations. At the end of a history everything is
left in peace, and what Slack and AWS have then must be what a quiet life leaves.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Key, Message, Outcome, Registration, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.errors import TunesmithError
from bot.jobs.model import Phase
from tests.attacks.test_silent_store import OPERATOR, Processes
from tests.chaos.tracked_job import Killed, kill_at
from tests.doubles import bedrock
from tests.doubles.clock import START, FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.messages import FakeSlackMessages, down, dropped, lost_reply, throttled
from tests.doubles.resources import InMemoryResources
from tests.doubles.world import World
from tests.examples import examples
from tests.unit.jobs.samples import plan

pytestmark = pytest.mark.chaos

SAID = ("begun", "half", "ended")
FAILURES = {"lost": lost_reply(), "dropped": dropped(), "429": throttled(4), "down": down()}


def run_machine(machine: type[RuleBasedStateMachine], count: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(count),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


class Deliveries(RuleBasedStateMachine):
    """Two things, each with three notices in order and a card that is edited, followed by two processes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.images: list[object] = [self.store.image()]
        self.keys = [Key("job", name) for name in ("a", "b")]
        self.register()
        self.processes = [self.process(), self.process()]

    def register(self) -> None:
        """What a handler does; a person whose wish was forgotten wishes again."""
        for key in self.keys:
            self.store.register(Registration(key, {}))

    def process(self) -> Controller:
        outbox = Outbox(self.slack, self.clock, tries=50)

        def reconcile(context: AnyContext) -> Outcome:
            root = None
            for n, name in enumerate(SAID):
                message = Message(f"{context.key.id} {name}")
                ts = outbox.post_once(context, name, message, channel="C1", thread_ts=root, since=START)
                root = root or ts
                outbox.show(context, SAID[0], Message(f"{context.key.id} {n}"))
                if context.status.setdefault("reached", 0) <= n:
                    context.status["reached"] = n + 1
                    return RequeueAfter(1)
            return outbox.settle(context, {SAID[0]: Message(f"{context.key.id} 2")})

        return Controller(self.store, {"job": reconcile}, self.clock, random=lambda: 1.0, kinds=BARE)

    @rule(process=st.integers(0, 1), place=st.integers(0, 12))
    def turn(self, process: int, place: int) -> None:
        """Let a process work; at the ``place``-th crash point it dies, and another one takes its place."""
        try:
            with crashing(kill_at(place) if place else lambda _: None):
                self.processes[process].tick()
        except Killed:
            self.processes[process] = self.process()

    @rule(seconds=st.sampled_from([1, 5, 31, 90]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(method=st.sampled_from(["post", "find", "update"]), failure=st.sampled_from(sorted(FAILURES)))
    def slack_fails(self, method: str, failure: str) -> None:
        self.slack.order(method, FAILURES[failure])

    @rule()
    def remember(self) -> None:
        self.images.append(self.store.image())

    @rule(back=st.integers(1, 3))
    def the_store_forgets(self, back: int) -> None:
        self.store.roll_back(self.images[max(0, len(self.images) - back)])

    def teardown(self) -> None:
        """Leave everything in peace, and look at what there is."""
        for _ in range(800):
            self.register()
            self.processes[0].tick()
            if all(self.done(key) for key in self.keys):
                break
            self.clock.advance(2)
        else:
            pytest.fail("it never ends")
        for key in self.keys:
            told = [each for each in self.slack.visible() if each.message.text.startswith(key.id)]
            assert [each.message.text for each in told] == [f"{key.id} {last}" for last in (2, *SAID[1:])]
            assert [each.thread_ts for each in told] == [None, told[0].ts, told[0].ts]
        assert len(self.slack.everything_posted) == len(SAID) * len(self.keys), "something was posted twice"

    def done(self, key: Key) -> bool:
        resource = self.store.get(key)
        return resource is not None and resource.done


class OneJob(RuleBasedStateMachine):
    """One plan: pressed by two people, created, trained, told, with everything that may go wrong on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.jobs.propose(plan())
        self.images: list[object] = [
            self.world.store.image()
        ]  # a wish that was forgotten is wished anew: another one
        self.ended = False

    @property
    def name(self) -> str:
        return plan().job_name

    @property
    def exists(self) -> bool:
        return any(name == self.name for _, name in self.world.customization.jobs)

    def quietly(self, act: Callable[[], Any]) -> None:
        """Do what a person does: what they are told when it does not work is not looked at here."""
        with suppress(TunesmithError):
            act()

    @rule(place=st.integers(0, 15))
    def turn(self, place: int) -> None:
        try:
            with crashing(kill_at(place) if place else lambda _: None):
                self.world.turn()
        except Killed:
            self.world.rebuilt()

    @rule(by=st.sampled_from(["UTRAIN", "UTRAIN2"]))
    def start(self, by: str) -> None:
        self.quietly(lambda: self.world.press("job", plan().id, "start", by))

    @rule(seconds=st.sampled_from([5, 31, 61, 300]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.advance(seconds)

    @rule(method=st.sampled_from(["post", "find", "update"]), failure=st.sampled_from(sorted(FAILURES)))
    def slack_fails(self, method: str, failure: str) -> None:
        self.world.messages.order(method, FAILURES[failure])

    @rule(
        method=st.sampled_from(["create", "get", "list_since"]),
        fault=st.sampled_from([bedrock.lost_reply(), bedrock.dropped(), bedrock.throttled(), bedrock.down()]),
    )
    def aws_fails(self, method: str, fault: bedrock.Fault) -> None:
        self.world.customization.order(method, fault)

    @precondition(lambda self: self.exists and not self.ended)
    @rule()
    def it_is_trained(self) -> None:
        self.world.customization.complete(self.name, training_loss=0.4)
        self.ended = True

    @rule()
    def remember(self) -> None:
        self.images.append(self.world.store.image())

    @rule(back=st.integers(1, 3))
    def the_store_forgets(self, back: int) -> None:
        self.world.store.roll_back(self.images[max(0, len(self.images) - back)])

    def teardown(self) -> None:
        """Leave everything in peace, and look at what there is: one job, each thing told once, the end last."""
        world = self.world
        for _ in range(400):
            if not self.exists or self.phase is Phase.PLANNED:
                self.start("UTRAIN")
            if self.exists and not self.ended:
                self.it_is_trained()
            world.clock.advance(15)
            world.turn()
            resource = world.store.get(Key("job", plan().id))
            if resource is not None and resource.done:
                break
        else:
            pytest.fail(f"it never ends: {world.store.get(Key('job', plan().id))}")
        texts = [each.message.text.split(":")[0].split("(")[0] for each in world.messages.visible()]
        assert len(world.customization.jobs) == 1
        assert (texts.count("PlanCard"), texts.count("JobCard")) == (0, 1)
        assert texts.count("JobEnded") == 1
        markers = [each.marker for each in world.messages.everything_posted]
        assert len(markers) == len(set(markers)), "something was posted twice"

    @property
    def phase(self) -> Phase | None:
        try:
            return self.world.jobs.find(plan().id).phase
        except TunesmithError:
            return None


class OneLease(RuleBasedStateMachine):
    """An hour's lease whose store is away past its end, and two processes: it ends by AWS alone, and once."""

    def __init__(self) -> None:
        super().__init__()
        self.bot = Processes(2)
        self.world = self.bot.world
        self.lease = self.bot.serve()

    @rule(seconds=st.sampled_from([20, 300, 1500]), place=st.integers(0, 12))
    def time_passes(self, seconds: int, place: int) -> None:
        """Let it pass; at the ``place``-th crash point the process dies, and another one takes its place."""
        try:
            with crashing(kill_at(place) if place else lambda _: None):
                self.bot.let_pass(seconds, step=20)
        except Killed:
            self.world.rebuilt()
            self.bot.dogs[0] = self.bot.dog(self.bot.ways[0])

    @rule(how=st.sampled_from(["down", "full"]), silent=st.booleans())
    def the_store(self, how: str, silent: bool) -> None:
        setattr(self.world.store, how, silent)

    @rule(cut=st.booleans())
    def one_is_cut_off(self, cut: bool) -> None:
        self.bot.ways[1].cut = cut

    @rule(which=st.integers(0, 1))
    def one_begins_anew(self, which: int) -> None:
        self.bot.dogs[which] = self.bot.dog(self.bot.ways[which])

    @rule(method=st.sampled_from(["post", "find", "update"]), failure=st.sampled_from(sorted(FAILURES)))
    def slack_fails(self, method: str, failure: str) -> None:
        self.world.messages.order(method, FAILURES[failure])

    @rule(
        method=st.sampled_from(["get", "delete", "tags", "list_all"]),
        fault=st.sampled_from([bedrock.lost_reply(), bedrock.dropped(), bedrock.throttled(), bedrock.down()]),
    )
    def aws_fails(self, method: str, fault: bedrock.Fault) -> None:
        self.world.endpoints.order(method, fault)

    def teardown(self) -> None:
        """Have the store away until long after the end, then back, and look at what there is."""
        self.world.store.down = True
        self.bot.let_pass(2 * 3600, step=20)
        assert self.bot.running == [], "it ends by AWS alone"
        self.world.store.down = self.world.store.full = self.bot.ways[1].cut = False
        self.bot.let_pass(1800, step=20)
        assert len(self.world.endpoints.deleted) == 1
        assert self.bot.phase(self.lease) == "released"
        ends = ("is released: its time was over", "Released: AWS confirms")
        told = [each for each in self.bot.texts("C1") if any(words in each for words in ends)]
        assert len(told) == 1, told
        operator = [each for each in self.bot.texts(f"D{OPERATOR}") if ends[0] in each]
        assert len(operator) <= 1, operator
        [spent] = self.world.ledger.kept.values()
        assert spent.actual is not None
        ran = (self.world.endpoints.deleted[0][1] - START).total_seconds() / 3600
        assert 12 <= spent.actual <= 12 * ran + 4, "at $12 an hour, twenty minutes begun are billed whole"


def test_one_lease_ends_by_aws_alone_while_the_store_is_away_and_is_told_and_billed_once() -> None:
    run_machine(OneLease, 20, 12)


def test_deliveries_are_told_once_and_in_order() -> None:
    run_machine(Deliveries, 40, 25)


def test_one_job_is_created_once_and_told_once() -> None:
    run_machine(OneJob, 20, 20)
