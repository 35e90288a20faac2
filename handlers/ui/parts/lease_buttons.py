"""The buttons by which people say how long a lease is to run: the same ones on its card and under its warnings."""

from decimal import Decimal

from bot.figures import whole
from bot.leases.cards import LeaseView
from bot.leases.extensions import ShownLonger
from handlers.ui.blocks import Element, button, confirm
from handlers.ui.parts.plans import read_vote, vote_value
from handlers.ui.text import code, sentence

HOUR = 60
"""Minutes that *Extend 1 h* adds."""
EXTEND = "lease.extend"
"""The action of the button that makes a lease longer; its value is what ``extend_value`` makes."""
LET_END = "lease.let_end"
"""The action of the button that says that a lease is to end as planned; its value is the lease."""

KEEP_AWAKE = "lease.keep_awake"
"""The action of the button that says that a lease is needed though nobody asks it; its value is the lease."""
SWAP, BESIDE = "lease.swap", "lease.beside"
"""The actions of the buttons that put a newer model in the place of another, or lease it beside that."""


def extend_button(view: LeaseView) -> Element:
    """Return the button that makes it longer by an hour, with what all of it costs then."""
    more = confirm(
        "Extend by an hour?",
        f"The whole lease of {code(view.model_name, 63)} then costs {sentence(view.hour_more, 120)}. Where "
        "that is over the limit, an approver is asked first.",
        "Extend",
    )
    return button("Extend 1 h", EXTEND, extend_value(view, HOUR, view.hour_more_usd), confirm=more)


def extend_value(view: LeaseView, minutes: int, usd: Decimal | None) -> str:
    """Return what the press of a button agrees to: the lease, how much more, and what was shown of it.

    That is how long it was, and what all of it then costs at most: ``LEASE 60 120@44``.
    """
    return vote_value(f"{view.id} {minutes} {view.minutes}", usd)


def read_extend(value: str) -> tuple[str, int, ShownLonger | None]:
    """Return the lease of a button's value, the minutes more, and what was shown; None: an earlier release drew it."""
    said, cost = read_vote(value)
    lease, minutes, before = (*said.split(" "), "", "")[:3]
    had = whole(before)
    shown = None if had is None or cost is None else ShownLonger(had, cost)
    return lease, whole(minutes) or HOUR, shown


def let_end_button(view: LeaseView) -> Element:
    """Return the button that says that nobody needs it longer, so that nobody is warned any more."""
    return button("Let it end", LET_END, view.id)


def keep_awake_button(view: LeaseView) -> Element:
    """Return the button that has it stay for an hour though nobody asks it, as far as its time goes."""
    return button("Keep 1 h", KEEP_AWAKE, view.id)


def swap_button(view: LeaseView, model: str, label: str = "", *, style: str | None = None) -> Element:
    """Return the button that has a newer model take the place of the one that answers."""
    ask = confirm(
        "Take its place?",
        f"{code(model, 63)} answers in place of {code(view.model_name, 63)}, at the same price and to the same end. "
        "Until it is ready the other goes on answering.",
        "Take its place",
    )
    return button((label or f"Swap in {model}")[:75], SWAP, f"{view.id} {model}", style=style, confirm=ask)
