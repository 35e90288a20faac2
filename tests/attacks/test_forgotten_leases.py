"""A store that forgets a lease, while nobody can look at the account: each process still ends what it remembers."""

from collections.abc import Callable

import pytest

from bot.errors import Refused
from tests.attacks.test_silent_store import HOUR, Processes

LATE = 40.0
"""Seconds: what the watchdog waits for the store's own release, and its tick."""


def emptied(bot: Processes, _: object) -> None:
    assert bot.world.store.unfinished("release")
    bot.world.store.roll_back(type(bot.world.store)(bot.world.clock).image())


def rolled_back(bot: Processes, image: object) -> None:
    bot.world.store.roll_back(image)


@pytest.mark.parametrize("forgets", [emptied, rolled_back])
def test_what_a_process_remembers_ends_on_time_though_the_store_forgot_it(
    forgets: Callable[[Processes, object], None],
) -> None:
    bot = Processes(2)
    before = bot.world.store.image()
    bot.serve()
    bot.world.endpoints.denied["list_all"] = Refused("The account may not be listed.")
    forgets(bot, before)
    bot.let_pass(HOUR - 75, step=15)
    assert len(bot.running) == 1, "not a moment early"
    bot.let_pass(75 + LATE)
    assert bot.running == []
    [told] = bot.told("is released")
    assert "had lost it" in told
    bot.let_pass(120)
    assert bot.told("is released") == [told], "and no other process says it again"
