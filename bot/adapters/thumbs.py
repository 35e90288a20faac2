"""Slack's thumbs under an answer, and plain buttons where a workspace does not take them.

``feedback_buttons`` are young (docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element): where a
message with them is refused as invalid it is sent once more with buttons in their place, which carry the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.errors import Refused

T = TypeVar("T")
Block = dict[str, Any]

_INVALID = "invalid_blocks"
_POSITIVE, _NEGATIVE = "\U0001f44d", "\U0001f44e"
GOOD, BAD = ".good", ".bad"
"""What the buttons' actions have behind that of the thumbs: each action of a block has a name of its own."""


class Thumbs:
    """Sends messages with thumbs, or with buttons in their place once the workspace has refused them."""

    def __init__(self) -> None:
        self._taken = True

    def sent(self, blocks: Sequence[Block], send: Callable[[list[Block]], T]) -> T:
        """Send the blocks, and once more with buttons where thumbs are refused; raises what ``send`` raises."""
        plain = [_with_buttons(each) for each in blocks]
        if not self._taken or plain == list(blocks):
            return send(plain)
        try:
            return send(list(blocks))
        except Refused as refusal:
            if _INVALID not in refusal.detail:
                raise
            # Before they are given up for good: should the blocks be invalid for another reason, these are
            # refused as well.
            sent = send(plain)
        self._taken = False
        return sent


def _with_buttons(block: Block) -> Block:
    if block.get("type") != "context_actions":
        return block
    buttons = [each for element in block["elements"] for each in _buttons(element)]
    return {"type": "actions", "elements": buttons}


def _buttons(element: Block) -> list[Block]:
    return [
        _button(element["action_id"] + GOOD, element["positive_button"], _POSITIVE),
        _button(element["action_id"] + BAD, element["negative_button"], _NEGATIVE),
    ]


def _button(action_id: str, thumb: Block, sign: str) -> Block:
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": sign, "emoji": True},
        "value": thumb["value"],
        "accessibility_label": thumb["accessibility_label"],
    }
