"""What is done on the outside is done once, whatever is repeated or cut off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.controller.context import AnyContext, Context, NotReady, OutOfTime
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.effects import Effect, Proof
from bot.controller.model import Done, Key, Outcome, Registration, Resource
from bot.controller.schema import Schema
from bot.errors import Misconfigured, NoIdentity, Refused, Throttled, Unavailable, UnknownOutcome
from tests.doubles.clock import FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.resources import InMemoryResources
from tests.doubles.world import Crash

JOB, OTHER = Key("job", "a1"), Key("release", "a1")
MADE = Effect("make", "making it", "a thing that its name finds", Proof.LOOK, longest=20, grace=30)
SHOWN = Effect("show", "showing it", "nothing: it is shown again", longest=20)


class World:
    """One resource, and the other side of its effects."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.store.register(Registration(JOB, {}))
        self.made: list[str] = []
        self.errors: list[Exception] = []
        self.commits = 0
        commit = self.store.commit

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.commits += 1
            return commit(*args, **kwargs)

        self.store.commit = counted  # type: ignore[method-assign]

    def claim(self) -> AnyContext:
        """Return the resource in another process's hands, whoever had it."""
        self.clock.advance(31)
        self.store.enqueue_now(JOB)
        [claim] = self.store.claim(1, {"job": 30.0})
        self.commits = 0
        return Context(self.store, claim, self.clock, Schema("job", dict, dict))

    def call(self) -> str:
        """Do it on the other side, or fail as was ordered: only an unclear outcome has it done all the same."""
        error = self.errors.pop(0) if self.errors else None
        if error is None or isinstance(error, UnknownOutcome):
            self.made.append("it")
        if error:
            raise error
        return "arn"

    def look(self) -> str | None:
        return "arn" if self.made else None

    def entry(self, name: str = "make") -> dict[str, Any]:
        resource: Resource | None = self.store.get(JOB)
        assert resource is not None
        entry: dict[str, Any] = resource.status.get("effects", {}).get(name, {})
        return entry


@pytest.fixture
def world() -> World:
    return World()


def kill_at(name: str) -> Callable[[str], None]:
    def hook(passed: str) -> None:
        if passed == name:
            raise Crash

    return hook


@pytest.mark.parametrize("effect", [MADE, SHOWN], ids=lambda each: each.proof.value)
def test_what_is_done_is_not_done_again_and_its_result_is_known(world: World, effect: Effect) -> None:
    context = world.claim()
    assert context.once(effect, world.call) == "arn"
    context.save()
    assert world.claim().once(effect, world.call) == "arn"
    assert world.made == ["it"]


def test_each_item_is_done_by_itself(world: World) -> None:
    context = world.claim()
    for item in ("a", "b", "a"):
        context.once(MADE, world.call, item=item)
    assert len(world.made) == 2


def test_what_is_harmless_to_repeat_adds_no_write(world: World) -> None:
    context = world.claim()
    context.once(SHOWN, world.call)
    assert world.commits == 0
    assert world.claim().once(SHOWN, world.call) == "arn"
    assert len(world.made) == 2, "nothing was written of the first"


def points() -> Iterator[tuple[Effect, str, int]]:
    """Return where it is killed, and how often the other side has been asked when all is over."""
    for effect in (MADE, SHOWN):
        again = effect.proof is not Proof.LOOK
        yield effect, f"before-{effect.name}", 1
        yield effect, f"after-{effect.name}", 2 if again else 1
        if effect.proof is not Proof.REPEAT:
            yield effect, "before-commit", 1
            yield effect, "after-commit", 1


@pytest.mark.parametrize(
    ("effect", "point", "asked"), [*points()], ids=lambda each: getattr(each, "name", each)
)
def test_a_crash_anywhere_is_settled_by_the_next_claim(
    world: World, effect: Effect, point: str, asked: int
) -> None:
    look = world.look if effect.proof is Proof.LOOK else None
    with pytest.raises(Crash), crashing(kill_at(point)):
        world.claim().once(effect, world.call, look=look)
    context = world.claim()
    assert context.once(effect, world.call, look=look) == "arn"
    assert len(world.made) == asked


def test_the_intent_and_what_comes_with_it_are_one_write(world: World) -> None:
    context = world.claim()
    with pytest.raises(Crash), crashing(kill_at("before-make")):
        context.once(MADE, world.call, also=[Registration(OTHER, {})])
    assert world.commits == 1
    assert world.store.get(OTHER) is not None
    assert world.entry()["state"] == "begun"


def test_an_attempt_without_an_answer_is_looked_for_and_not_repeated_before_the_grace(world: World) -> None:
    world.errors = [UnknownOutcome("no answer")]
    context = world.claim()
    with pytest.raises(UnknownOutcome):
        context.once(MADE, world.call)
    world.made.clear()  # nobody sees it yet
    with pytest.raises(NotReady) as later:
        context.once(MADE, world.call, look=world.look)
    assert later.value.seconds == pytest.approx(30)
    world.made.append("it")
    assert context.once(MADE, world.call, look=world.look) == "arn"
    assert world.made == ["it"]


@pytest.mark.parametrize(
    "error", [Throttled("slow", retry_after=1), Unavailable("away"), NoIdentity("expired")], ids=repr
)
def test_what_is_certainly_not_done_is_no_attempt(world: World, error: Exception) -> None:
    world.errors = [error]
    with pytest.raises(type(error)):
        world.claim().once(MADE, world.call)
    assert (world.entry()["at"], world.entry()["tries"]) == (None, 0)
    assert world.claim().once(MADE, world.call) == "arn"


@pytest.mark.parametrize("error", [Refused("No."), Misconfigured("No.")], ids=repr)
def test_a_refusal_is_kept_and_another_wish_tries_again(world: World, error: Exception) -> None:
    world.errors = [error]
    context = world.claim()
    with pytest.raises(type(error)):
        context.once(MADE, world.call)
    assert (world.entry()["state"], world.entry()["error"]) == ("refused", "No.")
    assert context.once(MADE, world.call) == "arn"
    assert (world.entry()["state"], world.entry()["error"]) == ("done", "")


def test_a_lease_that_is_too_short_lets_nothing_begin(world: World) -> None:
    context = world.claim()
    save = context.save

    def slow(also: Any = ()) -> None:
        save(also)
        world.clock.advance(15)

    context.save = slow  # type: ignore[method-assign]
    with pytest.raises(OutOfTime):
        context.once(MADE, world.call)
    assert (world.made, context.record(MADE).at) == ([], None)


def test_an_effect_that_is_not_declared_is_a_defect(world: World) -> None:
    raised: list[Exception] = []

    def reconcile(context: AnyContext) -> Outcome:
        for effect in (SHOWN, MADE):
            try:
                context.once(effect, world.call)
            except ValueError as defect:
                raised.append(defect)
        return Done()

    kinds = {"job": replace(BARE["job"], effects=(SHOWN,))}
    Controller(world.store, {"job": reconcile}, world.clock, kinds=kinds).tick()
    assert [str(each) for each in raised] == ["job does not declare the effect make"]
    assert world.made == ["it"]
