"""The work queue on Redis or Valkey: each method is one script, each script is atomic."""

import hashlib
import json
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from redis import Redis, exceptions

from bot.clock import Clock, SystemClock
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
from bot.controller.schema import Reading, unreadable
from storage import scripts
from storage.keys import HORIZON, KEEP_DONE, KEEP_SOLE, SET_BACK, Keys
from storage.redis_audit import NOTHING, NoAudit, RedisAudit
from storage.redis_errors import ATTEMPTS, too_many, translated

log = logging.getLogger(__name__)

ERA_FRESH = 2.0
"""Seconds for which it is taken for granted that it is still the same server."""
_UNKNOWN = "unknown command"
"""In the reply of a proxy that passes no INFO on."""
THOROUGH = 10.0
"""Seconds after which a claim looks at every due set again, whatever ``next`` promises: it may have been lost, and a
clock that was set back shows nowhere else."""


class RedisResources:
    """A ``ResourceStore`` on Redis ≥ 6.2 or Valkey. Thread-safe, as the client is.

    Args:
        client: built by ``storage.clients``, so that replies are text.
        keys: where everything is kept.
        clock: its monotonic side measures leases within this process; due times are by Redis's own clock.
        reading: how resources are read, and who hears of those that cannot be.
        audit: makes the record of what a write decides; None: nothing is recorded.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        clock: Clock | None = None,
        reading: Reading | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._audit = audit or NoAudit()
        self._reading = reading or Reading()
        self._redis = client
        self._keys = keys or Keys()
        self._clock = clock or SystemClock()
        self._script = {name: client.register_script(scripts.text(name)) for name in scripts.QUEUE}
        self._era = float("-inf"), ""
        self._thorough = float("-inf")
        self._head = (self._keys.root, HORIZON * 1000, SET_BACK * 1000, KEEP_DONE)

    def register(self, registration: Registration) -> bool:
        """Add the resource unless it is there."""
        record, token = self._audit.of_registration(registration), uuid.uuid4().hex
        for _ in range(ATTEMPTS):
            keys, arguments = _registering(self._keys, registration)
            added = int(self._run("register", keys, [*arguments, token, record()]))
            if added >= 0:
                return bool(added)
        raise too_many()

    def register_sole(self, sole: str, make: Callable[[], Registration]) -> bool:
        """Add what is made, unless it is there, starting over while others write under the same word."""
        for _ in range(ATTEMPTS):
            seen = self._last_of(sole)
            registration = make()
            keys, arguments = _registering(self._keys, registration)
            record, token = self._audit.of_registration(registration)(), uuid.uuid4().hex
            mark: list[str | int] = [seen, token, KEEP_SOLE, token, record]
            added = int(self._run("register", [*keys, self._keys.sole(sole)], [*arguments, *mark]))
            if added >= 0:
                return bool(added)
        raise too_many()

    def get(self, key: Key) -> Resource | None:
        """Return the resource as it stands, or None."""
        row = self._run("get", [self._keys.resource(key), self._keys.due(key.kind)], [key.id])
        if not row:
            return None
        resource = self._resource(key, *row)
        if resource is None:
            raise unreadable(key)
        return resource

    def of_kind(self, kind: str, limit: int = NO_LIMIT, *, since: float = 0.0) -> list[Resource]:
        """Return resources of that kind, newest registration first; ``since``: only what was registered since."""
        return self.of_kinds([kind], limit, since=since)[kind]

    def of_kinds(
        self,
        kinds: Sequence[str],
        limit: int = NO_LIMIT,
        *,
        unfinished: bool = False,
        since: float = 0.0,
    ) -> dict[str, list[Resource]]:
        """Return the same of several kinds, by kind, in one round trip; ``unfinished``: only what is not done."""
        which, after = "unfinished" if unfinished else "all", max(0, int(since * 1_000_000))
        places = [place(kind) for kind in kinds for place in (self._keys.index, self._keys.due)]
        rows = self._run("of_kind", places, [limit, which, after, *kinds])
        return {kind: self._resources(kind, each) for kind, each in zip(kinds, rows, strict=True)}

    def unfinished(self, kind: str) -> list[Resource]:
        """Return all resources of that kind that are not done."""
        rows = self._run("unfinished", [self._keys.due(kind)], [kind])
        return self._resources(kind, rows)

    def _put_spec(self, before: Resource, spec: Document, sole: str = "", seen: str = "") -> None:
        """Replace the spec unless it changed, or somebody wrote under the word ``sole`` since that was ``seen``."""
        key = before.key
        record = self._audit.of_change(*key, before.spec, spec)()
        place = [self._keys.resource(key), self._keys.due(key.kind)]
        token = uuid.uuid4().hex  # the client repeats a script whose reply was lost
        change: list[str | int] = [key.id, before.generation, _json(spec), token]
        if sole:
            place.append(self._keys.sole(sole))
            change += [seen, KEEP_SOLE]
        if int(self._run("put_spec", place, [*change, record])) <= 0:
            raise SpecConflict(
                "Somebody else changed it in the same moment.", hint="Look again and decide anew."
            )

    def amend(
        self, key: Key, change: Callable[[dict[str, Any]], Document], sole: str = ""
    ) -> Resource | None:
        """Change the spec, starting over while others change it too, or write under the same word."""
        for _ in range(ATTEMPTS):
            seen = self._last_of(sole) if sole else ""
            resource = self.get(key)
            if resource is None:
                return None
            try:
                changed = self._reading.amended(key.kind, resource.spec, change(dict(resource.spec)))
                self._put_spec(resource, changed, sole, seen)
            except SpecConflict:
                continue
            # Read anew: its claim may have moved on since, and what is returned is how it stands, not what was asked
            # for.
            return self.get(key)
        raise too_many()

    def enqueue_now(self, *keys: Key) -> None:
        """Make resources due now."""
        if keys:
            places = [place for key in keys for place in (self._keys.resource(key), self._keys.due(key.kind))]
            self._run("enqueue_now", places, [key.id for key in keys])

    def claim(self, limit: int, lease: float | Mapping[str, float]) -> list[Claim]:
        """Lease up to ``limit`` due resources, the longest due first."""
        leases = lease if isinstance(lease, Mapping) else dict.fromkeys(self._kinds(), lease)
        return self.claim_for([Room(limit, leases)])

    def claim_for(self, rooms: Sequence[Room]) -> list[Claim]:
        """Lease what there is room for, in one look."""
        open_rooms = [room for room in rooms if room.free > 0 and room.leases]
        leases = {kind: lease for room in open_rooms for kind, lease in room.leases.items()}
        check_leases(leases.values())
        if not leases:
            return []
        holder = uuid.uuid4().hex
        before = self._clock.monotonic()  # the lease began no earlier than this, whenever the answer arrives
        thorough = before - self._thorough > THOROUGH
        arguments: list[str | int] = [holder, int(thorough), len(open_rooms)]
        for room in open_rooms:
            most = -1 if room.most is None else room.most
            arguments += [room.free, most, _json(room.in_hand)]
        for number, room in enumerate(open_rooms, 1):
            for kind, each in room.leases.items():
                arguments += [kind, _ms(each), number, ".".join(room.shared.get(kind, ()))]
        rows = self._run("claim", [self._keys.due(kind) for kind in leases], arguments)
        if thorough and len(open_rooms) == len(rooms):
            self._thorough = before
        claims = [self._claim(row, leases[row[0]], before, holder) for row in rows]
        return [claim for claim in claims if claim]

    def commit(
        self,
        claim: Claim,
        status: Document,
        outcome: RequeueAfter | Done | None,
        also: Sequence[Registration] = (),
    ) -> Claim:
        """Write the status and register ``also``, if the claim still holds."""
        resource, written = claim.resource, _json(status)
        verdict, ms = _verdict(outcome, claim.lease)
        keys = [self._keys.resource(resource.key), self._keys.due(resource.key.kind)]
        others: list[str | int] = []
        for each in also:
            more_keys, arguments = _registering(self._keys, each)
            keys += more_keys
            others += arguments
        token = _digest(written, verdict, ms, others)
        head: list[str | int] = [
            resource.key.id,
            resource.resource_version,
            claim.holder,
            token,
            written,
            resource.generation,
            verdict,
            ms,
            len(also),
        ]
        record = self._audit.of_commit(claim, json.loads(written), also)
        for _ in range(ATTEMPTS):
            # As in `claim`: the renewed lease is counted from before the call, so that it ends here before it ends
            # there.
            before = self._clock.monotonic()
            resource_version, *due = self._run("commit", keys, [*head, *others, record()])
            if int(resource_version) >= 0:
                break
        else:
            raise too_many()
        if not resource_version:
            raise StaleClaim(
                "Another process has this in hand.",
                detail=f"{resource.key} at rev {resource.resource_version}",
            )
        due_at = float(due[0]) / 1000 if due[0] else None
        kept = replace(
            resource,
            # Read back from what was written: the reconciler goes on changing the status that it was given.
            status=json.loads(written),
            resource_version=int(resource_version),
            done=due_at is None,
            due_at=due_at,
        )
        return replace(claim, resource=kept, lease_ends=before + claim.lease)

    def now(self) -> float:
        """Return Redis's time in seconds since the epoch."""
        with translated():
            seconds, micros = self._redis.time()
        return float(seconds) + float(micros) / 1e6

    def era(self, *, at_once: bool = False) -> str:
        """Return which run of which server this is, and of which history: another one may lack the last second."""
        read, era = self._era
        if at_once or self._clock.monotonic() - read > ERA_FRESH:
            with translated():
                era = self._told_era()
            self._era = self._clock.monotonic(), era
        return era

    def _told_era(self) -> str:
        """Return the server's run ID and the ID of its data; empty where INFO is not to be had."""
        # A restart and a fail-over to another server change the run ID. One that took over, was made a replica again
        # and so took another's data keeps it, and has another replication ID.
        try:
            told = [
                self._redis.info("server").get("run_id"),
                self._redis.info("replication").get("master_replid"),
            ]
        except exceptions.NoPermissionError:
            return ""
        except exceptions.ResponseError as refused:
            if _UNKNOWN in str(refused).lower():
                return ""
            raise
        return ":".join(str(each) for each in told if each)

    # Reading

    def _last_of(self, sole: str) -> str:
        """Return who wrote under the word last; empty when nobody did."""
        with translated():
            return str(self._redis.get(self._keys.sole(sole)) or "")

    def _resources(self, kind: str, rows: Sequence[Sequence[Any]]) -> list[Resource]:
        read = (self._resource(Key(kind, row[0]), *row[1:]) for row in rows)
        return [resource for resource in read if resource]

    def _resource(
        self,
        key: Key,
        spec: str,
        generation: str,
        status: str,
        resource_version: str,
        done: str | None,
        due: str | None,
        v: str,
    ) -> Resource | None:
        due_at = float(due) / 1000 if due else None
        return self._reading.resource(
            key,
            spec,
            int(generation),
            status,
            int(resource_version),
            done=done == "1",
            due_at=due_at,
            version=v,
        )

    def _claim(self, row: Sequence[Any], lease: float, before: float, holder: str) -> Claim | None:
        """Read one claimed row. One that cannot be read must not keep the others from being worked on."""
        kind, resource_id, spec, generation, status, resource_version, ends, version = row
        key = Key(kind, resource_id)
        resource = self._resource(key, spec, generation, status, resource_version, None, ends, version)
        if resource is None:
            # Without an end it is a newer release's, and was not leased: there is nothing to give back.
            if ends:
                self._set_aside(key, int(generation), int(resource_version), holder, status)
            return None
        return Claim(resource, before + lease, lease, holder)

    def _set_aside(self, key: Key, generation: int, resource_version: int, holder: str, status: str) -> None:
        """Leave it as it is for as long as a resource may wait. What its key tells is made anew."""
        anew = self._reading.anew(key)
        place = [self._keys.resource(key), self._keys.due(key.kind)]
        if anew is not None:
            status = "{}"
            self._run("put_spec", place, [key.id, generation, _json(anew), uuid.uuid4().hex, NOTHING])
        # Given back like any claim: left as it is, it would come back with the end of every lease, for every process.
        ms = _ms(0 if anew is not None else HORIZON)
        self._run(
            "commit",
            place,
            [key.id, resource_version, holder, uuid.uuid4().hex, status, generation, "again", ms, 0, NOTHING],
        )

    def _kinds(self) -> list[str]:
        with translated():
            return sorted(str(kind) for kind in self._redis.smembers(self._keys.kinds))

    def _run(self, script: str, keys: Sequence[str], arguments: Sequence[str | int]) -> Any:
        with translated():
            return self._script[script](keys=list(keys), args=[*self._head, *arguments])


def _registering(keys: Keys, registration: Registration) -> tuple[list[str], list[str | int]]:
    key = registration.key
    return (
        [keys.resource(key), keys.index(key.kind), keys.due(key.kind), keys.kinds],
        [key.kind, key.id, _json(registration.spec), _ms(registration.due_in)],
    )


def _verdict(outcome: RequeueAfter | Done | None, lease: float) -> tuple[str, int]:
    """Return the script's word for an outcome, and its milliseconds."""
    if isinstance(outcome, RequeueAfter):
        return "again", _ms(outcome.seconds)
    return ("keep", _ms(lease)) if outcome is None else ("done", 0)


def _json(document: Document) -> str:
    # NaN is no JSON: better a defect here than a row that nobody can read back.
    return json.dumps(document, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _digest(*parts: object) -> str:
    """Return what identifies a commit's content: the same commit sent twice is one commit."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
