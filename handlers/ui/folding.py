"""Cards that say one thing: what is seen at once, and what lies behind *Details*."""

from collections.abc import Sequence

from bot.controller.details import details_id
from bot.controller.model import Message
from handlers.ui import limits
from handlers.ui.blocks import Block, Element, actions, button, context, modal, within_message

DETAILS = "details"
"""The action of the button; the value is what the details are kept under."""


def folded(
    text: str,
    face: Sequence[Block],
    details: Sequence[Block],
    *buttons: Element | None,
    last: Sequence[Element | None] = (),
    below: Sequence[Block] = (),
) -> Message:
    """Return a card: its face, its buttons in a row, and *Details* behind them where anything is held back.

    ``text`` is for notifications and screen readers. ``last`` stands behind *Details*: wide buttons and menus, which
    would leave it alone in a row. ``below`` is what is looked at once all that is said has been read: a picture, which
    would push the buttons off a phone's screen. Nothing in ``details`` is pressed: there are no buttons there.
    """
    hidden = within_view(details)
    found_by = details_id(hidden) if hidden else ""
    more = button("Details", DETAILS, found_by) if hidden else None
    blocks = within_message([*face, *actions(*buttons, more, *last), *below])
    return Message(text=text, blocks=blocks, details=hidden, details_id=found_by)


def within_view(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that fit into a modal; what is left out is said to be."""
    if len(blocks) < limits.VIEW_BLOCKS:
        return list(blocks)
    return [*blocks[: limits.VIEW_BLOCKS - 2], context("There is more than fits here.")]


def details_view(blocks: Sequence[Block]) -> Block:
    """Return the modal that shows what a message held back."""
    return modal(DETAILS, "Details", blocks)


def unfolded(message: Message) -> list[Block]:
    """Return all of a message for a place that has room for it, without the button that would show the rest."""
    face = [each for block in message.blocks if (each := _without_more(block)) is not None]
    return [*face, *message.details]


def _without_more(block: Block) -> Block | None:
    if block["type"] != "actions":
        return block
    left = [each for each in block["elements"] if each.get("action_id") != DETAILS]
    return block | {"elements": left} if left else None
