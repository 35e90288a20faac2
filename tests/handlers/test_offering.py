"""What one person alone is shown has no button that they may not press: over every surface, for an asker."""

from dataclasses import replace
from typing import Any

import pytest

from bot.access import allowed
from handlers.core import Invocation, Who, check_who
from handlers.register import all_actions
from handlers.ui.cards.questions import AGAIN, COMPARE
from tests.handlers.door import CHANNEL, Door, buttons, make_door
from tests.handlers.test_home import OPENED
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, model

SURFACES = (
    "", "help", "help serve", "models", "model claims-router", "jobs", "jobs all", "datasets", "dataset claims",
    "cost", "budget", "status", "answers", "alias", "release", "advise nova-lite in=1 out=1 rate=1", "serve",
)  # fmt: skip
HOME = "the App Home"
WHOSE = {each.action_id: each.who for each in all_actions()}


def shown(door: Door, surface: str) -> list[str]:
    """Return the actions of the buttons that whoever stands at the door alone is shown."""
    door.webhooks.clear()
    door.client.made.clear()
    if surface == HOME:
        door.event(OPENED | {"user": door.user})
        views: list[Any] = [call["view"] for call in door.client.calls("views.publish")]
    else:
        door.command(surface)
        views = [*door.webhooks]
    assert views
    return [action for view in views for action, _ in buttons(view)]


def refused(door: Door, action: str) -> bool:
    who = WHOSE.get(action, Who.ANYONE)
    context: Any = type("Front", (), {"services": type("Services", (), {"access": door.access})})
    return not allowed(lambda: check_who(who, Invocation("r", door.user, channel=CHANNEL), context))


def test_nobody_alone_is_shown_a_button_that_would_be_refused_them() -> None:
    trainers, askers = make_door(), replace(make_door(), user="UASK")
    spent: set[str] = set()
    with table() as row:
        for surface in (*SURFACES, HOME):
            with row(surface):
                assert [each for each in shown(askers, surface) if refused(askers, each)] == []
                spent |= {each for each in shown(trainers, surface) if WHOSE.get(each) is Who.TRAINER}
    assert len(spent) > 2, "trainers are shown them"


def test_nobody_is_offered_to_ask_who_may_not() -> None:
    """Tried: the buttons that ask a model, for somebody whom the operator has not named among the askers."""
    asks = {"menu.ask", "menu.ask.model", AGAIN, COMPARE}
    offered: dict[str, set[str]] = {}
    for user in ("UASK", "UNO"):
        door = replace(make_door(replace(ACCESS, askers=frozenset({"UASK"}))), user=user)
        door.models.save(model("claims-router"))
        offered[user] = {action for surface in (*SURFACES, HOME) for action in shown(door, surface)} & asks
    assert offered == {"UASK": {"menu.ask", "menu.ask.model"}, "UNO": set()}


@pytest.mark.parametrize(("user", "there"), [("UTRAIN", True), ("UASK", False)])
def test_the_list_of_all_commands_names_those_that_one_may_use(user: str, there: bool) -> None:
    door = replace(make_door(), user=user)
    door.command("help")
    assert ("`/tune start`" in door.told) is there
    assert "`/tune models`" in door.told
