"""Whatever goes wrong is told in time, not after so many tries: a defect or a known error to its owner in two minutes.

A vendor that is away or asks for patience is told to the owner only where somebody waits for an answer. The operator
hears of a thing only when its owner cannot act.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.failure_reporting import FailureReporter
from bot.controller.model import Key, Outcome, Registration
from bot.errors import Misconfigured, NoIdentity, Refused, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.wiring import reconcilers
from handlers.ui.render import BlockKitRenderer
from tests.attacks.settings import SETTINGS
from tests.doubles.clock import START
from tests.doubles.world import World
from tests.tables import table

SPEC: Mapping[str, Any] = {"asked_at": START.isoformat(), "channel": "C1", "user": "U1"}
RECONCILERS = reconcilers(SETTINGS)
JITTER = (0.0, 0.3, 0.7, 1.0)
WAITED_FOR = ("upload", "derivation", "question", "deletion", "picture", "trial")
OPERATOR = "COPS"
Raised = Callable[[], Exception]


def failing(kind: str, jitter: float, error: Raised, takes: float = 0.0) -> World:
    """Return a world with one resource whose every step fails so, after ``takes`` seconds."""
    world = World()

    def fail(_: AnyContext) -> Outcome:
        world.clock.advance(takes)
        raise error()

    wired = RECONCILERS[kind]
    assert isinstance(wired, FailureReporter)
    told = FailureReporter(wired.kind, fail, world.outbox, BlockKitRenderer(), (OPERATOR,))
    world.store.register(Registration(Key(kind, "x1"), SPEC))
    world.controller = Controller(world.store, {kind: told}, world.clock, kinds=KINDS, random=lambda: jitter)
    return world


def heard(world: World, place: str) -> list[float]:
    """Return after how many seconds each message came there."""
    return [(each.at - START).total_seconds() for each in world.messages.visible(place)]


@pytest.mark.slow
def test_a_defect_or_a_known_error_is_told_within_two_minutes_and_what_passes_at_once_is_not() -> None:
    errors: Mapping[str, tuple[Raised, int]] = {
        "a defect": (lambda: KeyError("a"), 1),
        "the operator can act": (lambda: Misconfigured("AWS does not allow it."), 1),
        "the owner can act": (lambda: Refused("This cannot be done."), 0),
    }
    with table() as row:
        for kind in RECONCILERS:
            for name, (error, operator) in errors.items():
                for jitter in JITTER:
                    with row(kind, name, jitter):
                        world = failing(kind, jitter, error, takes=10.0)
                        world.pass_time(200, step=1)
                        [at] = heard(world, "C1")
                        assert 60 <= at <= 125, at  # the look itself takes ten seconds
                        assert len(heard(world, OPERATOR)) == operator


@pytest.mark.slow
def test_a_vendor_that_is_away_is_told_only_where_somebody_waits() -> None:
    away: Mapping[str, Callable[[], TunesmithError]] = {
        "away": lambda: Unavailable("S3 did not answer."),
        "patience": lambda: Throttled("Slack asks me to slow down.", retry_after=20.0),
        "much patience": lambda: Throttled("Slack asks me to slow down.", retry_after=300.0),
        "unknown": lambda: NoIdentity("AWS does not know me."),
    }
    with table() as row:
        for kind in RECONCILERS:
            for name, error in away.items():
                for jitter in JITTER:
                    with row(kind, name, jitter):
                        world = failing(kind, jitter, error)
                        world.pass_time(200, step=1)
                        owner = heard(world, "C1")
                        assert len(owner) == (1 if kind in WAITED_FOR else 0), owner
                        assert all(at <= 120 for at in owner), owner
                        assert heard(world, OPERATOR) == []
