"""The last look at a resource's messages: when it is, and at which of them."""

import hashlib
from collections.abc import Iterable, Mapping

from bot.controller.context import AnyContext
from bot.controller.engine_status import Settling
from bot.controller.model import Message
from bot.controller.outbox import refused_edits
from bot.controller.outbox.entries import digest


def settling_of(context: AnyContext, final: Mapping[str, Message], wait: float) -> Settling:
    """Return the last look at these messages, which begins ``wait`` seconds after it was asked for first."""
    wanted = hashlib.sha256(
        "".join(f"{name} {digest(final[name])};" for name in sorted(final)).encode()
    ).hexdigest()
    known, now = context.engine.settle, context.now()
    if not known or known.of != wanted or known.at > now + wait:
        context.engine.settle = known = Settling(wanted, now + wait)
    return known


def names(context: AnyContext, settling: Settling) -> list[str]:
    """Return the messages that are to be looked at now: each once, then those whose edit was refused."""
    every = context.engine.outbox
    if not settling.looked:
        return sorted(set(every).difference(settling.done))
    return sorted(name for name in every if refused_edits.until(context, every[name]) == 0)


def wait_for_refused(context: AnyContext, of: Iterable[str]) -> float | None:
    """Return in how many seconds a refused edit of these messages is made again; None: none is."""
    every = context.engine.outbox
    waits = (refused_edits.until(context, every[name]) for name in of if name in every)
    return min((each for each in waits if each is not None), default=None)
