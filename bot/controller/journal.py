"""The log of a resource's life: a line at INFO when it starts and one when it is over, for whoever looks afterwards."""

import logging

from bot.controller.context import AnyContext

log = logging.getLogger(__name__)

START, END = "start", "end"


def note(context: AnyContext, event: str, line: str) -> None:
    """Log that the resource starts or is over, once. What was logged is written with the context's next save.

    A process that dies in between logs it again: better twice than never.
    """
    if event in context.engine.journal:
        return
    context.engine.journal.append(event)
    log.info("%s %s: %s", context.key, event, line)
