"""Whose turn it is: to post, to change a live message with the minute, to read Slack for the last time.

Of live messages it is remembered in each one's entry: the limiter is asked once, and again when the turn comes that it
named. Between the two the resource may sleep.
"""

from typing import Final

from bot.controller.context import AnyContext, NotReady
from bot.controller.engine_status import Settling
from bot.controller.outbox_entries import OutboxEntry
from bot.controller.ports import RateLimiter
from bot.controller.rate_limits import HISTORY, POST, REFRESH, REPLIES, in_channel, last_look

LONGEST_WAIT: Final = 3600.0
"""Seconds: a turn further ahead than that was written down before the store's clock was set back."""
_HAD: Final = 0.0
"""In place of the time of a turn: it was had, and the edit, or the post, is still to be made."""
_WAITS: Final = -1.0
"""In its place too: it stands in the line of posts."""


def take_post(rate_limiter: RateLimiter | None, entry: OutboxEntry, marker: str) -> None:
    """Go on when a message may be posted, as far as its channel and the workspace go.

    A turn that was had is kept until ``over``: where Slack has to be read before the post, and reads have a line of
    their own, who comes to the front of one of the two would else stand at the end of the other, again and again.

    Raises:
        NotReady: it is not its turn.
    """
    if rate_limiter is None or entry.turn == _HAD:
        return
    wait = rate_limiter.ask(POST, marker, in_channel(entry.channel))
    if wait > 0:
        entry.turn = _WAITS
        raise NotReady(wait)
    have(entry)


def waits_for_post(entry: OutboxEntry) -> bool:
    """Return whether a message that is not posted stands in the line of posts, or has had its turn there."""
    return entry.turn is not None


def take(context: AnyContext, entry: OutboxEntry, rate_limiter: RateLimiter | None) -> None:
    """Go on when it is the message's turn. A turn that was had is kept until ``over``.

    Raises:
        NotReady: it is not its turn.
    """
    if rate_limiter is None or entry.turn == _HAD:
        return
    now = context.now()
    # Asked only when the named moment has come. To ask at every turn of the resource would be a call to the store for
    # each live message and minute, and the limiter has kept its place in line meanwhile.
    left = 0.0 if entry.turn is None else entry.turn - now
    if not 0 < left <= LONGEST_WAIT:
        left = rate_limiter.ask(REFRESH, f"{entry.channel}:{entry.ts}")
    if left > 0:
        entry.turn = now + left
        raise NotReady(left)
    have(entry)


def have(entry: OutboxEntry) -> None:
    """Let the message go on to the queue of all edits, where it has a place from now on that it must not leave."""
    entry.turn = _HAD


def take_last_look(context: AnyContext, last: Settling, rate_limiter: RateLimiter | None) -> None:
    """Go on when a resource that has ended may read Slack: nobody waits for that, so whoever is waited for goes first.

    A turn that was had is kept, however many messages there are to be looked at.

    Raises:
        NotReady: it is not its turn.
    """
    if rate_limiter is None:
        return
    read_by = {REPLIES if each.thread else HISTORY for each in context.engine.outbox.values() if each.channel}
    for method in sorted(read_by.difference(last.turns)):
        wait = rate_limiter.ask(last_look(method), str(context.key))
        if wait > 0:
            raise NotReady(wait)
        last.turns.append(method)


def over(entry: OutboxEntry) -> None:
    """End the message's turn: it shows what it should."""
    entry.turn = None
