"""Edits that Slack refused: made again by themselves, ever more seldom and not for ever.

What Slack refuses today it may take tomorrow: a channel is opened again, a permission given back, a rule of the
workspace lifted. Without another try a card would go on saying what was true then, until it had something new to say.
"""

import logging
from typing import Final

from bot.controller.context import AnyContext
from bot.controller.outbox_entries import OutboxEntry

TRIES: Final = 7
"""How often the same content is tried before it waits for the next one."""
_FIRST, _LONGEST = 60.0, 1800.0
"""Seconds from a refusal to the next try: each is waited for twice as long as the one before, up to half an hour."""

log = logging.getLogger(__name__)


def note(context: AnyContext, name: str, entry: OutboxEntry, reason: str) -> None:
    """Write down that Slack refused an edit, and have the resource looked at when it is made again."""
    log.warning("%s: message %s can't be edited: %s", context.key, name, reason)
    entry.reason = reason
    entry.edits_refused += 1
    if entry.edits_refused >= TRIES:
        entry.edit_again = None
        return
    wait = _wait(entry.edits_refused)
    entry.edit_again = context.now() + wait
    context.come_back_in(wait)


def taken(entry: OutboxEntry) -> None:
    """Forget refusals: Slack takes edits."""
    entry.edits_refused, entry.edit_again = 0, None


def is_due(context: AnyContext, entry: OutboxEntry) -> bool:
    """Return whether a refused edit is to be made again now; if it is later, have the resource looked at then."""
    left = until(context, entry)
    if left:
        context.come_back_in(left)
    return left == 0


def until(context: AnyContext, entry: OutboxEntry) -> float | None:
    """Return the seconds until a refused edit is made again, 0 when it is time; None: there is none."""
    if entry.edit_again is None:
        return None
    left = entry.edit_again - context.now()
    return left if 0 < left <= _LONGEST else 0.0  # further ahead: written down before the clock was set back


def _wait(refusals: int) -> float:
    return min(_LONGEST, _FIRST * 2.0 ** (refusals - 1))
