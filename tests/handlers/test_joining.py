"""Whoever asks for a model that is awake joins its lease, by whichever door: nothing is bought twice."""

from collections.abc import Callable

from handlers.picker import PICK
from tests.handlers.door import BOT, CHANNEL, USER, Door, make_door, words
from tests.handlers.test_events import mention
from tests.handlers.test_home import pressed
from tests.handlers.test_plan_buttons import proposed
from tests.unit.jobs.samples import model

_MODEL = "claims-router"


def _form(door: Door) -> None:
    door.press("plan.change", f"lease:{proposed(door, 'lease')}")
    door.leases.joins = True
    door.submit(door.opened, {"length": "3h"})


def _start(door: Door) -> None:
    first = proposed(door, "lease")
    door.leases.joins = True
    door.press("plan.start", f"lease:{first}@24")


DOORS: dict[str, Callable[[Door], object]] = {
    "command": lambda door: door.command(f"serve {_MODEL}"),
    "mention": lambda door: door.event(mention(f"<@{BOT}> tune serve {_MODEL}")),
    "button": lambda door: door.press("model.serve", _MODEL),
    "home": lambda door: pressed(door, "model.serve", _MODEL),
    "picker": lambda door: door.press(PICK, f"serve {_MODEL}"),
    "form of an open plan": _form,
    "Start of an open plan": _start,
}


def test_every_door_joins_what_is_awake() -> None:
    wrong: dict[str, object] = {}
    for name, asks in DOORS.items():
        door = make_door()
        door.leases.joins = name not in ("form of an open plan", "Start of an open plan")
        door.models.save(model(_MODEL))
        asks(door)
        called = [each for each in door.leases.calls if each[0] != "find"]
        joined = called[:1] == [("join", _MODEL, USER, CHANNEL)]
        cancelled = [each[2] for each in called[1:]] == (["cancel"] if "plan" in name else [])
        seen = [*door.webhooks, *(said for _, said in door.client.made)]
        told = any("is awake already" in words(each) for each in seen)
        if not (joined and cancelled and told):
            wrong[name] = (called, [words(each) for each in seen])
    assert wrong == {}
