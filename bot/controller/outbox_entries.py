"""What is known of each message of a resource: a part of what the engine keeps, read and written here alone."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic_core import core_schema

from bot.controller.documents import dump_briefly, load
from bot.controller.model import Document


@dataclass(slots=True)
class OutboxEntry:
    """How far one message is."""

    state: str
    """``absent`` (nobody tried), ``posting``, ``posted`` or ``gave_up``."""
    tries: int = 0
    """Attempts whose outcome was unclear."""
    at: float | None = None
    """When the last attempt began, by the store's time."""
    channel: str = ""
    """The channel that it is in, or is to be in; empty while it is not known by which channel a person is reached."""
    thread: str | None = None
    since: float | None = None
    """No message before it is looked at."""
    ts: str | None = None
    """The message; None: there is none, or nobody knows it."""
    shown: str | None = None
    """The digest of its content; None: nobody knows it."""
    era: str | None = None
    """The store's era in which that was true."""
    details: str = ""
    """What is found behind its *Details*, as it was kept for this message in that era; empty: nothing."""
    reason: str = ""
    """Why it was given up or last refused."""
    edits_refused: int = 0
    """How often in a row Slack refused to edit it, and ``edit_again`` when that is tried again by itself, by the
    store's time; None: it is not."""
    edit_again: float | None = None
    gist: str | None = None
    """What of its content people wait for."""
    turn: float | None = None
    """When it is its turn among live messages, by the store's time (0: it was, there or among posts; -1: it stands in
    the line of posts); None: it waits for none."""
    bare: bool = False
    """Whether it was posted without its pictures, which Slack did not take."""
    gone: int = 0
    """How often somebody deleted it."""
    stays_gone: bool = False
    """Whether one that somebody deleted is not posted again."""
    owner: str | None = None
    """The person whom it concerns. Where else it may go is told by this and what follows: see ``fallbacks``."""
    to: str | None = None
    """The person or channel whose turn it is."""
    tried: list[str] = field(default_factory=list)
    """The places that did not take it, and ``refused``, why not."""
    refused: list[str] = field(default_factory=list)


class OutboxEntries(MutableMapping[str, OutboxEntry]):
    """A resource's messages by name.

    A turn looks at one or two of many. So each is read when somebody asks for it, and written back as it was stored
    when nobody did: what a later version knows of it is kept, and what is as at the beginning is left out.
    """

    __slots__ = ("_read", "_stored")

    def __init__(self, stored: Mapping[str, Document] | None = None) -> None:
        self._stored: dict[str, Document] = dict(stored or {})
        self._read: dict[str, OutboxEntry] = {}

    def __getitem__(self, name: str) -> OutboxEntry:
        if name not in self._read:
            self._read[name] = load(OutboxEntry, self._stored[name])
        return self._read[name]

    def __setitem__(self, name: str, entry: OutboxEntry) -> None:
        self._read[name] = entry
        self._stored.setdefault(name, {})

    def __delitem__(self, name: str) -> None:
        del self._stored[name]
        self._read.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def check(self) -> None:
        """Return when each of them says how far it is, which is all that every turn asks of every one.

        Raises:
            KeyError, TypeError: one is none.
        """
        for each in self._stored.values():
            each["state"]

    def as_stored(self) -> dict[str, Document]:
        """Return them as they are to be stored."""
        return self._stored | {name: _onto(self._stored[name], entry) for name, entry in self._read.items()}

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.dict_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(OutboxEntries.as_stored),
        )


def _onto(stored: Document, entry: OutboxEntry) -> dict[str, Any]:
    new = dump_briefly(entry)
    return new if stored.keys() <= _KNOWN else new | {name: stored[name] for name in stored.keys() - _KNOWN}


_KNOWN = frozenset(each.name for each in fields(OutboxEntry))


def entry_in(status: Document, name: str) -> OutboxEntry | None:
    """Return what a stored status says of one message, without reading all the rest; None: nothing.

    Raises:
        ValueError: what stands there is none.
    """
    stored = status.get("outbox", {}).get(name)
    return load(OutboxEntry, stored) if stored else None
