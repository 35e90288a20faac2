"""What a button or select is."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.controller.model import Message
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.ui.blocks import Block, context, within_message

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """A button or select: what it is recognised by, whom it is for, and what it does.

    ``who`` is checked before; services check again what only they know (whose plan, which approver). ``run`` gets the
    whole payload too, for a select in a form that is open.
    """

    action_id: str
    who: Who
    run: Callable[[Invocation, Body, CommandContext], Reply]


def without_pressed(body: Body, said: str, also: Collection[str] = ()) -> Message | None:
    """Return the message that was pressed without what was pressed, and with what became of it under it.

    ``also`` are the actions of others that are used up by it.

    It is made of the blocks that Slack sends with the press: what is used up is gone for everybody, and the rest of the
    message is as it was. None where Slack sends no blocks, as of forms.
    """
    message, pressed = _dict(body.get("message")), body.get("actions")
    blocks, text = message.get("blocks"), message.get("text")
    if not isinstance(blocks, list) or not isinstance(pressed, list) or not pressed:
        return None
    if not all(isinstance(each, dict) for each in blocks):
        return None
    left = [each for block in blocks if (each := _without(block, _dict(pressed[0]), also)) is not None]
    return Message(text if isinstance(text, str) else "", within_message([*left, context(said)]))


def _without(block: Block, pressed: Mapping[str, Any], also: Collection[str]) -> Block | None:
    """Return the block without the button, or without the option that was chosen; None when nothing is left of it."""
    elements = block.get("elements")
    if block.get("type") != "actions" or not isinstance(elements, list):
        return block
    kept = [each for each in elements if not (isinstance(each, dict) and each.get("action_id") in also)]
    left = [each for element in kept if (each := _element_without(element, pressed)) is not None]
    return block | {"elements": left} if left else None


def _element_without(element: Any, pressed: Mapping[str, Any]) -> Any:
    if not isinstance(element, dict) or element.get("action_id") != pressed.get("action_id"):
        return element
    options = element.get("options")
    if not isinstance(options, list):
        return None
    chosen = _dict(pressed.get("selected_option")).get("value")
    left = [each for each in options if _dict(each).get("value") != chosen]
    return element | {"options": left} if left else None


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
