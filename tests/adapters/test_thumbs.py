"""Thumbs where a workspace takes them, and buttons where it does not."""

from typing import Any

import pytest

from bot.adapters.thumbs import BAD, GOOD, Thumbs
from bot.errors import Refused
from bot.playground.slack.blocks import validate_message
from handlers.register import all_actions
from handlers.ui.blocks import context, feedback
from handlers.ui.cards.questions import VOTE

Blocks = list[dict[str, Any]]
UNDER: Blocks = [context("0.4 s"), feedback(VOTE, "good 9c", "bad 9c")]


class Workspace:
    """Takes messages, or refuses all that have thumbs."""

    def __init__(self, error: str) -> None:
        self.error, self.seen = error, list[Blocks]()

    def send(self, blocks: Blocks) -> str:
        self.seen.append(blocks)
        assert validate_message(blocks) == []
        if self.error and any(each["type"] == "context_actions" for each in blocks):
            raise Refused("Slack refused this.", detail=f"chat.stopStream: HTTP 200 {self.error}")
        return "1.0"


def test_thumbs_are_sent_as_they_are() -> None:
    slack = Workspace("")
    assert Thumbs().sent(UNDER, slack.send) == "1.0"
    assert slack.seen == [UNDER]


def test_where_they_are_refused_buttons_carry_the_same_and_are_sent_at_once_from_then_on() -> None:
    slack, thumbs = Workspace("invalid_blocks"), Thumbs()
    for _ in range(2):
        assert thumbs.sent(UNDER, slack.send) == "1.0"
    assert [[each["type"] for each in blocks] for blocks in slack.seen] == [
        ["context", "context_actions"],
        ["context", "actions"],
        ["context", "actions"],
    ]
    elements = slack.seen[-1][1]["elements"]
    assert [(each["action_id"], each["value"]) for each in elements] == [
        (VOTE + GOOD, "good 9c"),
        (VOTE + BAD, "bad 9c"),
    ]
    assert {VOTE, VOTE + GOOD, VOTE + BAD} <= {each.action_id for each in all_actions()}


@pytest.mark.parametrize("blocks", [UNDER, UNDER[:1]])
def test_another_refusal_is_nobodys_to_mend(blocks: Blocks) -> None:
    slack = Workspace("")

    def refuse(sent: Blocks) -> str:
        slack.send(sent)
        raise Refused("Slack refused this.", detail="chat.update: HTTP 200 is_archived")

    with pytest.raises(Refused):
        Thumbs().sent(blocks, refuse)
    assert len(slack.seen) == 1
