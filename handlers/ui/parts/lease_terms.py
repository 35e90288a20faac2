"""What is said of a term: to its end it is billed, which nobody brings forward, and AWS renews it by itself."""

from bot.clock import duration_of_minutes
from bot.leases.cards import LastCall, LeaseView, TermRenewed
from bot.leases.deadlines import billed_at_most
from bot.leases.endpoint import LeasePhase
from bot.wording import Clock, quoted, wording
from handlers.ui.text import when

_HOUR = 60
_RENEWS = "AWS renews it: I delete it from its end on."
_AT_ITS_END = "AWS renews it by itself: I delete it from its end on, and say so if it was renewed by then."


def length(view: LeaseView) -> str:
    """Return for how long it is leased, as people say it."""
    return view.term.words if view.term else duration_of_minutes(view.minutes)


def lease_of(view: LeaseView) -> str:
    """Return what it is before it is in service."""
    return length(view) if view.term else f"lease for {length(view)}"


def before_it_is_bought(view: LeaseView) -> str:
    """Return what whoever starts or approves a term agrees to, beside its one figure; empty for what has none."""
    if view.term is None:
        return ""
    most = billed_at_most(view.term.hours * _HOUR).total_seconds() / 3600
    return f":warning: *Nobody can end it early*: up to {most:,.0f} h are billed, used or not. {_RENEWS}"


def hours(view: LeaseView) -> str:
    """Return what the hours of its one figure are made of; empty for what has no term."""
    if view.term is None:
        return ""
    return (
        f"the longest {view.term.words} has {view.term.hours:,} h; its start and its deletion are counted in"
    )


def state(view: LeaseView) -> str:
    """Return where one in service stands, with what is left of its term."""
    if not view.left_minutes:
        return "in service · its term is over: AWS was asked to delete it"
    until = f", until {when(view.release_at)}" if view.release_at else ""
    return f"in service · *{duration_of_minutes(view.left_minutes)} left* of its term{until}"


def begun(view: LeaseView) -> str:
    """Return that it is in service."""
    until = wording(" until ", Clock(view.release_at, dated=True)) if view.release_at else ""
    bills = "AWS bills it since its creation, and nobody can end it before"
    return wording(f"`{view.model_name}` is in service", until, f" ({bills}). Ask it with `/ask`.")


def nearly_over(left: str, event: LastCall) -> str:
    """Return that its end is near, and what happens then."""
    if event.is_past:
        return f"{left} left of its term. That was before AWS renewed it."
    after = "Whoever needs the model after that asks for it anew, with `/tune serve`."
    return f"{left} left of its term. {_AT_ITS_END} {after}"


def renewed(event: TermRenewed) -> str:
    """Return that AWS has renewed it, until when, and what that costs."""
    what = f"the term of {quoted(event.model)}" if event.model else "the term"
    return wording(
        f"AWS has renewed {what} by itself: it is billed until ",
        Clock(event.until, dated=True),
        f" now, and nobody can end it before. That costs {event.cost} more, {event.total} in all. It was to end ",
        Clock(event.before, dated=True),
        "; I delete it from its new end on. Ask AWS Support if it is not needed: they alone can say what is possible.",
    )


def found_again(view: LeaseView) -> str:
    """Return that it was lost track of, and is followed again."""
    until = wording(" until ", Clock(view.release_at, dated=True)) if view.release_at else ""
    said = f"I had lost track of `{view.model_name}`, and follow it again: it was bought for a term, and is billed"
    return wording(said, until or " to its end", ".")


def is_awaited(view: LeaseView) -> bool:
    """Return whether it is for a term and in service, so that its state is told by that."""
    return view.term is not None and view.phase is LeasePhase.IN_SERVICE and view.left_minutes is not None
