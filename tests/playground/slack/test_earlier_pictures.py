"""A press on what a message or a view showed a moment ago, by somebody who has not seen its newest picture.

"``block_id`` should be unique for each message and each iteration of a message. If a message is updated, use a new
``block_id``." (docs.slack.dev/reference/block-kit/blocks, and Slack's own types, ``Block.block_id``). So it changes
between two edits of a live card, and a button must not be dead for that: a press is known by its ``action_id`` and its
``value``.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.controller.model import Message
from bot.playground.slack import Person, SeenByPerson, SlackStandIn
from bot.playground.slack.blocks import interactive
from handlers import payloads
from handlers.ui.render import render
from tests.handlers.ui.anything import anything
from tests.handlers.ui.test_cards import cards
from tests.playground.slack.support import button, connected, new_app, section

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


class Heard:
    """Every press that the app was sent."""

    def __init__(self, app: App) -> None:
        self.bodies: list[Json] = []
        app.action(re.compile(".*"))(self._hear)

    def _hear(self, ack: Ack, body: Json) -> None:
        self.bodies.append(body)
        ack()


@pytest.fixture
def heard(slack: SlackStandIn) -> Iterator[Heard]:
    app = new_app(slack)
    heard = Heard(app)
    with connected(slack, app):
        yield heard


def drawn() -> Iterator[tuple[str, Message]]:
    """Yield a picture of each card that has something to press."""
    for card in cards():
        for seed in range(40):
            message = render(anything(card, Random(seed), 3))
            if any(interactive(list(message.blocks))):
                yield card.__name__, message
                break


@pytest.mark.slow
def test_each_button_of_each_card_is_alive_between_two_edits(
    client: WebClient, trainer: Person, heard: Heard
) -> None:
    wrong: list[str] = []
    tried = 0
    for name, message in drawn():
        # A picture is a file that Slack has: none of these is one.
        blocks = [each for each in message.blocks if "slack_file" not in each]
        said: Json = {"channel": CHANNEL, "text": "x", "blocks": blocks}
        ts = client.chat_postMessage(**said)["ts"]
        seen = next(each for each in trainer.sees("claims-ai") if each["ts"] == ts)
        client.chat_update(ts=ts, **said)
        client.chat_update(ts=ts, **said)
        for block, element in interactive(seen["blocks"]):
            tried += 1
            choice = element.get("positive_button", element.get("options", [{}])[0]).get("value")
            try:
                trainer.selects(seen, element["action_id"], choice, block_id=block["block_id"])
            except SeenByPerson as dead:
                wrong.append(f"{name} {element['action_id']}: {dead}")
                continue
            told = payloads.of_action(heard.bodies[-1])
            if (told.value, told.message_ts) != (element.get("value", choice), ts):
                wrong.append(f"{name} {element['action_id']}: {told}")
    assert tried > 20, "cards have buttons"
    assert wrong == []


@pytest.mark.slow
def test_no_card_names_its_blocks_itself() -> None:
    """So that Slack gives each iteration a new ``block_id``, as its reference asks, and nothing can depend on one."""
    named = [name for name, message in drawn() for block in message.blocks if "block_id" in block]
    assert named == []


def test_of_buttons_that_share_a_name_the_one_that_was_seen_is_pressed(
    client: WebClient, trainer: Person, heard: Heard
) -> None:
    rows = [section(f"row {value}", accessory=button(value=value)) for value in "abc"]
    ts = client.chat_postMessage(channel=CHANNEL, text="x", blocks=rows)["ts"]
    seen = trainer.sees("claims-ai")[-1]
    client.chat_update(channel=CHANNEL, ts=ts, text="x", blocks=[rows[2], rows[0]])
    for block in seen["blocks"]:
        trainer.clicks(seen, "press", block_id=block["block_id"])
    assert [body["actions"][0]["value"] for body in heard.bodies] == ["a", "b", "c"]
    assert [block["accessory"]["value"] for block in heard.bodies[0]["message"]["blocks"]] == ["c", "a"]


def test_what_was_never_there_cannot_be_pressed(client: WebClient, trainer: Person, heard: Heard) -> None:
    blocks = [section(accessory=button())]
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    seen = trainer.sees("claims-ai")[-1]
    for action_id, block_id in (("press", "other"), ("other", seen["blocks"][0]["block_id"])):
        with pytest.raises(SeenByPerson, match="no longer there"):
            trainer.clicks(seen, action_id, block_id=block_id)
    assert heard.bodies == []


def test_a_home_that_was_published_anew_is_alive_for_whoever_looks_at_the_old_one(
    client: WebClient, trainer: Person, heard: Heard
) -> None:
    view = {"type": "home", "blocks": [section(accessory=button(value="old"))]}
    client.views_publish(user_id=trainer.id, view=view)
    seen = trainer.home()
    assert seen is not None
    client.views_publish(user_id=trainer.id, view=view)
    trainer.clicks(seen, "press", block_id=seen["blocks"][0]["block_id"])
    assert heard.bodies[-1]["actions"][0]["value"] == "old"
