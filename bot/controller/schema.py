"""Reading a resource as its kind writes it: what cannot be read is reported once, and left out of every list."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.controller.damage import Damage
from bot.controller.documents import dump, load
from bot.controller.model import Document, Key, Resource
from bot.errors import Unreadable

ROW = 1
"""The version of the row in which a resource is kept, of which this release knows."""
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What readers raise for a document that is none of theirs; pydantic's errors are ``ValueError``."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind's name, and how one is read."""

    name: str
    spec: type[Any]
    status: Mapping[str, type[Any]] = field(default_factory=dict)
    """Each part of the status by its name; one that is missing was not begun."""
    version: int = 1
    """The newest version (``v``) of its documents that this release knows."""
    anew: Callable[[Key], Document] | None = None
    """For a kind that stands by itself: its spec, which the key alone tells."""


@dataclass(frozen=True, slots=True)
class OfRegion:
    """The spec of what stands for a whole region, whose name is its ID."""

    region: str
    v: int = 1


def schema_of_region(name: str) -> Schema:
    """Return the schema of such a kind: its key tells all that matters, so a damaged one is made anew."""
    return Schema(name, OfRegion, anew=lambda key: dump(OfRegion(key.id)))


class Reading:
    """Makes resources of rows.

    Args:
        schemas: by kind. Of a kind that is not in it only the JSON is looked at.
        damage: where it is said that something cannot be read.
    """

    def __init__(self, schemas: Mapping[str, Schema] | None = None, damage: Damage | None = None) -> None:
        self._schemas = dict(schemas or {})
        self.damage = damage or Damage()

    def resource(
        self,
        key: Key,
        spec: str,
        generation: int,
        status: str,
        resource_version: int,
        *,
        done: bool,
        due_at: float | None,
        version: str = str(ROW),
    ) -> Resource | None:
        """Return the resource, or None when it cannot be read; that is reported."""
        try:
            if version != str(ROW):
                raise _Newer(version, ROW)
            read = _object(spec), _object(status)
            self._check(key.kind, *read)
        except UNREADABLE as wrong:
            self.damage.report(key.kind, key.id, why(wrong))
            return None
        self.damage.mended(key.kind, key.id)
        return Resource(key, read[0], generation, read[1], resource_version, done, due_at)

    def anew(self, key: Key) -> Document | None:
        """Return the spec of a resource that can be made anew from its key."""
        schema = self._schemas.get(key.kind)
        return schema.anew(key) if schema and schema.anew else None

    def _check(self, kind: str, spec: Document, status: Document) -> None:
        """Raise one of ``UNREADABLE`` for documents that the kind's own code could not read."""
        schema = self._schemas.get(kind)
        if schema is None:
            return
        version = spec.get("v", schema.version)
        if not isinstance(version, int) or version > schema.version:
            raise _Newer(version, schema.version)
        load(schema.spec, spec)
        for name, part in schema.status.items():
            if status.get(name):
                load(part, status[name])
        for note in status.get("outbox", {}).values():
            note["state"]


class _Newer(ValueError):
    def __init__(self, version: object, known: int) -> None:
        super().__init__(f"it is of version {version!s:.20}, and I know {known}")


def unreadable(key: Key) -> Unreadable:
    """Return what is told to whoever asks for a resource that cannot be read."""
    return Unreadable(
        f"What I keep of the {key.kind} `{key.id}` cannot be read.",
        hint="It is left as it is, and everything else goes on.",
    )


def _object(text: str) -> dict[str, Any]:
    read = json.loads(text)
    if not isinstance(read, dict):
        raise TypeError("it is no JSON object")
    return read


def why(wrong: Exception) -> str:
    """Return in words what is wrong with something that could not be read."""
    if isinstance(wrong, KeyError):
        return f"the member {wrong} is missing"
    if isinstance(wrong, json.JSONDecodeError):
        return f"it is no JSON ({wrong})"
    return " ".join(str(wrong).split())[:200]


__all__ = ["ROW", "UNREADABLE", "OfRegion", "Reading", "Schema", "schema_of_region", "unreadable", "why"]
