"""The card of a lease among many live messages: it takes the turn that it was given, and its news waits for none."""

import re

import pytest

from bot.controller.controller import Controller
from bot.controller.model import Key, Message, Resource
from bot.controller.rate_limits import EDIT, REFRESH, RateLimit
from bot.kinds import KINDS
from bot.leases.endpoint import EndpointObservation
from bot.profiles.model import Serving
from tests.doubles.messages import Posted
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import proposed, running

TURN = 90.0
"""Seconds between two edits of all live messages together, of which another one takes every second."""


class Rivals:
    """A world whose lease shares the turns of live messages with one that always wants the next."""

    def __init__(self) -> None:
        self.world = World()
        self.world.models.save(model())
        budgets = {EDIT: RateLimit(45, 60.0), REFRESH: RateLimit(1, TURN, behind=EDIT)}
        self.rate_limiter = InMemoryRateLimiter(self.world.clock, budgets)
        self.world.paced(self.rate_limiter)

    def seconds(self, number: int) -> set[str]:
        """Let time pass; return all that the card said meanwhile."""
        said = set()
        for _ in range(number):
            self.rate_limiter.ask(REFRESH, "rival")
            self.world.pass_time(1, step=1)
            said.add(self.card.message.text)
        return said

    @property
    def card(self) -> Posted:
        [found] = self.world.said("LeaseCard")
        return found


def serving() -> Rivals:
    rivals = Rivals()
    world = rivals.world
    world.press("lease", proposed(world), "start", "UTRAIN")
    world.turn()
    rivals.seconds(200)
    return rivals


def test_that_it_is_in_service_is_on_its_card_long_before_its_turn() -> None:
    rivals = serving()
    before = rivals.card.message.text
    rivals.world.endpoints.in_service(rivals.world.endpoints.only().plan.endpoint_name)
    rivals.seconds(65)  # until it is looked at, which is no matter of turns

    assert rivals.card.message.text != before


@pytest.mark.slow
def test_its_countdown_is_edited_at_each_of_its_turns() -> None:
    rivals = serving()
    rivals.world.endpoints.in_service(rivals.world.endpoints.only().plan.endpoint_name)
    rivals.seconds(300)
    turns = 6
    assert len(rivals.seconds(round(2 * TURN * turns))) >= turns


def test_a_countdown_that_was_out_of_date_when_it_was_shown_is_shown_anew_at_once() -> None:
    """Time that passes between the look and the edit is no time that the card has been right."""
    world = World()
    world.models.save(model())
    lease = running(world, minutes=120)
    look, draw = world.endpoints.get, world.renderer.render
    happened: list[str] = []

    def seen(region: str, serving: Serving, name: str) -> EndpointObservation | None:
        happened.append("look")
        return look(region, serving, name)

    def slow_after_the_look(card: object) -> Message:
        if happened[-1:] == ["look"]:
            world.clock.advance(3600)
        happened.append("card")
        return draw(card)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.endpoints, "get", seen)
        patch.setattr(world.renderer, "render", slow_after_the_look)
        world.clock.advance(65)
        assert world.controller.tick()
    assert shown(world) > 115, "what was left at the look"

    world.store.enqueue_now(Key("lease", lease))
    world.turn()
    assert shown(world) < 60


def test_a_turn_reads_its_release_once() -> None:
    world = World()
    world.models.save(model())
    lease = running(world, minutes=120)
    read, asked = world.store.get, list[str]()

    def counted(key: Key) -> Resource | None:
        asked.append(key.kind)
        return read(key)

    only = {"lease": world.reconcilers()["lease"]}
    world.controller = Controller(world.store, only, world.clock, random=lambda: 0.0, kinds=KINDS)
    world.clock.advance(65)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.store, "get", counted)
        world.store.enqueue_now(Key("lease", lease))
        assert world.controller.tick() == 1
    assert asked.count("release") == 1
    assert shown(world) < 120, "it was its whole turn"


def shown(world: World) -> int:
    """Return the minutes that the card says are left."""
    [card] = world.said("LeaseCard")
    [minutes] = re.findall(r"left_minutes=(\d+)", card.message.text)
    return int(minutes)
