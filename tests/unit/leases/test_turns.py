"""The card of a lease among many live messages: it takes the turn that it was given, and its news waits for none."""

from bot.controller.rate_limits import EDIT, REFRESH, Budget
from tests.doubles.messages import Posted
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import proposed

TURN = 90.0
"""Seconds between two edits of all live messages together, of which another one takes every second."""


class Rivals:
    """A world whose lease shares the turns of live messages with one that always wants the next."""

    def __init__(self) -> None:
        self.world = World()
        self.world.models.save(model())
        budgets = {EDIT: Budget(45, 60.0), REFRESH: Budget(1, TURN, behind=EDIT)}
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
    world.leases.press(proposed(world), "start", "UTRAIN")
    world.turn()
    rivals.seconds(200)
    return rivals


def test_that_it_is_in_service_is_on_its_card_long_before_its_turn() -> None:
    rivals = serving()
    before = rivals.card.message.text
    rivals.world.endpoints.in_service(rivals.world.endpoints.only().plan.endpoint_name)
    rivals.seconds(65)  # until it is looked at, which is no matter of turns

    assert rivals.card.message.text != before


def test_its_countdown_is_edited_at_each_of_its_turns() -> None:
    rivals = serving()
    rivals.world.endpoints.in_service(rivals.world.endpoints.only().plan.endpoint_name)
    rivals.seconds(300)
    turns = 6
    assert len(rivals.seconds(round(2 * TURN * turns))) >= turns
