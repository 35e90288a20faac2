"""Who was refused what for lack of rights stands in the audit, whichever door it was tried at."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.audit.decisions import Decision
from bot.errors import NotAllowed, TunesmithError
from handlers.arguments import head_and_rest
from handlers.core import ROOT, CommandContext, Invocation, log


@contextmanager
def refusals_written(invocation: Invocation, context: CommandContext) -> Iterator[None]:
    """Have the audit tell who was refused what for lack of rights, and where. It stands without that, too."""
    try:
        yield
    except NotAllowed as refusal:
        try:
            context.services.refusals.append(
                Decision(
                    "refused",
                    "door",
                    _door(invocation, context),
                    actor=invocation.user,
                    channel=invocation.channel,
                    result=refusal.message,
                )
            )
        except TunesmithError as trouble:
            log.warning("a refusal is not in the audit: %s", trouble.sentence)
        raise


def _door(invocation: Invocation, context: CommandContext) -> str:
    """Return what was tried, by our own names alone: nothing that somebody typed is in the audit."""
    head = head_and_rest(invocation.text)[0].lower() if invocation.door == ROOT else ""
    return f"{invocation.door} {head}" if head in context.commands else invocation.door
