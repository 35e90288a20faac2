"""Documents of one kind, newest first: what the repositories on Redis have in common."""

import json
import logging
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from redis import Redis

from storage import scripts
from storage.keys import SCHEMA, Keys
from storage.redis_errors import translated

log = logging.getLogger(__name__)

T = TypeVar("T")

ALL = "all"
"""The tag that every document carries."""


class RedisDocuments(Generic[T]):
    """Frozen values as JSON, each under its ID and under any number of tags.

    Args:
        client: built by ``storage.clients``, so that replies are text.
        keys: where everything is kept.
        collection: a word for the keys: ``datasets``.
        kind: the dataclass; pydantic turns it into JSON and back.
    """

    def __init__(self, client: Redis, keys: Keys, collection: str, kind: type[T]) -> None:
        self._redis = client
        self._keys = keys
        self._collection = collection
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._save = client.register_script(scripts.text("save_document"))

    def save(self, document_id: str, document: T, *, at: float, tags: Iterable[str] = ()) -> None:
        """Add or replace a document. ``at`` (seconds since the epoch) is its place among the others."""
        carried = [ALL, *tags]
        envelope = {"v": SCHEMA, "tags": carried, "doc": self._adapter.dump_python(document, mode="json")}
        text = json.dumps(envelope, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        place = self._keys.document(self._collection, document_id)
        with translated():
            self._save(
                keys=[place],
                args=[self._keys.documents(self._collection, ""), document_id, text, repr(at), *carried],
            )

    def get(self, document_id: str) -> T | None:
        """Return the document with that ID, or None."""
        with translated():
            text = self._redis.get(self._keys.document(self._collection, document_id))
        return self._read(document_id, text)

    def newest(self, tag: str = ALL, limit: int = 1000) -> list[T]:
        """Return the documents that carry the tag, newest first."""
        if limit < 1:
            return []
        with translated():
            ids = [
                str(each)
                for each in self._redis.zrevrange(self._keys.documents(self._collection, tag), 0, limit - 1)
            ]
            texts = (
                self._redis.mget([self._keys.document(self._collection, each) for each in ids]) if ids else []
            )
        read = (self._read(document_id, text) for document_id, text in zip(ids, texts, strict=True))
        return [document for document in read if document is not None]

    def _read(self, document_id: str, text: Any) -> T | None:
        """Return the value, or None for what is missing, or was written by a release that we do not know."""
        if text is None:
            return None
        envelope = json.loads(text)
        if envelope.get("v") != SCHEMA:
            log.warning("%s %s has schema %s: skipped", self._collection, document_id, envelope.get("v"))
            return None
        return self._adapter.validate_python(envelope["doc"])
