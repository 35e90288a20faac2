"""Defects are told after a while, once, to the owner and to the operator; known errors are not defects."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.controller.context import AnyContext, AnyReconciler
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.controller.giving_up import TOLD_AFTER
from bot.controller.model import Key, Outcome, Registration
from bot.errors import Unavailable
from bot.jobs.model import Phase
from bot.kinds import KINDS
from bot.questions.answerer import Question
from handlers.ui.render import BlockKitRenderer
from tests.doubles.clock import START
from tests.doubles.messages import down
from tests.doubles.world import World
from tests.unit.jobs.samples import plan


class Broken(World):
    """A world whose jobs fail while ``error`` is set."""

    def __init__(self, hears: str = "COPS") -> None:
        self.error: Exception | None = None
        self.told_of_failures = hears
        super().__init__()
        self.controller = Controller(
            self.store, self.reconcilers(), self.clock, random=lambda: 0.0, kinds=KINDS
        )

    def reconcilers(self) -> Mapping[str, AnyReconciler]:
        made = dict(super().reconcilers())
        working = made["job"]

        def job(context: AnyContext) -> Outcome:
            if self.error:
                context.status.round = 17
                raise self.error
            return working(context)

        return made | {
            "job": FailureReporter(
                KINDS["job"], job, self.outbox, BlockKitRenderer(), hears=[self.told_of_failures]
            )
        }


@pytest.fixture
def world() -> Broken:
    world = Broken()
    world.jobs.propose(plan())
    world.turn()
    return world


def break_(world: Broken, error: Exception) -> None:
    world.error = error
    world.press("job", plan().id, "start", "UTRAIN")


def test_a_defect_is_told_once_in_the_thread_and_to_the_operator(world: Broken) -> None:
    break_(world, KeyError("a"))
    world.pass_time(600)

    [card] = world.said("PlanCard")
    [told] = world.said("<@UTRAIN> Something is broken")
    assert (told.channel, told.thread_ts) == ("C1", card.ts)
    assert f"`job:{plan().id}`" in told.message.text
    [operator] = world.said(f"`job:{plan().id}`")
    assert operator.channel == "COPS"
    assert "KeyError" in operator.message.text


def test_what_was_given_into_anothers_care_is_told_to_them(world: Broken) -> None:
    handed = [{"to": each, "by": "UTRAIN", "at": START.isoformat()} for each in ("UBOB", "UANN")]
    world.store.amend(Key("job", plan().id), lambda spec: {**spec, "handed": handed})
    break_(world, KeyError("a"))
    world.pass_time(600)
    assert len(world.said("<@UANN> Something is broken")) == 1
    assert world.said("<@UTRAIN> Something is broken") == []


def test_the_first_failures_are_only_tried_again(world: Broken) -> None:
    break_(world, KeyError("a"))
    world.pass_time(TOLD_AFTER - 5)

    assert world.said("<@UTRAIN>") == []


def spoilt(world: Broken, kind: str, spec: Mapping[str, Any], *, own_words: bool = False) -> None:
    """Have a thing of that kind fail for ever."""

    def fail(_: AnyContext) -> Outcome:
        raise KeyError("a")

    declared = replace(KINDS[kind], has_own_words=own_words)
    reconciler = FailureReporter(declared, fail, world.outbox, BlockKitRenderer(), hears=["COPS"])
    world.store.register(Registration(Key(kind, "x1"), spec))
    world.controller = Controller(
        world.store, {kind: reconciler}, world.clock, random=lambda: 0.0, kinds=KINDS
    )
    world.pass_time(1200)


QUESTION = {
    "question": asdict(Question("Ev1", "Why?", "C1", "U1", "T1", None)),
    "asked_at": START.isoformat(),
}
UPLOAD = {"channel": "C1", "thread_ts": None, "user": "U1", "asked_at": START.isoformat()}


@pytest.mark.parametrize(
    ("kind", "spec"), [("question", QUESTION), ("upload", UPLOAD), ("derivation", UPLOAD)]
)
def test_whoever_waits_for_an_answer_is_told(world: Broken, kind: str, spec: Mapping[str, Any]) -> None:
    spoilt(world, kind, spec)
    [told] = world.said("<@U1> Something is broken on my side")
    assert (told.channel, "AWS" in told.message.text, f"`{kind}:x1`" in told.message.text) == (
        "C1",
        False,
        True,
    )
    [operator] = world.said(f"`{kind}:x1` has failed 8 times")
    assert operator.channel == "COPS"


def test_a_channel_that_takes_nothing_leads_to_whoever_waits(world: Broken) -> None:
    world.messages.archive("C1")
    spoilt(world, "question", QUESTION)
    [told] = world.messages.visible("DU1")
    assert "Something is broken on my side" in told.message.text


def test_what_concerns_nobody_in_particular_is_told_to_the_operator(world: Broken) -> None:
    spoilt(world, "release", {"lease_id": "l1", "asked_at": START.isoformat()})
    assert [each.channel for each in world.said("`release:x1`")] == ["COPS"]
    assert world.said("Something") == []


def test_what_stands_for_ever_does_not_have_all_of_a_channel_read(world: Broken) -> None:
    since: list[datetime] = []
    find = world.messages.find

    def noted(channel: str, marker: str, **more: Any) -> list[str]:
        since.append(more["since"])
        return find(channel, marker, **more)

    world.messages.find = noted  # type: ignore[method-assign]
    spoilt(world, "account", {"v": 1, "region": "us-west-2"})
    assert len(world.said("`account:x1`")) == 1
    assert all(world.clock.now() - each < timedelta(hours=2) for each in since)


def test_one_that_has_words_of_its_own_is_given_time_for_them(world: Broken) -> None:
    spoilt(world, "upload", UPLOAD, own_words=True)
    assert len(world.said("`upload:x1` has failed 9 times")) == 1


def test_a_vendor_that_is_away_is_no_defect(world: Broken) -> None:
    break_(world, Unavailable("AWS did not answer."))
    world.pass_time(600)

    assert world.said("<@UTRAIN>") == []


def test_once_mended_it_goes_on_where_it_was(world: Broken) -> None:
    break_(world, KeyError("a"))
    world.pass_time(600)
    world.error = None
    world.pass_time(600)

    assert world.jobs.find(plan().job_name).phase is Phase.VALIDATING
    assert len(world.said("JobCard")) == 1
    assert world.said("PlanCard") == []


def test_a_slack_that_is_away_is_told_later(world: Broken) -> None:
    world.messages.order("post", *[down()] * 3)
    break_(world, KeyError("a"))
    world.pass_time(1500, step=30)

    assert len(world.said("<@UTRAIN> Something is broken")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-post", "after-post", "before-commit", "after-commit"])
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_while_telling_tells_once(world: Broken, point: str, occurrence: int) -> None:
    break_(world, KeyError("a"))
    world.pass_time(TOLD_AFTER - 5)
    world.crash_at(point, occurrence)
    world.pass_time(900, step=30)

    assert len(world.said("<@UTRAIN> Something is broken")) == 1
    assert len(world.said("`job:")) == 1
