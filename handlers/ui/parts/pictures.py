"""The button by which a card is sent as a picture."""

from handlers.ui.blocks import Element, button

ALL = "all"
"""The value where there is nothing to say: Slack takes no empty one."""
ADVICE, BUDGETS, COST = "picture.advice", "picture.budgets", "picture.cost"
"""The actions of the buttons. The value of the first is what was typed; the others need none."""


def as_picture(action: str, value: str = "") -> Element:
    """Return the button."""
    return button("As a picture", action, value or ALL)
