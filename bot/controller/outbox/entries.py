"""What is kept of a message that is to be told: an entry in its resource's status, by name."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from bot.clock import noted
from bot.controller.context import AnyContext, NotReady
from bot.controller.model import Key, Message, Resource
from bot.controller.outbox_entries import OutboxEntry, entry_in

_Name = TypeVar("_Name", bound=str)


def numbered(event: _Name, number: int) -> _Name:
    """Return the event's name for what happens again and is told again, counted from 0."""
    return type(event)(f"{event}:{number}") if number else event


class EnginesName(str):
    """The name of a message by which the engine tells of a step that fails, or fails no more: no feature has it."""

    __slots__ = ()


TROUBLE, WORKS, WAITS, GIVEN_UP = (EnginesName(each) for each in ("trouble", "over", "waiting", "gave-up"))
_ENGINES = re.compile(rf"(?:{TROUBLE}|{WORKS}|{WAITS}|{GIVEN_UP})(?::[0-9]+)?(?:-operator(?::.*)?)?")


def hold_apart(name: str) -> None:
    """Hold that a feature's message is not named as the engine's are, which would take it for one of its own.

    Raises:
        ValueError: it is.
    """
    if _ENGINES.fullmatch(name) and not isinstance(name, EnginesName):
        raise ValueError(f"{name!r} is the engine's name for a message: give this one another")


MARKERS = uuid.UUID("6f1f2c52-3f3b-5d0e-9f57-0d1f6f2b7a11")
"""The namespace of markers. Never change it: a marker must come out the same for ever."""

ABSENT, POSTING, POSTED, GAVE_UP = "absent", "posting", "posted", "gave_up"


def without_pictures(message: Message) -> Message | None:
    """Return the message without the pictures in it; None when it has none."""
    left = [each for each in message.blocks if each.get("type") != "image"]
    return replace(message, blocks=left) if len(left) < len(message.blocks) else None


def marker(context: AnyContext, name: str) -> str:
    """Return the message's marker: the same for ever, and telling nothing to those who can read it."""
    return marker_of(context.key, name)


def marker_of(key: Key, name: str) -> str:
    """Return the marker of a resource's message, whoever has the resource."""
    return str(uuid.uuid5(MARKERS, f"{key}/{name}"))


def digest(message: Message) -> str:
    """Return what tells two contents of a message apart."""
    content = json.dumps([message.text, list(message.blocks)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def entry_of(context: AnyContext, name: str) -> OutboxEntry:
    """Return what is known of a message, to be read; ``state`` is ``absent`` for one that nobody tried."""
    return context.engine.outbox.get(name) or OutboxEntry(ABSENT)


def thread_of(context: AnyContext, name: str) -> str | None:
    """Return the thread that a message opens, or None: it is not posted, or not in the channel that it is meant for."""
    return _root(entry_of(context, name))


def root_of(resource: Resource, name: str) -> str:
    """Return the thread that a resource's message opens, as :func:`thread_of`, for those who only look at it."""
    return _root(entry_in(resource.status, name)) or ""


def _root(entry: OutboxEntry | None) -> str | None:
    return entry.ts if entry and not entry.tried else None


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, and the thread in it."""

    channel: str
    thread_ts: str | None


def place_under(context: AnyContext, name: str) -> Place | None:
    """Return where what belongs under a message goes, wherever that went itself; None when it is not posted."""
    entry = entry_of(context, name)
    return Place(entry.channel, entry.thread or entry.ts) if entry.state == POSTED else None


def own_entry(context: AnyContext, name: str) -> OutboxEntry:
    """Return the message's entry, to be changed; it is part of the context's status."""
    return context.engine.outbox.setdefault(name, OutboxEntry(ABSENT))


def was_never_tried(context: AnyContext, entry: OutboxEntry) -> bool:
    """Return whether nobody tried to post it, and the store cannot have forgotten that somebody did."""
    is_new = entry.state == ABSENT and not (entry.tries or entry.tried or entry.gone)
    return is_new and context.remembers_all()


def deleted(entry: OutboxEntry) -> str | None:
    """Note that somebody deleted the message, and return its timestamp. It is given up where it stays so."""
    gone, entry.turn = entry.ts, None
    entry.state, entry.ts, entry.shown, entry.tries, entry.gone = ABSENT, None, None, 0, entry.gone + 1
    if entry.stays_gone:
        entry.state, entry.reason = GAVE_UP, "It was deleted there."
    return gone


def wait_out(entry: OutboxEntry, grace: float, now: float) -> None:
    """Come back later while the last attempt may still show up in Slack.

    Raises:
        NotReady: it is younger than the grace.
    """
    entry.at = noted(entry.at, now)
    left = entry.at + grace - now
    if left > 0:
        raise NotReady(left)


def without_what_is_kept(message: Message, entry: OutboxEntry, era: str) -> Message:
    """Return the message for an edit: what it holds back goes with it only if it is other than before.

    Where the store may have forgotten what was kept, which a new ``era`` shows, it goes with it, too.
    """
    if message.details_id and (entry.details, entry.era) == (message.details_id, era):
        return replace(message, details=())
    entry.details = ""
    return message


def restored(entry: OutboxEntry, before: OutboxEntry) -> None:
    """Put the entry back to what it was."""
    for each in fields(before):
        setattr(entry, each.name, getattr(before, each.name))
