"""The work queue in memory: the twin of ``storage.redis_resources.RedisResources``."""

import copy
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.clock import Clock
from bot.controller.context import Context
from bot.controller.lanes import Room, check_leases
from bot.controller.model import (
    Claim,
    Document,
    Done,
    Key,
    Registration,
    RequeueAfter,
    Resource,
    SpecConflict,
    StaleClaim,
)
from bot.controller.ports import NO_LIMIT
from bot.controller.schema import ROW, Reading, Schema, Spec, Status, unreadable
from bot.errors import Unavailable

HORIZON = 300.0
"""Seconds: no due time is ever further ahead, and no lease longer."""
SET_BACK = 600.0
"""Seconds: a due time further ahead than this shows that the clock was set back."""
KEPT = 7 * 86400.0
"""Seconds that a done resource is kept."""


@dataclass
class _Row:
    spec: str
    due: float | None
    number: int
    registered_at: float
    generation: int = 1
    status: str = "{}"
    resource_version: int = 0
    holder: str = ""
    token: tuple[object, ...] = ()
    leased_until: float = 0.0
    enqueued: bool = False
    done: bool = False
    gone_at: float | None = None
    v: str = str(ROW)


@dataclass
class _Image:
    rows: dict[Key, _Row] = field(default_factory=dict)
    soles: dict[str, int] = field(default_factory=dict)


class InMemoryResources:
    """A ``ResourceStore`` in memory. Thread-safe; documents go through JSON, as they do on Redis.

    ``down = True`` makes every call raise ``Unavailable``, ``full = True`` every one that writes; ``image`` and
    ``roll_back`` play a failover that forgot what was written since.
    """

    def __init__(self, clock: Clock, reading: Reading | None = None) -> None:
        self._clock = clock
        self.reading = reading or Reading()
        self._rows: dict[Key, _Row] = {}
        self._soles: dict[str, int] = {}
        """How often was written under each word."""
        self._lock = threading.RLock()
        self._registered = 0
        self._claims = 0
        self.down = False
        self.full = False
        self._era = 1

    # What tests do to it

    def image(self) -> object:
        """Return a copy of everything, for ``roll_back``."""
        with self._lock:
            return _Image(copy.deepcopy(self._rows), dict(self._soles))

    def roll_back(self, image: object) -> None:
        """Forget everything since ``image`` was taken."""
        assert isinstance(image, _Image)
        with self._lock:
            self._rows, self._soles = copy.deepcopy(image.rows), dict(image.soles)
            self._era += 1

    def written_under(self, sole: str) -> int:
        """Return how often was written under the word."""
        with self._open():
            return self._soles.get(sole, 0)

    def write_under(self, sole: str, seen: int, write: Callable[[], object]) -> bool:
        """Write something else under the word, unless somebody did since it was ``seen``; return whether it is."""
        with self._writing():
            if seen != self.written_under(sole):
                return False
            write()
            self._soles[sole] = seen + 1
            return True

    def anything_due(self) -> bool:
        """Return whether a claim may find something, or would tell that the store is away."""
        now = self._now()
        return self.down or self.full or any(_is_due(row, now) for row in self._rows.values())

    # What the port says

    def register(self, registration: Registration) -> bool:
        with self._writing():
            return self._register(registration)

    def register_sole(self, sole: str, make: Callable[[], Registration]) -> bool:
        while True:
            seen = self.written_under(sole)
            registration = make()
            with self._writing():
                if self._row(registration.key) is None and seen != self.written_under(sole):
                    continue
                added = self._register(registration)
                self._soles[sole] = seen + added
                return added

    def get(self, key: Key) -> Resource | None:
        with self._open():
            row = self._row(key)
            if row is None:
                return None
            resource = self._resource(key, row)
            if resource is None:
                raise unreadable(key)
            return resource

    def of_kind(self, kind: str, limit: int = NO_LIMIT, *, since: float = 0.0) -> list[Resource]:
        with self._open():
            keys = [key for key in self._rows if key.kind == kind]
            rows = [(key, row) for key in keys if (row := self._row(key)) and row.registered_at >= since]
            rows.sort(key=lambda pair: pair[1].number, reverse=True)
            return [resource for key, row in rows[:limit] if (resource := self._resource(key, row))]

    def of_kinds(
        self,
        kinds: Sequence[str],
        limit: int = NO_LIMIT,
        *,
        unfinished: bool = False,
        since: float = 0.0,
    ) -> dict[str, list[Resource]]:
        found = {kind: self.of_kind(kind, NO_LIMIT if unfinished else limit, since=since) for kind in kinds}
        return {
            kind: [each for each in every if not (unfinished and each.done)][:limit]
            for kind, every in found.items()
        }

    def unfinished(self, kind: str) -> list[Resource]:
        with self._open():
            keys = [key for key in self._rows if key.kind == kind]
            rows = [(key, row) for key in keys if (row := self._row(key)) and not row.done]
            return [resource for key, row in rows if (resource := self._resource(key, row))]

    def _put_spec(self, key: Key, spec: Document, expected_gen: int, sole: str = "", seen: int = 0) -> int:
        with self._writing():
            row = self._row(key)
            if row is None or row.generation != expected_gen or (sole and seen != self.written_under(sole)):
                raise SpecConflict(f"{key} was changed in between.")
            row.spec, row.generation = _json(spec), row.generation + 1
            if sole:
                self._soles[sole] = seen + 1
            row.done, row.gone_at = False, None
            if row.leased_until <= self._now():
                row.due = self._now()
            return row.generation

    def amend(
        self, key: Key, change: Callable[[dict[str, Any]], Document], sole: str = ""
    ) -> Resource | None:
        while True:
            seen = self.written_under(sole)
            resource = self.get(key)
            if resource is None:
                return None
            try:
                changed = self.reading.amended(key.kind, resource.spec, change(dict(resource.spec)))
                self._put_spec(key, changed, resource.generation, sole, seen)
            except SpecConflict:
                continue
            return self.get(key)

    def enqueue_now(self, *keys: Key) -> None:
        with self._writing():
            for key in keys:
                row = self._row(key)
                if row is None or row.done:
                    continue
                if row.leased_until > self._now():
                    row.enqueued = True
                else:
                    row.due = self._now()

    def claim(self, limit: int, lease: float | Mapping[str, float]) -> list[Claim]:
        if isinstance(lease, Mapping):
            return self.claim_for([Room(limit, lease)])
        return self.claim_for([Room(limit, dict.fromkeys({key.kind for key in self._rows} | {""}, lease))])

    def claim_for(self, rooms: Sequence[Room]) -> list[Claim]:
        for room in rooms:
            check_leases(room.leases.values())
        with self._writing():
            return [claim for room in rooms for claim in self._claim_for(room)]

    def _claim_for(self, room: Room) -> list[Claim]:
        now = self._now()  # once: it is asked for at every tick of every test
        due = sorted(
            (row.due, key)
            for key, row in self._rows.items()
            if row.due is not None and key.kind in room.leases and _is_due(row, now)
        )
        wanted = [(key, self._group(room, key)) for _, key in due]
        in_hand, taken = Counter(room.in_hand), list[Claim]()
        for _ in range(room.free):
            able = [each for each in wanted if room.most is None or in_hand[each[1]] < room.most]
            if not able:
                break
            chosen = min(able, key=lambda each: in_hand[each[1]])
            wanted.remove(chosen)
            in_hand[chosen[1]] += chosen[1] != ""
            claim = self._claim(chosen[0], room.leases[chosen[0].kind])
            taken += [claim] if claim else []
        return taken

    def _group(self, room: Room, key: Key) -> str:
        try:
            spec = _read_spec(self._rows[key].spec)
        except ValueError:
            return ""
        return room.group(key.kind, spec)

    def commit(
        self,
        claim: Claim,
        status: Document,
        outcome: RequeueAfter | Done | None,
        also: Sequence[Registration] = (),
    ) -> Claim:
        with self._writing():
            key, resource_version = claim.resource.key, claim.resource.resource_version
            row = self._row(key)
            text = _json(status)
            token = (text, outcome, tuple((*each.key, _json(each.spec)) for each in also))
            if row is None or row.holder != claim.holder:
                raise StaleClaim(f"{key} is held by another process.")
            if row.resource_version == resource_version + 1 and row.token == token:
                return self._renewed(claim, row)
            if row.resource_version != resource_version:
                raise StaleClaim(f"{key} was claimed or committed since.")
            row.resource_version, row.token, row.status = resource_version + 1, token, text
            for each in also:
                self._register(each)
            self._schedule(row, claim, outcome)
            return self._renewed(claim, row)

    def now(self) -> float:
        with self._open():
            return self._now()

    def era(self, *, at_once: bool = False) -> str:
        with self._open():
            return str(self._era)

    # How

    # The lock is its own context manager: generators were a twentieth of all that the reconcilers' tests computed.

    def _writing(self) -> AbstractContextManager[object]:
        lock = self._open()
        if self.full:
            raise Unavailable("My state store (Redis) is full.", hint="The operator gives it more memory.")
        return lock

    def _open(self) -> AbstractContextManager[object]:
        if self.down:
            raise Unavailable(
                "I can't reach my state store (Redis) right now.", hint="Try again in a minute."
            )
        return self._lock

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _row(self, key: Key) -> _Row | None:
        row = self._rows.get(key)
        if row and row.gone_at is not None and row.gone_at <= self._now():
            del self._rows[key]
            return None
        return row

    def _register(self, registration: Registration) -> bool:
        if self._row(registration.key):
            return False
        self._registered += 1
        due = self._now() + _ahead(registration.due_in)
        self._rows[registration.key] = _Row(_json(registration.spec), due, self._registered, self._now())
        return True

    def _claim(self, key: Key, lease: float) -> Claim | None:
        row = self._rows[key]
        resource = self._resource(key, row)
        if resource is None:
            self._set_aside(key, row)
            return None
        self._claims += 1
        row.resource_version += 1
        row.holder, row.token, row.enqueued = f"claim-{self._claims}", (), False
        row.due = row.leased_until = self._now() + lease
        resource = replace(resource, resource_version=row.resource_version, due_at=row.due)
        return Claim(resource, self._clock.monotonic() + lease, lease, row.holder)

    def _set_aside(self, key: Key, row: _Row) -> None:
        row.due = self._now() + HORIZON
        anew = self.reading.anew(key)
        if anew is not None and row.v == str(ROW):
            row.spec, row.status, row.generation, row.due = _json(anew), "{}", row.generation + 1, self._now()

    def _resource(self, key: Key, row: _Row) -> Resource | None:
        return self.reading.resource(
            key,
            row.spec,
            row.generation,
            row.status,
            row.resource_version,
            done=row.done,
            due_at=row.due,
            version=row.v,
        )

    def _schedule(self, row: _Row, claim: Claim, outcome: RequeueAfter | Done | None) -> None:
        now = self._now()
        if outcome is None:
            row.due = row.leased_until = now + claim.lease
            return
        changed = row.generation != claim.resource.generation or row.enqueued
        row.leased_until, row.enqueued = 0.0, False
        if isinstance(outcome, RequeueAfter):
            row.due = now if changed else now + _ahead(outcome.seconds)
        elif changed:
            row.due = now
        else:
            row.done, row.due, row.gone_at = True, None, now + KEPT

    def _renewed(self, claim: Claim, row: _Row) -> Claim:
        old = claim.resource
        resource = Resource(
            old.key, old.spec, old.generation, json.loads(row.status), row.resource_version, row.done, row.due
        )
        return Claim(resource, self._clock.monotonic() + claim.lease, claim.lease, claim.holder)


def claimed(
    store: InMemoryResources, clock: Clock, wanted: Registration, schema: Schema[Spec, Status]
) -> Context[Spec, Status]:
    """Register the resource, claim it, and return what its reconciler would be given."""
    store.register(wanted)
    store.enqueue_now(wanted.key)
    [claim] = [each for each in store.claim(1000, {wanted.key.kind: 30.0}) if each.resource.key == wanted.key]
    return Context(store, claim, clock, schema)


def claimed_step(
    store: InMemoryResources, clock: Clock, key: Key, spec: Document, status: Document | None = None
) -> Context[dict[str, Any], dict[str, Any]]:
    """Register the resource, give it a status, claim it, and return the step that a reconciler would be given."""
    schema: Schema[dict[str, Any], dict[str, Any]] = Schema(key.kind, dict, dict)
    context = claimed(store, clock, Registration(key, spec), schema)
    if status is not None:
        context.status.update(status)
        context.save()
    return context


def _is_due(row: _Row, now: float) -> bool:
    return row.due is not None and not now < row.due <= now + SET_BACK


def _ahead(seconds: float) -> float:
    return min(max(seconds, 0.0), HORIZON)


@lru_cache(maxsize=4096)
def _read_spec(text: str) -> dict[str, Any]:
    """Return a spec, to be read alone: whoever waits in line is looked at with each claim."""
    spec: dict[str, Any] = json.loads(text)
    return spec


_json = json.JSONEncoder(allow_nan=False).encode
"""Made once: ``json.dumps`` makes an encoder anew for each call that is not its plainest."""
