"""How long the playground waits for the bot that it started: while that lives, and no longer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import Unavailable
from bot.playground import stack as module
from bot.playground.stack import LOOK, PATIENCE, SLOW, TRIES, Options, Stack


class Machine:
    """A bot that connects, or ends, after so many looks; time passes by looking."""

    def __init__(self, *, connects_after: float = float("inf"), ends_after: float = float("inf")) -> None:
        self.now = 0.0
        self._connects_after, self._ends_after = connects_after, ends_after

    @property
    def connected(self) -> bool:
        return self.now >= self._connects_after

    @property
    def starts(self) -> int:
        return 1 + int(self.now / self._ends_after)

    def wait_for(self, predicate: Callable[[], bool], timeout: float) -> bool:
        self.now += timeout
        return predicate()

    def monotonic(self) -> float:
        return self.now


def waiting(machine: Machine, monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[float]:
    """Wait for the bot on that machine; return the moments at which a slow start was told."""
    stack = object.__new__(Stack)
    stack.options = Options(folder)
    stack.slack, stack.bot = cast(Any, machine), cast(Any, machine)
    monkeypatch.setattr(module, "time", machine)
    told: list[float] = []
    stack.wait_until_ready(slow=lambda: told.append(machine.now))
    return told


@pytest.mark.parametrize(("seconds", "told"), [(1.0, 0), (SLOW - 1, 0), (90.0, 1), (PATIENCE - 1, 1)])
def test_a_bot_that_lives_is_waited_for_and_a_slow_start_is_told_once(
    seconds: float, told: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert len(waiting(Machine(connects_after=seconds), monkeypatch, tmp_path)) == told


def test_a_bot_that_keeps_ending_is_given_up_at_once_with_the_place_of_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = Machine(ends_after=1.0)
    with pytest.raises(Unavailable, match="ends each time") as refused:
        waiting(machine, monkeypatch, tmp_path)
    assert machine.now <= TRIES + LOOK
    assert str(tmp_path / "bot.log") in refused.value.hint


def test_a_bot_that_lives_and_never_connects_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="10 minutes") as refused:
        waiting(Machine(), monkeypatch, tmp_path)
    assert "how far it came" in refused.value.hint
