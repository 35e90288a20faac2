"""How a process of the bot begins: by every door the same."""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.cli.beginning import begin

DOORS = ("http.py", "socket_mode.py", "worker.py")
CLI = Path(cli.__file__).parent


class Ready:
    def __init__(self) -> None:
        self.made: list[list[int]] = []

    def announce_ready(self) -> None:
        self.made = [[each] for each in range(1000)]


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("thawed")
def test_the_collector_leaves_out_what_was_made_until_it_is_ready() -> None:
    bot = Ready()

    begin(bot)

    assert len(bot.made) == 1000
    assert not any(each is bot.made for each in gc.get_objects())


@pytest.mark.slow
@pytest.mark.usefixtures("thawed")
def test_what_was_garbage_by_then_is_not_kept_for_ever() -> None:
    class Cycle:
        gone = False

        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            Cycle.gone = True

    gc.disable()
    try:
        Cycle()
        begin(Ready())
    finally:
        gc.enable()

    assert Cycle.gone


@pytest.mark.parametrize("door", DOORS)
def test_every_door_begins_so(door: str) -> None:
    assert "begin" in called(CLI / door)


def test_no_other_way_to_begin() -> None:
    announced = {each.name for each in CLI.glob("*.py") if "announce_ready" in called(each)}

    assert announced == {"beginning.py"}


def called(module: Path) -> set[str]:
    """The names of the functions and methods that a module calls."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in functions}
