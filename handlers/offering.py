"""What one person alone is shown: no button that would be refused them by who they are.

That is an answer to them alone, a form, the App Home, and whatever is said in their direct messages. What a whole
channel reads keeps its buttons: somebody there may press them, and whoever may not is told who can. What the loop posts
goes by ``handlers.direct_messages``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.access import allowed
from bot.controller.model import Message
from bot.visibility import is_direct
from handlers.core import CommandContext, Invocation, Open, Publish, Redraw, Reply, Say, Who, check_who
from handlers.ui.blocks import Block, Element


def as_they_may(
    reply: Reply, invocation: Invocation, context: Callable[[], CommandContext], whose: Mapping[str, Who]
) -> Reply:
    """Return the reply without what whoever reads it alone may not press; ``whose`` is by a button's action."""
    known: dict[Who, bool] = {}

    def may(element: Element) -> bool:
        who = whose.get(action_of(element), Who.ANYONE)
        if who is Who.ANYONE:
            return True
        if who not in known:
            known[who] = allowed(lambda: check_who(who, invocation, context()))
        return known[who]

    match reply:
        case Say(message, public) if not public or is_direct(invocation.channel):
            return replace(reply, message=left_of_message(message, may))
        case Open(view) | Redraw(view=view) | Publish(view):
            return replace(reply, view=view | {"blocks": left_of(view.get("blocks", ()), may)})
        case _:
            return reply


def action_of(element: Element) -> str:
    """Return what a button or menu is recognised by."""
    return str(element.get("action_id", ""))


def left_of(blocks: Sequence[Block], may: Callable[[Element], bool]) -> list[Block]:
    """Return the blocks without the buttons and menus that somebody ``may`` not press."""
    return [left for each in blocks if (left := _without(each, may)) is not None]


def left_of_message(message: Message, may: Callable[[Element], bool]) -> Message:
    """Return the message, and what it holds back, without what somebody ``may`` not press."""
    return replace(message, blocks=left_of(message.blocks, may), details=left_of(message.details, may))


def _without(block: Block, may: Callable[[Element], bool]) -> Block | None:
    """Return the block without what they may not press; None where nothing of it is left."""
    if block.get("type") == "actions":
        left = [each for each in block["elements"] if may(each)]
        return block | {"elements": left} if left else None
    beside = block.get("accessory")
    if beside is None or may(beside):
        return block
    return {key: value for key, value in block.items() if key != "accessory"}
