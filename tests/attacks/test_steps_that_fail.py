"""A defect in every reconciler ends with words, once, but for what ends spending; a vendor that is away ends none."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import pytest

from bot.controller import giving_up
from bot.controller.context import AnyContext, AnyReconciler
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.controller.model import Done, Key, Outcome, Registration, Resource
from bot.errors import Misconfigured, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.leases.model import LeaseStatus
from bot.questions.answerer import Question
from bot.wiring import reconcilers
from handlers.ui.render import BlockKitRenderer
from tests.attacks.settings import SETTINGS
from tests.doubles.clock import START
from tests.doubles.messages import down
from tests.doubles.world import World
from tests.unit.questions import test_question

RECONCILERS = reconcilers(SETTINGS)
NAMES = sorted(KINDS)
ENDS_SPENDING = [name for name, kind in KINDS.items() if kind.ends_spending({}, {})]
OPERATOR = "COPS"
LONG = 3 * 3600.0
SPEC: dict[str, Any] = {"asked_at": START.isoformat(), "channel": "C1", "user": "U1"}


def failing(error: Callable[[], Exception]) -> AnyReconciler:
    def fail(_: AnyContext) -> Outcome:
        raise error()

    return fail


class Bench:
    """One thing of a kind, and a reconciler of it whose failures are told."""

    def __init__(self, kind: str, reconciler: AnyReconciler, spec: Mapping[str, Any] = SPEC) -> None:
        self.world = World()
        self.key = Key(kind, "x1")
        self.turns: list[float] = []
        self.told = FailureReporter(
            KINDS[kind], reconciler, self.world.outbox, BlockKitRenderer(), hears=(OPERATOR,)
        )
        self.world.store.register(Registration(self.key, spec))
        kinds = {kind: self._turn}
        self.world.controller = Controller(
            self.world.store, kinds, self.world.clock, random=lambda: 1.0, kinds=KINDS
        )

    def _turn(self, context: AnyContext) -> Outcome:
        self.turns.append(self.world.clock.monotonic())
        return self.told(context)

    def run(self, seconds: float = LONG) -> Resource:
        self.world.pass_time(seconds, step=60)
        return self.resource

    @property
    def resource(self) -> Resource:
        resource = self.world.store.get(self.key)
        assert resource is not None
        return resource

    def texts(self, channel: str) -> list[str]:
        return [each.message.text for each in self.world.messages.visible(channel)]


def test_every_kind_has_a_reconciler_whose_failures_are_told() -> None:
    assert set(RECONCILERS) == set(KINDS)
    assert set(ENDS_SPENDING) == {"release", "account"}
    assert {kind for kind, each in RECONCILERS.items() if not isinstance(each, FailureReporter)} == set()


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("kind", NAMES)
def test_a_defect_in_any_reconciler_ends_with_words_or_is_told_and_tried_more_slowly(kind: str) -> None:
    """The bot's own reconciler of the kind, given a thing of which it can make nothing."""
    told = RECONCILERS[kind]
    assert isinstance(told, FailureReporter)
    bench = Bench(kind, told.reconciler, {})
    resource = bench.run()

    said = bench.texts(OPERATOR)
    assert len([each for each in said if "has failed" in each and "give it up" not in each]) == 1
    if kind in ENDS_SPENDING:
        assert not resource.done
        assert len(said) == 1
        waits = [later - sooner for sooner, later in zip(bench.turns, bench.turns[1:], strict=False)]
        assert waits[:3] < waits[5:8] < waits[-3:]
        assert max(waits) <= 360, "never more slowly than every few minutes"
        return
    assert resource.done
    assert len(bench.turns) == giving_up.TRIES
    assert len([each for each in said if "I give it up" in each]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", [each for each in NAMES if each not in ENDS_SPENDING])
def test_whoever_it_concerns_reads_why_and_what_to_do(kind: str) -> None:
    bench = Bench(kind, failing(KeyError))
    bench.run()
    last = bench.texts("C1")[-1]

    assert last.startswith("<@U1> I give up on this, after many tries. Something is broken on my side.")
    assert f"`{kind}:x1`" in last
    assert "mended" in last or "look at" in last


@pytest.mark.slow
@pytest.mark.parametrize(
    "error", [lambda: Misconfigured("AWS does not allow me to do this."), ZeroDivisionError]
)
@pytest.mark.parametrize(
    ("kind", "spec", "status"),
    [
        ("lease", SPEC, LeaseStatus(intent_at=START)),
        ("job", SPEC | {"stop": {"by": "U1", "at": START.isoformat()}}, None),
        ("distillation", SPEC | {"stop": {"by": "U1", "at": START.isoformat()}}, None),
    ],
)
def test_what_ends_spending_is_told_and_never_given_up(
    kind: str, spec: Mapping[str, Any], status: LeaseStatus | None, error: Callable[[], Exception]
) -> None:
    def fail(context: AnyContext) -> Outcome:
        if status and not context.saved.get("lease"):
            context.status = status
            context.save()
        raise error()

    bench = Bench(kind, fail, spec)
    assert not bench.run().done
    assert len(bench.texts(OPERATOR)) == 1
    assert len(bench.texts("C1")) == 1


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize(
    "away", [lambda: Unavailable("AWS is away."), lambda: Throttled("Slow.", retry_after=30)]
)
def test_a_vendor_that_is_away_for_hours_is_no_failure(kind: str, away: Callable[[], TunesmithError]) -> None:
    left = iter(range(4 * giving_up.TRIES))

    def reconcile(_: AnyContext) -> Outcome:
        if next(left, None) is not None:
            raise away()
        return Done()

    bench = Bench(kind, reconcile)
    resource = bench.run(9 * 3600)
    assert resource.done
    assert "failing" not in resource.status
    assert not [each for each in bench.texts(OPERATOR) if "failed" in each]
    assert not [each for each in bench.texts("C1") if "give up" in each]


@pytest.mark.parametrize("kind", ["upload", "derivation", "question"])
def test_whoever_waits_is_told_once_that_it_goes_on_by_itself(kind: str) -> None:
    bench = Bench(kind, failing(lambda: Unavailable("S3 did not answer.", hint="x")))
    bench.run(7200)
    assert bench.texts("C1") == [
        "<@U1> S3 did not answer. Nothing is lost: I go on with this by myself when that is over."
    ]


def test_a_slack_that_is_away_at_the_end_delays_the_end_until_it_was_told() -> None:
    bench = Bench("derivation", failing(KeyError))
    bench.world.pass_time(3600, step=60)
    bench.world.messages.order("post", *[down()] * 12)
    bench.run()
    assert bench.resource.done
    assert len([each for each in bench.texts("C1") if "I give up" in each]) == 1


def test_words_that_fail_themselves_keep_nothing_alive_for_ever() -> None:
    class Mute:
        def post_once(self, *_: object, **__: object) -> None:
            raise KeyError("to")

    bench = Bench("derivation", failing(KeyError))
    mute: Any = Mute()
    bench.told = FailureReporter(
        bench.told.kind, failing(KeyError), mute, BlockKitRenderer(), hears=(OPERATOR,)
    )
    assert bench.run().done
    assert len(bench.turns) <= giving_up.TRIES + giving_up.GRACE


def test_what_was_given_up_is_taken_up_again_when_somebody_wants_it_with_all_its_tries() -> None:
    broken = True

    def reconcile(_: AnyContext) -> Outcome:
        if broken:
            raise KeyError("a")
        return Done()

    bench = Bench("job", reconcile)
    bench.run()
    turns = len(bench.turns)
    bench.world.store.amend(bench.key, lambda spec: spec)
    bench.world.pass_time(30)
    assert len(bench.turns) > turns + 1, "it is not given up at once again"
    broken = False
    bench.run(3600)
    assert (bench.resource.done, bench.resource.status.get("failing")) == (True, None)


@pytest.mark.parametrize("given", [{"user": "", "channel": ""}, {"channel": ""}, {"user": ""}])
@pytest.mark.parametrize("thread", ["", "17.1"])
def test_a_question_without_user_or_channel_ends(given: dict[str, str], thread: str) -> None:
    world = test_question.World()
    question = Question("Ev1", "Why?", "C1", "U1", "T1", thread or None)
    spec = {"v": 1, "question": asdict(question) | given, "asked_at": world.clock.now().isoformat()}
    world.resources.register(Registration(Key("question", "Ev1"), spec))
    world.run()
    [resource] = world.resources.of_kind("question")
    assert resource.done
    assert "failing" not in resource.status, "it ends by itself, not for a defect"
