"""Each button that ends or spends something asks first, in a sentence that says what."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.controller.model import Message
from bot.deployments.cards import DeploymentCard
from bot.directory.sharing import Shared
from bot.discovery import collect
from bot.leases.endpoint import LeasePhase
from handlers.commands.release import _ask, _ask_of_deployment
from handlers.core import Say
from handlers.register import all_actions
from handlers.ui.cards.sharing import shared_card
from handlers.ui.example_values import CHANNEL, TRAINER, lease
from handlers.ui.examples.deployments import EXAMPLES
from handlers.ui.render import render

ASKS = {
    "deployment.remove",
    "deployment.remove_another",
    "deployment.replace",
    "distillation.stop",
    "job.stop",
    "lease.extend",
    "lease.release",
    "lease.release_another",
    "model.delete_now",
    "model.unshare",
    "plan.approve",
    "plan.cancel",
    "plan.start",
    "schedule.stop",
    "stray.delete",
    "trial.begin",
}
"""What asks in place: a press on it ends or spends something at once."""
LEADS_ON = {"plan.decline", "model.delete"}
"""What ends something behind a form or a question of its own, which says what."""


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    """Return each button of some blocks."""
    if isinstance(node, dict):
        if node.get("type") == "button":
            yield node
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        for each in node:
            yield from elements(each)


def drawn() -> list[Mapping[str, Any]]:
    """Return every button of every card in every state, and of what commands draw themselves."""
    cards = [card for group in collect("handlers.ui.examples", "EXAMPLES") for card in group.values()]
    deployed = EXAMPLES["deployment, in service"]
    assert isinstance(deployed, DeploymentCard)
    asked = _ask(lease(LeasePhase.IN_SERVICE))
    assert isinstance(asked, Say)
    removed = _ask_of_deployment(deployed.view)
    assert isinstance(removed, Say)
    messages = [each if isinstance(each, Message) else render(each) for each in cards] + [
        asked.message,
        removed.message,
        shared_card(Shared("claims-router", TRAINER, CHANNEL, (CHANNEL,)), TRAINER),
    ]
    return [each for message in messages for each in elements(list(message.blocks))]


BUTTONS = drawn()


@pytest.mark.parametrize("action", sorted(ASKS))
def test_a_button_that_ends_or_spends_says_what_and_asks(action: str) -> None:
    found = [each for each in BUTTONS if each.get("action_id") == action]
    assert found, "the examples have one"
    for each in found:
        said = each["confirm"]["text"]["text"]
        assert "`" in said or "$" in said or "unknown" in said, (
            f"{action} names what ends or what it costs: {said}"
        )
        assert each["confirm"]["deny"]["text"]


def test_no_button_warns_in_red_without_asking() -> None:
    red = {each["action_id"] for each in BUTTONS if each.get("style") == "danger"}
    assert red <= ASKS | LEADS_ON


def test_what_asks_is_there_to_be_pressed() -> None:
    assert {each.action_id for each in all_actions()} >= ASKS | LEADS_ON


def test_what_only_asks_an_approver_asks_about_no_start() -> None:
    asking = [each for each in drawn() if each["text"]["text"] == "Ask an approver"]
    assert {each["confirm"]["title"]["text"] for each in asking} == {"Ask an approver?"}
