"""The audit on Redis: a stream of entries, each written in the same script as what it tells of.

The chain needs a key that Redis has not, so entries are made here: the head is read, the entries that follow it are
made, and the script writes them, with all else, if the head is still that one. Else they are made anew.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from redis import Redis

from bot.audit import decisions
from bot.audit.chain import Chain, Entry, Head
from bot.audit.decisions import Decision
from bot.controller.model import Claim, Document, Registration
from storage import scripts
from storage.keys import Keys
from storage.redis_errors import ATTEMPTS, too_many, translated

NOTHING = ""
"""The record of a write that decides nothing."""


class RedisAudit:
    """``bot.audit.ports.Trail`` on Redis ≥ 6.2, and the records that other scripts write.

    Args:
        client: built by ``storage.clients``, so that replies are text.
        keys: where everything is kept.
        chain: makes the codes.
        unaudited: the kinds of which nothing is written.
    """

    def __init__(
        self, client: Redis, keys: Keys, chain: Chain, unaudited: frozenset[str] = frozenset()
    ) -> None:
        self.chain = chain
        self._redis, self._keys, self._unaudited = client, keys, unaudited
        self._look = client.register_script(scripts.text("audit_head"))
        self._add = client.register_script(scripts.text("audit_append"))

    # Trail

    def append(self, decision: Decision) -> None:
        """Add an entry for what is written nowhere else."""
        for _ in range(ATTEMPTS):
            record = self.record([decision])
            with translated():
                written = self._add(keys=[self._keys.audit_head], args=[record])
            if int(written):
                return
        raise too_many()

    def head(self) -> Head:
        """Return where the entries end."""
        with translated():
            number, code = self._redis.hmget(self._keys.audit_head, ["number", "code"])
        return Head(int(number or 0), str(code or ""))

    def read(self, after: int = 0, count: int = 1000) -> Sequence[Entry]:
        """Return so many of those after a number, the oldest first."""
        with translated():
            # From right after its place: one that was put in between numbers is read, too.
            rows: Any = self._redis.xrange(self._keys.audit, min=f"({after}-0", count=count)
        return [
            Entry(str(place), str(row.get("text", "")), str(row.get("code", "")), str(row.get("key", "")))
            for place, row in rows
        ]

    def cut(self, up_to: int) -> None:
        """Forget those up to a number."""
        with translated():
            self._redis.xtrim(self._keys.audit, minid=f"{up_to + 1}-0", approximate=False)

    # Records

    def of_registration(self, registration: Registration) -> Callable[[], str]:
        """Return what makes the record of wanting something."""

        def made() -> Sequence[Decision]:
            kind, name = registration.key
            return decisions.asked(kind, name, registration.spec, by_a_person=True)

        return self._unless(registration.key.kind, lambda: self.record(made()))

    def of_change(self, kind: str, name: str, before: Document, after: Document) -> Callable[[], str]:
        """Return what makes the record of a change of what is wanted."""
        found = [] if kind in self._unaudited else decisions.changed(kind, name, before, after)
        return lambda: self.record(found)

    def of_commit(self, claim: Claim, status: Document, also: Sequence[Registration]) -> Callable[[], str]:
        """Return what makes the record of a step: what came of it, and what the bot wants by itself."""
        resource = claim.resource
        kind, name = resource.key
        came = (
            []
            if kind in self._unaudited
            else decisions.came_of_it(kind, name, resource.spec, resource.status, status)
        )
        wanted = [each for each in also if each.key.kind not in self._unaudited]

        def made(are_there: Sequence[bool]) -> list[Decision]:
            new = [each for each, there in zip(wanted, are_there, strict=True) if not there]
            asked = [
                decision
                for each in new
                for decision in decisions.asked(each.key.kind, each.key.id, each.spec, by_a_person=False)
            ]
            return came + asked

        places = [self._keys.resource(each.key) for each in wanted]
        return lambda: self._record(made, places) if came or wanted else NOTHING

    def record(self, found: Iterable[Decision]) -> str:
        """Return the record of these decisions, as it follows the head of now."""
        listed = list(found)
        return self._record(lambda _: listed) if listed else NOTHING

    def _unless(self, kind: str, made: Callable[[], str]) -> Callable[[], str]:
        return (lambda: NOTHING) if kind in self._unaudited else made

    def _record(
        self, made: Callable[[Sequence[bool]], Sequence[Decision]], places: Sequence[str] = ()
    ) -> str:
        with translated():
            number, code, seconds, micros, *there = self._look(keys=[self._keys.audit_head, *places])
        at = datetime.fromtimestamp(int(seconds) + int(micros) / 1e6, UTC).isoformat(timespec="milliseconds")
        found = [each.document() for each in made([int(each) == 1 for each in there])]
        if not found:
            return NOTHING
        entries = self.chain.follow(Head(int(number), str(code)), at, found)
        return json.dumps(
            {
                "stream": self._keys.audit,
                "head": self._keys.audit_head,
                "code": str(code),
                "entries": [
                    [each.place, each.text, each.code, each.key, str(int(number) + nth)]
                    for nth, each in enumerate(entries, 1)
                ],
            },
            ensure_ascii=False,
        )


class NoAudit:
    """Makes no records: for a store that is looked at by itself."""

    def of_registration(self, _: Registration) -> Callable[[], str]:
        """Return what makes an empty record."""
        return _nothing

    def of_change(self, _kind: str, _name: str, _before: Document, _after: Document) -> Callable[[], str]:
        """Return what makes an empty record."""
        return _nothing

    def of_commit(self, _: Claim, _status: Document, _also: Sequence[Registration]) -> Callable[[], str]:
        """Return what makes an empty record."""
        return _nothing

    def record(self, _: Iterable[Decision]) -> str:
        """Return an empty record."""
        return NOTHING


def _nothing() -> str:
    return NOTHING
