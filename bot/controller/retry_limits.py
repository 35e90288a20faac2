"""How long work for which one person waits is tried, before that person is told that nothing comes of it.

A vendor that is away or asks to slow down never ends it: that passes, and the person is told that it goes on by itself.
Neither does what keeps a dataset from being kept (a bucket that is not there, a permission that is missing): the
operator mends it, and it goes on by itself then, for a day. So nothing is called ready of which nothing is kept.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.clock import noted
from bot.controller import giving_up
from bot.controller.context import AnyContext, NotReady, OutOfTime
from bot.errors import HeldUp, Misconfigured, NoIdentity, Refused, Throttled, TunesmithError, Unavailable

T = TypeVar("T")

TRIED_FOR = 90.0
"""Seconds for which what is not worth holding up the rest is tried while a vendor is away."""
HELD_UP_FOR = 86_400.0
"""Seconds for which what was judged waits for the operator to mend what keeps it from being kept."""
DEATHS = 5
"""How often a process may end while it works on one request: what is too much for it would take one after another."""

log = logging.getLogger(__name__)


def passes(_: AnyContext, trouble: TunesmithError) -> bool:
    """Return whether the loop should try again by itself: a vendor that is away comes back, and so does a token."""
    return isinstance(trouble, (Unavailable, NoIdentity))


def is_worth_waiting(context: AnyContext, trouble: TunesmithError) -> bool:
    """Return whether the loop should try again what is not worth holding up the rest for: a picture, a pin."""
    if isinstance(trouble, Throttled):
        return True
    return (
        isinstance(trouble, Unavailable)
        and giving_up.waiting_for(context.engine.failing, context.now()) < TRIED_FOR
    )


def kept(context: AnyContext, keep: Callable[[], T]) -> T:
    """Return what ``keep`` gives, which keeps a dataset; what only the operator can mend holds it up.

    It is written down since when.

    Raises:
        HeldUp: not yet: it goes on by itself when that is mended.
        Refused: nobody has mended it for a day, or it is not taken.
        Throttled, Unavailable, NoIdentity: not now.
    """
    try:
        return keep()
    # A kind of Misconfigured, but it passes by itself when the token is renewed: no reason to count a day.
    except NoIdentity:
        raise
    except Misconfigured as trouble:
        now = context.now()
        since = noted(context.engine.held_up, now)
        if since != context.engine.held_up:
            context.engine.held_up = since
            context.save()
        if now - since < HELD_UP_FOR:
            raise HeldUp.by(trouble) from trouble
        raise Refused(
            f"I could not keep this: {trouble.message} I have waited a day for the operator to mend that.",
            hint="Send the file or ask again when they have.",
            detail=trouble.detail,
        ) from trouble


def at_last(trouble: TunesmithError) -> str:
    """Return what a person is told when nothing is tried any more: a hint that promises so (*I go on …*) goes."""
    if isinstance(trouble, Unavailable) and trouble.hint.startswith("I "):
        return f"{trouble.message} I have tried for some minutes: ask me again later."
    return trouble.sentence


def count_beginning(
    context: AnyContext,
    doing: str = "worked on this",
    hint: str = "The file may be too much for me: ask the operator for more memory.",
) -> None:
    """Count the beginnings of which neither an end nor a failure is known: in those the process died.

    Nothing is written yet: save the context.

    Raises:
        Refused: there were too many.
    """
    engine = context.engine
    # A beginning that failed in a known way was put off, and is counted there: what is left over ended with its
    # process.
    if engine.begun - giving_up.put_off(engine.failing, context.generation) >= DEATHS:
        raise Refused(f"I was interrupted {DEATHS} times while I {doing}, so I leave it.", hint=hint)
    engine.begun += 1


def in_words(context: AnyContext, work: Callable[[], T], stumbled: str, hint: str) -> T:
    """Do the work and return what it gives; a defect of ours that does not pass becomes words, for whoever waits.

    Raises:
        Refused: ``stumbled``, once the work has failed for long enough for no known reason.
    """
    try:
        return work()
    except (TunesmithError, NotReady, OutOfTime):
        raise
    except Exception as defect:
        if (
            giving_up.failing_for(context.engine.failing, context.generation, context.now())
            < giving_up.TOLD_AFTER
        ):
            raise
        log.exception("%s: it cannot be done", context.key)
        raise Refused(stumbled, hint=hint) from defect
