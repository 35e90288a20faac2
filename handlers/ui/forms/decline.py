"""The form in which an approver says no, and why if they like."""

from bot.spending.votes import LONGEST_REASON
from handlers.metadata import Declining
from handlers.ui.blocks import Block, field_input, modal, section, text_input

DECLINE = "decline"
REASON = "reason"


def decline_form(state: Declining) -> Block:
    """Draw the form."""
    element = text_input(REASON, placeholder="For instance: wait until Thursday")
    hint = "Whoever asked is told, and it stands under the question."
    return modal(
        DECLINE,
        "Decline",
        [
            section("Nothing is spent on what was asked for, and it can be asked for anew."),
            field_input(REASON, "Why", element | {"max_length": LONGEST_REASON}, hint=hint, optional=True),
        ],
        submit="Decline",
        metadata=state.dump(),
    )
