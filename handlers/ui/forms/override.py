"""The form in which an operator starts in an emergency what an approver would have to agree to."""

from bot.pricing.money import at_most
from bot.spending.votes import LONGEST_REASON, SHORTEST_REASON
from handlers.metadata import Overriding
from handlers.ui.blocks import Block, field_input, modal, section, text_input
from handlers.ui.parts.plans import read_vote

OVERRIDE = "override"
REASON = "reason"
LABEL = "Start without approval"


def override_form(state: Overriding) -> Block:
    """Draw the form, with the figure that the press agrees to, as the button's picture had it."""
    _, shown = read_vote(state.plan)
    costs = at_most(shown.usd) if shown else ""
    element = text_input(REASON, placeholder="For instance: nobody is reachable")
    hint = "It stands under the question and in the audit."
    length = {"min_length": SHORTEST_REASON, "max_length": LONGEST_REASON}
    return modal(
        OVERRIDE,
        LABEL,
        [
            section(
                "For when nobody who may approve this can be reached in time. It starts at once, within the budgets"
                f"{costs and f': {costs}'}."
            ),
            section(
                "The channel, whoever asked, the approvers and the operators are told that you did it, and why."
            ),
            field_input(REASON, "Why it cannot wait", element | length, hint=hint),
        ],
        submit="Start now",
        metadata=state.dump(),
    )
