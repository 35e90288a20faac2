"""A resource's documents are values for its kind, and keep what this version does not know."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.controller.context import Context
from bot.controller.model import Key, RequeueAfter
from bot.controller.schema import Reading, Schema
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources


@dataclass(frozen=True, slots=True)
class Wish:
    colour: str
    v: int = 1


@dataclass(slots=True)
class Leg:
    name: str
    length: int = 0


@dataclass(slots=True)
class Made:
    legs: list[Leg] = field(default_factory=list)
    by_name: dict[str, int] = field(default_factory=dict)
    top: Leg = field(default_factory=lambda: Leg("top"))


TABLE = Schema("table", Wish, Made)
KEY = Key("table", "t1")
TOMORROW: dict[str, Any] = {"tomorrow": {"x": [1]}}


def stored(status: dict[str, Any]) -> tuple[InMemoryResources, Context[Wish, Made]]:
    clock = FakeClock()
    store = InMemoryResources(clock, Reading({"table": TABLE}))
    store.register(TABLE.wanted("t1", Wish("red")))
    [claim] = store.claim(1, 30.0)
    store.commit(claim, status, RequeueAfter(0))
    [claim] = store.claim(1, 30.0)
    return store, Context(store, claim, clock, TABLE)


def kept(store: InMemoryResources) -> dict[str, object]:
    resource = store.get(KEY)
    assert resource is not None
    return json.loads(json.dumps(resource.status))  # type: ignore[no-any-return]


def test_nothing_is_done_at_the_beginning() -> None:
    _, context = stored({})
    assert (context.spec, context.status, context.is_new) == (Wish("red"), Made(), True)
    context.save()
    assert not context.is_new


def test_what_a_later_version_wrote_is_not_lost_at_any_level() -> None:
    own: dict[str, Any] = {
        "legs": [{"name": "a", "length": 1, **TOMORROW}, {"name": "b", "length": 2, **TOMORROW}],
        "by_name": {"a": 1},
        "top": {"name": "top", "length": 3, **TOMORROW},
        **TOMORROW,
    }
    failing = {"tries": 1, **TOMORROW}
    store, context = stored({"table": own, "failing": failing, **TOMORROW})
    status = context.status
    status.top.length, status.by_name = 4, {"b": 2}
    status.legs = [Leg("new"), replace_length(status.legs[1])]
    context.engine.failing.tries = 0
    context.save()

    assert kept(store) == {
        "v": 1,
        "table": {
            "legs": [{"name": "new", "length": 0}, {"name": "b", "length": 9, **TOMORROW}],
            "by_name": {"b": 2},
            "top": {"name": "top", "length": 4, **TOMORROW},
            **TOMORROW,
        },
        "failing": {
            "tries": 0, "waits": 0, "throttles": 0, "since": None, "waiting_since": None, "error": "",
            "gave_up": None, **TOMORROW,
        },
        **TOMORROW,
    }  # fmt: skip


def replace_length(leg: Leg) -> Leg:
    leg.length = 9
    return leg


def test_a_spec_that_is_amended_keeps_what_a_later_version_wanted() -> None:
    store, _ = stored({})
    store.amend(KEY, lambda spec: spec | TOMORROW)
    store.amend(KEY, lambda _: {"colour": "blue", "v": 1})
    resource = store.get(KEY)
    assert resource is not None
    assert resource.spec == {"colour": "blue", "v": 1, **TOMORROW}


def test_what_failed_half_way_is_forgotten() -> None:
    _, context = stored({"table": {"by_name": {"a": 1}}})
    context.status.by_name["a"] = 2
    context.engine.begun = 3
    context.revert()
    assert (context.status.by_name, context.engine.begun) == ({"a": 1}, 0)


def test_the_entry_of_a_message_keeps_what_a_later_version_wrote_and_is_forgotten_with_all_else() -> None:
    store, context = stored({"outbox": {"card": {"state": "posted", "ts": "1.2", **TOMORROW}}})
    context.engine.outbox["card"].ts = "3.4"
    context.revert()
    context.engine.outbox["card"].shown = "ab"
    context.save()

    [entry] = kept(store)["outbox"].values()  # type: ignore[attr-defined]
    assert (entry["state"], entry["ts"], entry["shown"]) == ("posted", "1.2", "ab")
    assert entry["tomorrow"] == TOMORROW["tomorrow"]


def test_a_spec_is_read_once_and_anew_where_it_is_another() -> None:
    store, _ = stored({})
    resource = store.get(KEY)
    assert resource is not None
    assert TABLE.spec_of(resource) is TABLE.spec_of(resource)
    assert TABLE.spec_of(replace(resource, spec={"colour": "blue"})) == Wish("blue")


def test_a_status_that_was_readable_is_not_looked_at_again_and_a_damaged_one_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = list[object]()
    look = Schema.status_in

    def counted(schema: Schema[Any, Any], stored: Any) -> Any:
        looked.append(stored)
        return look(schema, stored)

    monkeypatch.setattr(Schema, "status_in", counted)
    monkeypatch.setattr("bot.controller.schema.REMEMBERED", 2)
    reading = Reading({"table": TABLE})
    spec = json.dumps({"colour": "red", "v": 1})

    def read(status: str) -> bool:
        found = reading.resource(Key("table", "1"), spec, 1, status, 1, done=False, due_at=None)
        return found is not None

    assert [read("{}"), read("{}"), read('{"v": 1}'), read("{}")] == [True] * 4
    assert len(looked) == 2
    assert [read('{"table": 7}'), read('{"table": 7}')] == [False, False]
    assert len(looked) == 4
    assert [read('{"a": 1}'), read("{}")] == [True, True]
    assert len(looked) == 6, "of the oldest it is not known any more"
