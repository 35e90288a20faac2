"""Reading a resource as its kind writes it: what cannot be read is reported once, and left out of every list."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from bot.controller.damage import Damage
from bot.controller.documents import carried_over, dump, load
from bot.controller.engine_status import EngineStatus
from bot.controller.model import Document, Key, Registration, Resource
from bot.errors import Unreadable
from bot.lately import Lately

ROW = 1
"""The version of the row in which a resource is kept, of which this release knows."""
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What readers raise for a document that is none of theirs; pydantic's errors are ``ValueError``."""


Spec = TypeVar("Spec")
Status = TypeVar("Status")


@dataclass(frozen=True, slots=True)
class NoStatus:
    """Of a kind that remembers nothing but what the engine does."""


REMEMBERED = 1000
"""Statuses of which a process remembers that they can be read."""


@dataclass(frozen=True, slots=True)
class Schema(Generic[Spec, Status]):
    """A kind's name, and how one is read: all that others need to want or read one."""

    name: str
    spec: type[Spec]
    status: type[Status]
    """Made without arguments: nothing was done yet."""
    version: int = 1
    """The newest version (``v``) of its documents that this release knows."""
    anew: Callable[[Key], Document] | None = None
    """For a kind that stands by itself: its spec, which the key alone tells."""

    def wanted(self, name: str, spec: Spec) -> Registration:
        """Return what has one come into being."""
        return Registration(Key(self.name, name), dump(spec))

    def spec_of(self, resource: Resource) -> Spec:
        """Return what is wanted of one."""
        document, value = resource.read_spec or (None, None)
        # Read from this very document: one that was amended since is another object.
        if document is resource.spec and isinstance(value, self.spec):
            return value
        return load(self.spec, resource.spec)

    def on_documents(self, change: Callable[[Spec], Spec]) -> Callable[[Document], Document]:
        """Return a change of specs as what a store amends: one of the documents that they are stored as."""
        return lambda stored: dump(change(load(self.spec, stored)))

    def status_of(self, resource: Resource) -> Status:
        """Return what was done about one."""
        return self.status_in(resource.status)

    def status_in(self, stored: Document) -> Status:
        """Return what a stored status says was done."""
        own = stored.get(self.name)
        return load(self.status, own) if own else self.status()

    def stored(self, status: Status | None, engine: EngineStatus, saved: Document) -> dict[str, Any]:
        """Return the status as it is stored; None: it is as it was.

        Nothing of ``saved``, the last one, is lost that is not known here.
        """
        mine = engine.onto(saved) | {"v": self.version}
        if status is not None:
            own, before = dump(status), saved.get(self.name)
            mine[self.name] = carried_over(self.status, before, own) if before else own
        return mine

    def amended(self, before: Document, after: Document) -> Document:
        """Return the spec ``after`` with all of the one ``before`` that is not known here."""
        return carried_over(self.spec, before, dict(after))


@dataclass(frozen=True, slots=True)
class OfRegion:
    """The spec of what stands for a whole region, whose name is its ID."""

    region: str
    v: int = 1


def schema_of_region(name: str, status: type[Status]) -> Schema[OfRegion, Status]:
    """Return the schema of such a kind: its key tells all that matters, so a damaged one is made anew."""
    return Schema(name, OfRegion, status, anew=lambda key: dump(OfRegion(key.id)))


class Reading:
    """Makes resources of rows.

    Args:
        schemas: by kind. Of a kind that is not in it only the JSON is looked at.
        damage: where it is said that something cannot be read.
    """

    def __init__(
        self, schemas: Mapping[str, Schema[Any, Any]] | None = None, damage: Damage | None = None
    ) -> None:
        self._schemas = dict(schemas or {})
        self._readable: Lately[tuple[str, bytes], bool] = Lately(REMEMBERED)
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
            value = self._check(key.kind, *read, status)
        except UNREADABLE as wrong:
            self.damage.report(key.kind, key.id, why(wrong))
            return None
        self.damage.mended(key.kind, key.id)
        return Resource(
            key, read[0], generation, read[1], resource_version, done, due_at, read_spec=(read[0], value)
        )

    def anew(self, key: Key) -> Document | None:
        """Return the spec of a resource that can be made anew from its key."""
        schema = self._schemas.get(key.kind)
        return schema.anew(key) if schema and schema.anew else None

    def amended(self, kind: str, before: Document, after: Document) -> Document:
        """Return the spec ``after`` with all of the one ``before`` that its kind does not know."""
        schema = self._schemas.get(kind)
        return schema.amended(before, after) if schema else after

    def _check(self, kind: str, spec: Document, status: Document, text: str) -> object:
        """Return the spec as its kind reads it; raise one of ``UNREADABLE`` for what its own code could not read."""
        schema = self._schemas.get(kind)
        if schema is None:
            return None
        for version in (spec.get("v", schema.version), status.get("v", schema.version)):
            if not isinstance(version, int) or version > schema.version:
                raise _Newer(version, schema.version)
        value: object = load(schema.spec, spec)
        # By a digest: a thousand statuses are some megabytes that nobody would read.
        mark = kind, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if mark not in self._readable:
            schema.status_in(status)
            EngineStatus.of(status).outbox.check()
            self._readable.put(mark, True)
        return value


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
    """Return in words what is wrong with something that could not be read, which is quoted nowhere.

    It is logged and told to operators, who may see nothing of the channel that it came from.
    """
    if isinstance(wrong, ValidationError):
        # Its own text quotes what was read: ``input_value={'text': 'Who earns what?'}``.
        faults = wrong.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults)[:200]
    if isinstance(wrong, KeyError):
        return f"the member {wrong} is missing"
    if isinstance(wrong, json.JSONDecodeError):
        return f"it is no JSON ({wrong})"
    return " ".join(str(wrong).split())[:200]


__all__ = [
    "ROW",
    "UNREADABLE",
    "OfRegion",
    "Reading",
    "Schema",
    "schema_of_region",
    "unreadable",
    "why",
]
