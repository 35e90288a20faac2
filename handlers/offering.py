"""What one person alone is shown: no button that would be refused them by who they are.

What a whole channel reads keeps its buttons: somebody there may press them, and whoever may not is told who can.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.access import allowed
from handlers.core import CommandContext, Invocation, Publish, Reply, Say, Who, check_who
from handlers.ui.blocks import Block, Element


def as_they_may(
    reply: Reply, invocation: Invocation, front: Callable[[], CommandContext], whose: Mapping[str, Who]
) -> Reply:
    """Return the reply without what whoever reads it alone may not press; ``whose`` is by a button's action."""
    known: dict[Who, bool] = {}

    def may(element: Element) -> bool:
        who = whose.get(str(element.get("action_id")), Who.ANYONE)
        if who is Who.ANYONE:
            return True
        if who not in known:
            known[who] = allowed(lambda: check_who(who, invocation, front()))
        return known[who]

    match reply:
        case Say(message, public=False):
            return replace(reply, message=replace(message, blocks=_left(message.blocks, may)))
        case Publish(view):
            return Publish(view | {"blocks": _left(view["blocks"], may)})
        case _:
            return reply


def _left(blocks: Sequence[Block], may: Callable[[Element], bool]) -> list[Block]:
    return [left for each in blocks if (left := _without(each, may)) is not None]


def _without(block: Block, may: Callable[[Element], bool]) -> Block | None:
    """Return the block without what they may not press; None where nothing of it is left."""
    if block.get("type") == "actions":
        left = [each for each in block["elements"] if may(each)]
        return block | {"elements": left} if left else None
    beside = block.get("accessory")
    if beside is None or may(beside):
        return block
    return {key: value for key, value in block.items() if key != "accessory"}
