"""The work queue against a model of it, over random histories: leases, fences, spec and generation.

Time is explicit: things are due at once or not for a long while, and a rule lets time pass. With that, a removed fence
or a removed generation check is found within seconds (both were planted once by hand, in the scripts and in the twin),
and so is a due time that the hint of a claim (``next``) does not know.
Claims that were used up stay in play: they must be refused for ever, even when the store fails over to what it was
some time ago and gives the same numbers out again.
"""

import copy
import uuid
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis import Redis

from bot.controller.model import Claim, Done, Key, Registration, RequeueAfter, StaleClaim
from bot.controller.ports import ResourceStore
from storage.keys import Keys
from storage.redis_resources import RedisResources
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources
from tests.examples import examples as scaled
from tests.fixtures.redis import rewind

LEASE, LONG = 100.0, 250.0
"""Seconds. Things are due at once or in LONG; the rule lets LEASE pass: never near an edge, whatever real time does."""

NAMES = ("a", "b")


@dataclass
class Expected:
    """What the model knows of one thing."""

    spec: dict[str, Any]
    generation: int = 1
    status: dict[str, Any] = field(default_factory=dict)
    resource_version: int = 0
    holder: str = ""
    due_in: float | None = 0.0
    leased: bool = False
    enqueued: bool = False
    done: bool = False


@dataclass
class Kept:
    """What a replica knows, in the store and in the model, and how much time has passed since."""

    image: object
    model: dict[str, Expected]
    passed: float = 0.0


COPY = """
for _, key in ipairs(redis.call('KEYS', ARGV[2] .. ':*')) do redis.call('DEL', key) end
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do
  redis.call('COPY', key, ARGV[2] .. string.sub(key, #ARGV[1] + 1))
end
"""
"""Copy everything under one root to another, in place of what is there."""


class ThingsMachine(RuleBasedStateMachine):
    """Does the same to the store and to the model, and compares."""

    client: ClassVar[Redis | None] = None
    claims: Bundle[tuple[Claim, int]] = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.keys = Keys(f"model-{uuid.uuid4().hex[:12]}")
        self.model: dict[str, Expected] = {}
        self.store: ResourceStore = (
            InMemoryResources(self.clock)
            if self.client is None
            else RedisResources(self.client, self.keys, self.clock)
        )
        self.number = 0
        self.kept: Kept | None = None

    def teardown(self) -> None:
        if self.client is not None:
            self.client.delete(*self.client.scan_iter(match=f"*{self.keys.root}:*"), "nothing")

    def fresh(self) -> dict[str, Any]:
        self.number += 1
        return {"n": self.number}

    @initialize()
    def one_is_there(self) -> None:
        self.register("a", 0.0)

    @rule(name=st.sampled_from(NAMES), due_in=st.sampled_from([0.0, LONG]))
    def register(self, name: str, due_in: float) -> None:
        spec = self.fresh()
        added = self.store.register(Registration(Key("job", name), spec, due_in))
        assert added == (name not in self.model)
        self.model.setdefault(name, Expected(spec, due_in=due_in))

    @rule(name=st.sampled_from(NAMES), interrupted=st.booleans())
    def amend(self, name: str, *, interrupted: bool) -> None:
        """Want it otherwise; when ``interrupted``, another wants something between the look and the write."""
        key, expected, seen = Key("job", name), self.model.get(name), list[int]()
        spec, anothers = self.fresh(), self.fresh()

        def change(before: dict[str, Any]) -> dict[str, Any]:
            seen.append(before["n"])
            if interrupted and len(seen) == 1:
                assert self.store.amend(key, lambda _: anothers) is not None
            return spec

        changed = self.store.amend(key, change)
        assert (changed is None) == (expected is None)
        if changed is None or expected is None:
            assert not seen
            return
        assert seen == [expected.spec["n"], *([anothers["n"]] if interrupted else [])]
        expected.spec, expected.generation, expected.done = spec, expected.generation + len(seen), False
        assert (changed.spec, changed.generation) == (expected.spec, expected.generation)
        if not expected.leased:
            expected.due_in = 0.0

    @rule(name=st.sampled_from(NAMES))
    def enqueue_now(self, name: str) -> None:
        self.store.enqueue_now(Key("job", name))
        expected = self.model.get(name)
        if expected and not expected.done:
            if expected.leased:
                expected.enqueued = True
            else:
                expected.due_in = 0.0

    @rule(target=claims, limit=st.integers(1, 2))
    def claim(self, limit: int) -> Any:
        taken = self.store.claim(limit, LEASE)
        due = [name for name, each in self.model.items() if each.due_in is not None and each.due_in <= 0]
        assert len(taken) == min(limit, len(due)), f"due: {due}"
        for claim in taken:
            expected = self.model[claim.resource.key.id]
            assert claim.resource.key.id in due
            expected.resource_version += 1
            expected.holder = claim.holder
            expected.leased, expected.due_in, expected.enqueued = True, LEASE, False
            assert (claim.resource.spec, claim.resource.generation) == (expected.spec, expected.generation)
            assert (claim.resource.status, claim.resource.resource_version) == (
                expected.status,
                expected.resource_version,
            )
        return multiple(*((claim, claim.resource.generation) for claim in taken))

    @precondition(lambda self: self.model)
    @rule(
        target=claims,
        held=consumes(claims),
        outcome=st.sampled_from([None, RequeueAfter(0), RequeueAfter(LONG), Done()]),
        twice=st.booleans(),
        also=st.sampled_from([None, "a", "b"]),
    )
    def commit(
        self, held: tuple[Claim, int], outcome: RequeueAfter | Done | None, twice: bool, also: str | None
    ) -> Any:
        claim, generation = held
        if claim.resource.key.id not in self.model:  # a failover forgot the whole thing
            with pytest.raises(StaleClaim):
                self.store.commit(claim, self.fresh(), outcome)
            return multiple(held)
        expected, status = self.model[claim.resource.key.id], self.fresh()
        more = [Registration(Key("job", also), self.fresh(), LONG)] if also else []
        current = (claim.resource.resource_version, claim.holder) == (
            expected.resource_version,
            expected.holder,
        )
        try:
            after = self.store.commit(claim, status, outcome, more)
            if twice:  # the answer was lost
                assert (
                    self.store.commit(claim, status, outcome, more).resource.resource_version
                    == after.resource.resource_version
                )
        except StaleClaim:
            assert not current, "a valid claim was refused"
            return multiple(held)
        assert current, "a stale claim was let through"
        expected.resource_version += 1
        expected.status = status
        self._expect(expected, outcome, generation)
        if also:
            self.model.setdefault(also, Expected(dict(more[0].spec), due_in=LONG))
        assert (after.resource.resource_version, after.resource.status) == (expected.resource_version, status)
        return multiple(held, (after, generation)) if outcome is None else multiple(held)

    def _expect(self, expected: Expected, outcome: RequeueAfter | Done | None, generation: int) -> None:
        if outcome is None:
            expected.leased, expected.due_in = True, LEASE
            return
        again_at_once = expected.generation != generation or expected.enqueued
        expected.leased = expected.enqueued = False
        if again_at_once:
            expected.due_in = 0.0
        elif isinstance(outcome, RequeueAfter):
            expected.due_in = outcome.seconds
        else:
            expected.done, expected.due_in = True, None

    @rule()
    def time_passes(self) -> None:
        """More than a lease, and less than a long wait; two of them are more than that."""
        passed = LEASE + 40
        self.clock.advance(passed)
        if self.client is not None:
            rewind(self.client, self.keys, passed)
        for model in (self.model, *([self.kept.model] if self.kept else [])):
            for expected in model.values():
                expected.leased = False
                if expected.due_in is not None:
                    expected.due_in -= passed
        if self.kept:
            self.kept.passed += passed

    @rule()
    def a_replica_lags_behind(self) -> None:
        """From here on it hears nothing more."""
        if isinstance(self.store, InMemoryResources):
            image: object = self.store.image()
        else:
            assert self.client is not None
            image = self.client.eval(COPY, 0, self.keys.root, f"kept-{self.keys.root}")
        self.kept = Kept(image, copy.deepcopy(self.model))

    @precondition(lambda self: self.kept)
    @rule()
    def it_takes_over(self) -> None:
        """All that happened since is forgotten; who holds a claim does not know."""
        assert self.kept is not None
        if isinstance(self.store, InMemoryResources):
            self.store.roll_back(self.kept.image)
        else:
            assert self.client is not None
            self.client.eval(COPY, 0, f"kept-{self.keys.root}", self.keys.root)
            if self.kept.passed:
                rewind(self.client, self.keys, self.kept.passed)
        self.model, self.kept = self.kept.model, None

    @rule(
        target=claims,
        between=st.sampled_from([None, "spec", "enqueue_now"]),
        outcome=st.sampled_from([RequeueAfter(0), RequeueAfter(LONG), Done()]),
    )
    def one_is_worked_on(self, between: str | None, outcome: RequeueAfter | Done) -> Any:
        """Claimed, wanted otherwise meanwhile or not, given back, and looked for again at once."""
        taken: Any = self.claim(limit=1)
        for claim, generation in taken.values:
            if between == "spec":
                self.amend(name=claim.resource.key.id, interrupted=False)
            elif between == "enqueue_now":
                self.enqueue_now(name=claim.resource.key.id)
            self.commit(held=(claim, generation), outcome=outcome, twice=False, also=None)
        return self.claim(limit=2)

    @rule(target=claims)
    def a_claim_is_forgotten(self) -> Any:
        """The shortest failover that does harm: whoever claims next gets the same number."""
        self.a_replica_lags_behind()
        forgotten: Any = self.claim(limit=1)
        self.it_takes_over()
        taken: Any = self.claim(limit=1)
        return multiple(*forgotten.values, *taken.values)

    @invariant()
    def the_store_knows_what_the_model_knows(self) -> None:
        for name in NAMES:
            resource, expected = self.store.get(Key("job", name)), self.model.get(name)
            if expected is None or resource is None:
                assert resource is None
                assert expected is None
                continue
            assert (resource.spec, resource.generation) == (expected.spec, expected.generation)
            assert (resource.status, resource.resource_version, resource.done) == (
                expected.status,
                expected.resource_version,
                expected.done,
            )
            assert (resource.due_at is None) == (expected.due_in is None)


def run(machine: type[ThingsMachine], examples: int) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=scaled(examples),
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            report_multiple_bugs=False,
            suppress_health_check=slow,
        ),
    )


@pytest.mark.slow
def test_the_twin_keeps_to_the_model() -> None:
    run(ThingsMachine, 100)


@pytest.mark.slow
@pytest.mark.redis_server
@pytest.mark.timeout(300)  # when it fails, the history is made shorter for a minute or two
def test_the_store_keeps_to_the_model(redis_client: Redis) -> None:
    class OnRedis(ThingsMachine):
        client = redis_client

    run(OnRedis, 60)
