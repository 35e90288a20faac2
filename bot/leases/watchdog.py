"""What ends throughput when the store is silent: each process, by what it remembers and by what AWS's tags say.

A release is a thing in the store, so that a store that is away, or full, or holds what nobody can read would leave
throughput running past its deadline, billed and unseen. Beside the loop, each process therefore keeps the deadlines
that it knows in memory, and knows from the tags of what runs those that it does not. When a deadline is over and the
store cannot be relied on, the tags are read again, since an extension moves them before anything else; only what they
call over is deleted, and the deletion is read back. People and the operator are told directly, and once the store is
back it is told when it ended, so that the bill is right.

The same holds for what the store has forgotten: a release that a process has known, and of which the store that answers
now knows nothing, stays in its memory until the look at the account has found it again.

==========================  ==========================================================================================
A crash right after …       leaves
==========================  ==========================================================================================
a listing, reading tags     nothing: it is done again
the deletion                an endpoint that is gone; the lease tells it when the store is back
telling                     a message that is found by its marker, which is the one that the lease's end has
telling the store           nothing: a moment that is known already is not written again
==========================  ==========================================================================================
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.controller.damage import Damage
from bot.controller.effects import passing
from bot.controller.model import Key, Resource
from bot.controller.outbox.entries import marker_of
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.outbox.storeless import StorelessMessages, Words
from bot.controller.ports import Renderer, ResourceStore
from bot.errors import Misconfigured, NotFound, Refused, TunesmithError, Unavailable, Unreadable
from bot.leases import tags
from bot.leases.cards import EndedWithoutStore, HeldUpWithoutStore
from bot.leases.deadlines import agreed
from bot.leases.endpoint import EndpointObservation
from bot.leases.model import LEASE, RELEASE, RELEASE_SCHEMA, Moment
from bot.leases.ports import Endpoints
from bot.leases.release_resource import DELETE, REFUSED, TROUBLE, until_next_try
from bot.leases.remembered_deadlines import Deadline, deadline_of, tagged, with_origin
from bot.notifications.damage_reporting import DamageTelling
from bot.profiles.model import Serving
from bot.spending.tags import origin

log = logging.getLogger(__name__)

SILENCE = 30.0
"""Seconds without a look of the loop's that the store answered and took, from which on it counts as silent."""
MARGIN = timedelta(seconds=30)
"""How long after a deadline the release by the store is waited for."""
LEARN = 15.0
"""Seconds between two looks at what the store knows."""
LIST = 60.0
"""Seconds between two listings of the account while the store is silent."""
TICK = 5.0
_MOST_COUNTED = 3
"""Tries that count while AWS is away: the waits grow no further then."""
_LATE = timedelta(minutes=10)
"""How long after its deadline what AWS does not delete for now is told."""


@dataclass(slots=True)
class _Try:
    """When a deletion is tried next (monotonic), and how many in a row did not work."""

    at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class _Memory:
    """What a process remembers; nothing of it is kept."""

    deadlines: dict[str, Deadline] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    """The IDs of those that the store knew, and knows no more, though nobody wrote down that they ended."""
    strangers: set[str] = field(default_factory=set)
    ended: dict[str, datetime] = field(default_factory=dict)
    tries: dict[str, _Try] = field(default_factory=dict)
    store_ahead: float | None = None
    """The store's time less our monotonic one."""
    learnt: float = float("-inf")
    listed: float = float("-inf")


class Watchdog:
    """Looks every few seconds, in a thread of its own, for what is over and was not released.

    Args:
        store: where leases and releases are.
        endpoints: what runs.
        words: tells people directly, past whatever needs the store.
        clock: this machine's.
        silence: seconds since the store last answered the loop and took what it wrote.
        regions: where something of ours may run.
        bot: what this bot is called among several in the account.
        operators: who is told beside the owner, by ID.
        renderer: draws what is told.
        damage: what cannot be read of what the store keeps; operators are told of it from here.
    """

    def __init__(  # noqa: PLR0913 -- what it works with, each by name
        self,
        store: ResourceStore,
        endpoints: Endpoints,
        words: StorelessMessages,
        clock: Clock,
        renderer: Renderer,
        *,
        silence: Callable[[], float],
        regions: Collection[str],
        bot: str = "",
        operators: Sequence[str] = (),
        damage: Damage | None = None,
    ) -> None:
        self._damage = damage or Damage()
        self._damage_telling = DamageTelling(store, self._damage, renderer, operators, clock)
        self._store = store
        self._endpoints = endpoints
        self._words = words
        self._renderer = renderer
        self._clock = clock
        self._silence = silence
        self._regions = tuple(regions)
        self._bot = bot
        self._operators = tuple(operators)
        self._memory = _Memory()

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop`` is set. Nothing that goes wrong ends it."""
        while not stop.wait(TICK):
            try:
                self.tick()
            except Exception:
                log.exception("Looking after deadlines failed; it goes on")

    def tick(self) -> None:
        """Look once: learn while the store answers, act while it does not, tell what is to be told."""
        # Both are asked: the loop may be stuck on something else while the store answers, and the other way round.
        is_silent = self._silence() > SILENCE or not self._learn()
        memory = self._memory
        if is_silent or memory.unreadable:
            self._list(is_silent)
        alone = memory.deadlines if is_silent else memory.unreadable | memory.forgotten
        for each in [memory.deadlines[lease_id] for lease_id in alone if lease_id in memory.deadlines]:
            self._guarded(each)
        if not is_silent:
            self._report()
            self._damage_telling.go_on()
        self._words.go_on()

    # Learning

    def _learn(self) -> bool:
        """Take in what the store knows, now and then; return whether it answers."""
        now = self._clock.monotonic()
        if now - self._memory.learnt < LEARN:
            return True
        try:
            store_now = self._store.now()
            known, unreadable = self._known()
            forgotten = self._forgotten(known.keys() | unreadable)
        except Unavailable:
            return False
        memory = self._memory
        memory.store_ahead = store_now - now
        # What was known of a release before its row was damaged, or forgotten, is better than nothing; all else is
        # what the store says now.
        kept = {each: memory.deadlines[each] for each in unreadable | forgotten if each in memory.deadlines}
        memory.deadlines, memory.unreadable, memory.forgotten = {**kept, **known}, unreadable, forgotten
        memory.learnt = now
        return True

    def _known(self) -> tuple[dict[str, Deadline], set[str]]:
        """Return the deadlines of what has a release, and the IDs of those whose release nobody can read."""
        known: dict[str, Deadline] = {}
        for resource in self._store.unfinished(RELEASE):
            known[resource.key.id] = deadline_of(
                RELEASE_SCHEMA.spec_of(resource), self._lease(resource.key.id)
            )
        return known, {*self._damage.ids(RELEASE)} - known.keys()

    def _forgotten(self, there: Collection[str]) -> set[str]:
        """Return the IDs of what was remembered and is not ``there``, though it never ended: that would be kept."""
        return {each for each in self._memory.deadlines.keys() - there if not self._is_kept(each)}

    def _is_kept(self, lease_id: str) -> bool:
        try:
            return self._store.get(Key(RELEASE, lease_id)) is not None
        except Unreadable:
            return False  # whether it ended, nobody can tell: its tags do

    def _lease(self, lease_id: str) -> Resource | None:
        try:
            return self._store.get(Key(LEASE, lease_id))
        except Unreadable:
            return None  # its release goes by the tags

    def _list(self, is_silent: bool) -> None:
        """Know from their tags those of which the store has told us nothing."""
        now = self._clock.monotonic()
        if now - self._memory.listed < LIST:
            return
        self._memory.listed = now
        for region in self._regions:
            for serving in Serving:
                try:
                    for seen in self._endpoints.list_all(region, serving):
                        self._take_in(region, serving, seen, is_silent)
                except TunesmithError as error:
                    log.debug("%s in %s cannot be listed: %s", serving, region, error.sentence)

    def _take_in(self, region: str, serving: Serving, seen: EndpointObservation, is_silent: bool) -> None:
        memory = self._memory
        names = {each.endpoint for each in memory.deadlines.values()}
        if seen.arn in memory.strangers or names & {seen.arn, seen.name}:
            return
        marked = self._endpoints.tags(region, seen.arn)
        found = tagged(region, serving, seen, marked) if tags.is_ours(marked, self._bot) else None
        if found is None:
            # Tags are one call each, and those of somebody else's endpoint will not become ours.
            memory.strangers.add(seen.arn)
        elif is_silent or found.lease_id in memory.unreadable:
            memory.deadlines[found.lease_id] = found

    # Acting

    def _guarded(self, deadline: Deadline) -> None:
        """Look after one. Trouble with it keeps nobody from the next."""
        now = self._clock.monotonic()
        attempt = self._memory.tries.get(deadline.lease_id, _Try())
        # Rough is enough to decide whether to ask AWS at all; whether it is over, AWS's own clock helps to decide then.
        if now < attempt.at or self._rough_now() < deadline.until + MARGIN:
            return
        attempt.failures += 1
        attempt.at = now + until_next_try(attempt.failures)
        self._memory.tries[deadline.lease_id] = attempt
        try:
            self._look_after(deadline)
        except Unavailable as away:
            # AWS being away passes without anybody's doing, and each minute costs: it is asked more often than after
            # a refusal.
            attempt.failures = min(attempt.failures, _MOST_COUNTED)
            if self._rough_now() - deadline.until > _LATE:
                self._tell_trouble(deadline, away)
        except TunesmithError as error:
            self._tell_trouble(deadline, error)

    def _look_after(self, deadline: Deadline) -> None:
        seen = self._endpoints.get(deadline.region, deadline.serving, deadline.endpoint)
        if seen is None:
            self._forget(deadline)  # somebody else ended it, and tells it
            return
        marked = self._tags(deadline, seen)
        # The name has gone to something else since: not ours to delete.
        if marked is not None and marked.get(tags.LEASE) != deadline.lease_id:
            self._forget(deadline)
            return
        deadline = with_origin(deadline, origin(marked or {}), marked or {})
        # An extension moves the tag before it is written down, so the tag is never behind; but an early end is only
        # written down, and a tag must not undo it.
        moved = None if deadline.wished else tags.release_by(marked or {})
        # Nobody ends what is bought for a term before AWS says that it is over, and AWS may have renewed it.
        until, now = seen.committed_until or moved or deadline.until, self._agreed(seen)
        self._memory.deadlines[deadline.lease_id] = replace(deadline, until=until)
        if now < until + MARGIN:
            self._memory.tries.pop(deadline.lease_id, None)
            return
        log.warning("%s is over since %s, and the store does not say so: it is deleted", seen.arn, until)
        self._end(replace(deadline, until=until), seen)

    def _end(self, deadline: Deadline, seen: EndpointObservation) -> None:
        with passing(DELETE):
            self._endpoints.delete(deadline.region, deadline.serving, seen.arn)
        # Accepted is not gone: it is billed until AWS shows it no more, so nothing is told before. The next tick
        # looks again.
        if self._endpoints.get(deadline.region, deadline.serving, seen.arn) is not None:
            self._memory.tries.pop(deadline.lease_id, None)
            return
        log.warning("%s is gone, by what AWS says", seen.arn)
        # Kept until the store takes it: its release has not seen the end, and would have only the deadline to bill by.
        self._memory.ended[deadline.lease_id] = self._agreed(seen)
        self._tell_end(deadline)
        self._forget(deadline)

    def _forget(self, deadline: Deadline) -> None:
        self._memory.deadlines.pop(deadline.lease_id, None)
        self._memory.tries.pop(deadline.lease_id, None)

    def _tags(self, deadline: Deadline, seen: EndpointObservation) -> Mapping[str, str] | None:
        """Return its tags; None where they may not be read, so that only memory tells."""
        try:
            return self._endpoints.tags(deadline.region, seen.arn)
        except (Misconfigured, NotFound):
            return {} if deadline.untagged else None

    # Time

    def _store_time(self) -> float | None:
        """The store's time as it was when it last answered, and what has passed since on a clock that nobody sets."""
        ahead = self._memory.store_ahead
        return None if ahead is None else ahead + self._clock.monotonic()

    def _agreed(self, seen: EndpointObservation) -> datetime:
        """Return what two clocks agree on; AWS's time where the store's was never known."""
        store = self._store_time()
        return agreed(
            Moment(seen.seen_at.timestamp() if store is None else store, self._clock.now(), seen.seen_at)
        )

    def _rough_now(self) -> datetime:
        """Return the later of what this process knows by itself: it only decides when AWS is asked."""
        store = self._store_time()
        local = self._clock.now()
        return local if store is None else max(local, datetime.fromtimestamp(store, UTC))

    # Telling

    def _tell_end(self, deadline: Deadline) -> None:
        forgotten = deadline.lease_id in self._memory.forgotten
        card = EndedWithoutStore(deadline.name, deadline.until, forgotten=forgotten)
        self._tell(deadline, "end", card, replace(card, name=_reference(deadline)))

    def _tell_trouble(self, deadline: Deadline, error: TunesmithError) -> None:
        card = HeldUpWithoutStore(deadline.name, deadline.until, error.message)
        why = REFUSED if isinstance(error, Refused) else error.message
        self._tell(deadline, TROUBLE, card, replace(card, name=_reference(deadline), why=why))

    def _tell(
        self,
        deadline: Deadline,
        name: str,
        card: EndedWithoutStore | HeldUpWithoutStore,
        elsewhere: EndedWithoutStore | HeldUpWithoutStore,
    ) -> None:
        """Tell whom it concerns under the marker of the lease's own notice, so that it is told once, and operators.

        A channel of theirs that it is not from hears ``elsewhere``, by its reference: others read along there.
        """
        since = deadline.until - timedelta(days=1)
        places = [each for each in (deadline.channel, deadline.owner) if each]
        marker = marker_of(Key(LEASE, deadline.lease_id), name)
        message = self._renderer.render(replace(card, owner=deadline.owner))
        self._words.say(Words(marker, message, tuple(places), deadline.thread_ts, since))
        for each in self._operators:
            said = elsewhere if is_elsewhere(each, deadline.channel) else card
            message = self._renderer.render(replace(said, lease_id=deadline.lease_id))
            marker = marker_of(Key(RELEASE, deadline.lease_id), f"{name}:{each}")
            self._words.say(Words(marker, message, (each,), None, since))

    # When the store is back

    def _report(self) -> None:
        """Tell the store when something ended, so that its bill is right. Later is early enough."""
        for lease_id, at in list(self._memory.ended.items()):
            try:
                self._tell_store(Key(RELEASE, lease_id), at)
            except TunesmithError as trouble:
                log.debug("When %s ended cannot be told yet: %s", lease_id, trouble.sentence)
                return
            del self._memory.ended[lease_id]

    def _tell_store(self, key: Key, at: datetime) -> None:
        known = self._store.get(key)
        if known and not known.done:
            self._store.amend(key, RELEASE_SCHEMA.on_documents(lambda spec: replace(spec, ended_at=at)))


def _reference(deadline: Deadline) -> str:
    return str(Key(LEASE, deadline.lease_id))
