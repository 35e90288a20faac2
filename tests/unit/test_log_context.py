"""What a line of the log is about."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import log_context
from bot.controller.controller import Controller
from bot.controller.model import Done, Key, Registration
from bot.controller.wakeup import WakingStore
from bot.log_lines import JsonEntries
from handlers.core import Invocation
from handlers.listeners import known_as
from tests.doubles.clock import FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.resources import InMemoryResources

log = logging.getLogger("bot.something")


class Written(logging.Handler):
    """The log as it is written: formatted where it is told, in that thread."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[dict[str, str]] = []
        self.setFormatter(JsonEntries())

    def emit(self, record: logging.LogRecord) -> None:
        self.entries.append(json.loads(self.format(record)))


@pytest.fixture
def written() -> Iterator[Written]:
    handler = Written()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler
    log.removeHandler(handler)


def about(entry: dict[str, str]) -> dict[str, str]:
    return {name: entry[name] for name in log_context.FIELDS if name in entry}


def test_a_step_tells_of_which_resource_whose_and_where(written: Written) -> None:
    store = InMemoryResources(clock := FakeClock())
    store.register(Registration(Key("job", "j1"), {"plan": {"owner": "U1", "channel": "C1"}}))

    def step(_: Any) -> Done:
        log.info("at work")
        return Done()

    Controller(store, {"job": step}, clock, kinds=BARE).tick()
    log.info("elsewhere")
    at_work, elsewhere = written.entries
    trace = log_context.trace_of("job:j1")
    assert about(at_work) == {"resource": "job:j1", "person": "U1", "channel": "C1", "trace": trace}
    assert len(trace) == 16
    assert about(elsewhere) == {}


def test_a_delivery_tells_who_asked_where_and_for_what(written: Written) -> None:
    store = WakingStore(InMemoryResources(FakeClock()), lambda: None)
    with known_as(Invocation("Ev1", "U1", channel="C1")):
        log.info("taken")
        store.register(Registration(Key("upload", "u1"), {}))
        log.info("asked for")
    taken, asked = map(about, written.entries)
    assert taken == {"person": "U1", "channel": "C1", "trace": log_context.trace_of("Ev1")}
    assert asked == taken | {"resource": "upload:u1"}


@pytest.mark.parametrize(
    "spec",
    [{}, {"plan": None}, {"plan": ["owner"]}, {"owner": {"a": 1}, "channel": 7}, {"plan": {"owner": ""}}],
)
def test_a_damaged_spec_is_of_nobody(spec: dict[str, Any]) -> None:
    assert log_context.whose(spec) == {"person": "", "channel": ""}


def test_an_exception_is_in_its_entry(written: Written) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        log.exception("it failed")
    [entry] = written.entries
    assert entry["level"] == "ERROR"
    assert "KeyError" in entry["traceback"]
