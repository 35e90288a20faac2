"""The buttons by which people say how long a lease is to run: the same ones on its card and under its warnings."""

from bot.leases.cards import LeaseView
from handlers.ui.blocks import Element, button, confirm
from handlers.ui.text import code, sentence

LET_END = "lease.let_end"
"""The action of the button that says that a lease is to end as planned; its value is the lease."""


def extend_button(view: LeaseView) -> Element:
    """Return the button that makes it longer by an hour, with what all of it costs then."""
    more = confirm(
        "Extend by an hour?",
        f"The whole lease of {code(view.model_name, 63)} then costs {sentence(view.hour_more, 120)}. Over the limit an "
        "approver is asked.",
        "Extend",
    )
    return button("Extend 1 h", "lease.extend", view.id, confirm=more)


def let_end_button(view: LeaseView) -> Element:
    """Return the button that says that nobody needs it longer, so that nobody is warned any more."""
    return button("Let it end", LET_END, view.id)
