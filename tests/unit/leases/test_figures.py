"""What runs by the hour, in figures."""

from decimal import Decimal

from bot.leases.figures import Running
from bot.leases.figures import running as figures
from bot.pricing.book import PriceBook
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model
from tests.unit.leases.test_lease import proposed, running


def test_what_is_billed_counts_and_what_should_be_gone_is_overdue() -> None:
    world = World()
    world.models.save(model())
    proposed(world, request="t0")
    assert figures(world.store, PRICES) == Running(Decimal(0), 0, 0), "a plan costs nothing"
    running(world)
    known = figures(world.store, PRICES)
    assert (known.usd_an_hour > 0, known.unpriced, known.overdue) == (True, 0, 0)
    world.clock.advance(75 * 60)  # nobody turns the loop
    assert figures(world.store, PRICES).overdue == 1
    world.pass_time(120)
    assert figures(world.store, PRICES) == Running(Decimal(0), 0, 0)


def test_a_lease_that_was_agreed_to_keeps_its_price_whatever_the_book_says_now() -> None:
    world = World()
    world.models.save(model())
    running(world)
    assert figures(world.store, PriceBook({})) == figures(world.store, PRICES)
