"""Documents of one kind, newest first: what the repositories on Redis have in common."""

import itertools
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from redis import Redis

from bot.audit import decisions
from bot.controller.damage import Damage
from bot.controller.ports import NO_LIMIT
from bot.controller.schema import UNREADABLE, why
from storage import scripts
from storage.key_families import COLLECTIONS
from storage.keys import KEEP_SOLE, SCHEMA, Keys
from storage.redis_audit import NOTHING, RedisAudit
from storage.redis_errors import ATTEMPTS, too_many, translated

T = TypeVar("T")
U = TypeVar("U")

ALL = "all"
"""The tag that every document carries."""


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """Return what turns the kind into JSON and back: made once, which takes longer than anything else here."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


class RedisDocuments(Generic[T]):
    """Frozen values as JSON, each under its ID and under any number of tags.

    Args:
        client: built by ``storage.clients``, so that replies are text.
        keys: where everything is kept.
        collection: a word for the keys: ``datasets``. ``COLLECTIONS`` has it, and says for how long these are kept.
        kind: the dataclass; pydantic turns it into JSON and back.
        damage: where it is said that a document cannot be read: it is left out, and is none to whoever asks for it.
        audit: where it stands who decided what is kept; None: nobody decides it.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        collection: str,
        kind: type[T],
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._audit = audit
        self._damage = damage or Damage()
        self._redis = client
        self._keys = keys
        self._collection = collection
        self._keep = COLLECTIONS[collection].keep or 0
        self._adapter: TypeAdapter[T] = _adapter_of(kind)
        self._save = client.register_script(scripts.text("save_document"))
        self._list = client.register_script(scripts.text("list_documents"))
        self._list_any = client.register_script(scripts.text("list_documents_of_any"))

    def save(self, document_id: str, document: T, *, at: float, tags: Iterable[str] = ()) -> None:
        """Add or replace a document. ``at`` (seconds since the epoch) is its place among the others."""
        self.move((), document_id, document, at=at, tags=tags)

    def move(
        self, old_ids: Sequence[str], document_id: str, document: T, *, at: float, tags: Iterable[str] = ()
    ) -> None:
        """Keep a document under that ID and no more under those that it had, in one write; else as ``save``."""
        self._write(old_ids, document_id, document, at=at, tags=tags)

    def save_sole(self, sole: str, make: Callable[[], tuple[str, T, float]]) -> None:
        """Keep the document that ``make`` returns under the ID and at the place that it returns, too.

        Starts over while others write under the same word: ``make`` may look whether there is another, and raise.
        """
        for _ in range(ATTEMPTS):
            with translated():
                # Read before `make` looks: whatever is written after this makes the write below start over.
                seen = str(self._redis.get(self._keys.sole(sole)) or "")
            document_id, document, at = make()
            if self._write((), document_id, document, at=at, sole=(sole, seen)):
                return
        raise too_many()

    def _write(
        self,
        old_ids: Sequence[str],
        document_id: str,
        document: T,
        *,
        at: float,
        tags: Iterable[str] = (),
        sole: tuple[str, str] | None = None,
    ) -> bool:
        """Write it, and return whether it is written: not, when somebody wrote under the word of ``sole`` since."""
        carried = [ALL, *tags]
        envelope = {"v": SCHEMA, "tags": carried, "doc": self._adapter.dump_python(document, mode="json")}
        text = json.dumps(envelope, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        gone = [each for each in old_ids if each != document_id]
        word, seen = sole or ("", "")
        token = uuid.uuid4().hex if sole else ""
        for _ in range(ATTEMPTS):
            record = self._record(document_id, envelope["doc"])
            with translated():
                written = int(
                    self._save(
                        keys=[
                            *(self._keys.document(self._collection, each) for each in (document_id, *gone)),
                            *([self._keys.sole(word)] if sole else []),
                        ],
                        args=[
                            self._keys.documents(self._collection, ""),
                            document_id,
                            text,
                            repr(at),
                            len(gone),
                            seen,
                            token,
                            KEEP_SOLE,
                            self._keep,
                            *gone,
                            *carried,
                            record,
                        ],
                    )
                )
            if written >= 0:
                return bool(written)
        raise too_many()

    def _record(self, document_id: str, document: Any) -> str:
        if self._audit is None:
            return NOTHING
        return self._audit.record([decisions.kept(self._collection, document_id, document)])

    def get(self, document_id: str) -> T | None:
        """Return the document with that ID, or None."""
        with translated():
            text = self._redis.get(self.place(document_id))
        return self.read(document_id, text)

    def newest(self, tag: str = ALL, limit: int = NO_LIMIT) -> list[T]:
        """Return the documents that carry the tag, newest first."""
        return self._newest(tag, limit, ())[0]

    def newest_beside(
        self, other: "RedisDocuments[U]", other_id: str, tag: str = ALL, limit: int = NO_LIMIT
    ) -> tuple[list[T], list[U]]:
        """Return the same, and what another collection (or this one) has under an ID, if anything: one round trip."""
        found, texts = self._newest(tag, limit, (other.place(other_id),))
        read = other.read(other_id, texts[0])
        return found, [] if read is None else [read]

    def newest_of(
        self, tags: Collection[str], limit: int = NO_LIMIT, *, besides: Collection[str] = ()
    ) -> list[T]:
        """Return the documents that carry any of the tags, each once, newest first; and last those of these IDs."""
        places = [self._keys.documents(self._collection, each) for each in tags]
        wanted = limit
        while places:
            with translated():
                ids, texts = self._list_any(
                    keys=places, args=[self._keys.document(self._collection, ""), wanted, *besides]
                )
            read = [self.read(str(each), text) for each, text in zip(ids, texts, strict=True)]
            found = [each for each in read if each is not None]
            if len(found) >= limit or len(ids) < wanted:
                return found[:limit]
            wanted *= 2  # some cannot be read: damage hides nothing that is sound
        return []

    def pages(self, tag: str = ALL, size: int = 500) -> Iterator[list[T]]:
        """Yield all documents that carry the tag, newest first, some at a time, so that no call takes long.

        What is written meanwhile may be missing, and have another come twice.
        """
        for start in itertools.count(0, size):
            page, _ = self._page(tag, start, size, ())
            yield [document for _, document in page if document is not None]
            if len(page) < size:
                return

    def place(self, document_id: str) -> str:
        """Return the key of the document with that ID."""
        return self._keys.document(self._collection, document_id)

    def _newest(self, tag: str, limit: int, others: Sequence[str]) -> tuple[list[T], list[Any]]:
        """Return the documents that carry the tag, newest first, and what stands under these keys."""
        found: list[T] = []
        beside: list[Any] = []
        start = 0
        while len(found) < limit:
            wanted = limit - len(found)
            page, texts = self._page(tag, start, wanted, others if start == 0 else ())
            beside += texts
            found += [document for _, document in page if document is not None]
            # Those that cannot be read leave a page short: go on with the next, so that damage hides nothing that is
            # sound.
            start += wanted
            if len(page) < wanted:
                break
        return found, beside

    def _page(
        self, tag: str, start: int, count: int, others: Sequence[str]
    ) -> tuple[list[tuple[str, T | None]], list[Any]]:
        """Return so many IDs from there on, each with its document, or None for one that cannot be read; and others."""
        with translated():
            ids, texts, beside = self._list(
                keys=[self._keys.documents(self._collection, tag), *others],
                args=[self._keys.document(self._collection, ""), start, start + count - 1],
            )
        return [
            (str(each), self.read(str(each), text)) for each, text in zip(ids, texts, strict=True)
        ], beside

    def read(self, document_id: str, text: Any) -> T | None:
        """Return the value of a text under that ID; None for what is missing, or cannot be read, which is reported."""
        if text is None:
            return None
        try:
            read = self._adapter.validate_python(document_in(text))
        except UNREADABLE as wrong:
            self._damage.report(self._collection, document_id, why(wrong))
            return None
        self._damage.mended(self._collection, document_id)
        return read


def document_in(text: str, member: str = "doc") -> Any:
    """Return what an envelope holds.

    Raises:
        one of ``UNREADABLE``: it is no envelope, or a newer release wrote it.
    """
    envelope = json.loads(text)
    if envelope["v"] != SCHEMA:
        raise ValueError(f"it is of version {envelope['v']!s:.20}, and I know {SCHEMA}")
    return envelope[member]
