"""Where a message goes when the place that it was meant for does not take it, so that nobody misses it.

::

    its thread ──gone──> the channel ──refused──> the owner, directly ──refused──> each last resort in turn

The channel is archived, we were removed from it, the thread's first message was deleted, the owner has left the
workspace, or the private channel that it belongs to (``people``): each refusal moves the message on by one place, for
good. What was decided is written down before the next place is tried, so that a crash neither goes back nor skips one;
the list ends, so nothing goes round in circles.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.controller.model import Message
from bot.controller.outbox.entries import ABSENT
from bot.controller.outbox_entries import OutboxEntry
from bot.wording import Channel, clip, mrkdwn, wording

TEXT = 3_900
"""Characters of text that a message may have with the reason before it: an edit takes 4,000."""
WHY = 2_000
"""Characters of the reason: what Slack takes in small print."""
BLOCKS = 50
"""Blocks that Slack takes in a message."""


class NoPlace(Exception):
    """The place does not take the message, or does not tell whether it did."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def move_on(entry: OutboxEntry, last_resorts: Sequence[str], reason: str) -> bool:
    """Point the message at its next place and return True, or False when there is none.

    Only a message with an ``owner`` has other places. ``to`` is the person or channel whose turn it is; what the
    message's ``channel`` is then, is asked of Slack. ``refused`` collects the reasons, ``tried`` the places.
    """
    if not entry.owner:
        return False
    entry.refused = [*entry.refused, reason]
    entry.tried = [*entry.tried, entry.to or entry.channel]
    left = [each for each in (entry.owner, *last_resorts) if each not in entry.tried]
    if not left:
        return False
    entry.state, entry.to, entry.channel, entry.thread = ABSENT, left[0], "", None
    entry.ts, entry.shown, entry.details, entry.tries, entry.gone = None, None, "", 0, 0
    entry.turn = None  # it was another channel's
    return True


def as_told(message: Message, entry: OutboxEntry, reference: str) -> Message:
    """Return the message as its entry's place is told it, with why, when that is not where it belongs.

    Another channel, where others read along, is told the ``reference`` of what it is about and none of its words.
    """
    if entry.refused and is_elsewhere(entry.to or "", entry.tried[0]):
        said = f"It is about `{reference}`, by which the log has it, and is not for all who read along here."
        message = Message(said, [{"type": "section", "text": {"type": "mrkdwn", "text": said}}])
    return explained(message, entry.tried, entry.refused)


def explained(message: Message, tried: Sequence[str], refused: Sequence[str]) -> Message:
    """Return the message with why it is told here, when this is not where it belongs: the first place tried."""
    if not refused:
        return message
    why = why_here("say", tried[0], refused)
    first = {"type": "context", "elements": [{"type": "mrkdwn", "text": why, "verbatim": True}]}
    blocks = [first, *message.blocks][:BLOCKS] if message.blocks else ()
    return replace(message, text=clip(f"{why}\n{message.text}", TEXT), blocks=blocks)


def why_here(doing: str, place: str, refused: Sequence[str]) -> str:
    """Return, as mrkdwn, why something is told here and not where it was meant for; ``refused`` are the reasons."""
    where = ("in ", Channel(place)) if place[:1] in ("C", "G") else ("where it belongs",)
    return clip(
        mrkdwn(wording(f"I could not {doing} this ", *where, f". {' '.join(dict.fromkeys(refused))}")), WHY
    )


def is_person(place: str) -> bool:
    """Return whether the ID is a person's; channels and direct messages begin with C, G or D."""
    return place[:1] in ("U", "W")


def is_elsewhere(place: str, home: str) -> bool:
    """Return whether it is a channel, and not the one that something came from: who reads it may not see that one.

    People who hear of what goes wrong hear all of it; in a channel of theirs others read along.
    """
    return not is_person(place) and place != home


__all__ = ["NoPlace", "as_told", "explained", "is_elsewhere", "is_person", "move_on", "why_here"]
