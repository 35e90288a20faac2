"""The release of what was leased: it deletes, reads the deletion back, and says nothing to Slack.

It has a due entry of its own, which is registered in the same write as the intent to create, so that neither a
Slack that is away nor anything wrong with the lease's card can keep throughput running.

What it does on the outside, and what settles each of it, is in docs/effects.md. ``deleting_since`` and the ARN are
saved before the deletion; the endpoint is looked at, and its deletion read back, again. That it fails, or works again,
is told by the save of ``trouble``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.controller import journal
from bot.controller.context import Context
from bot.controller.effects import passing
from bot.controller.model import Done, Key, Outcome, Registration, RequeueAfter
from bot.controller.outbox.entries import numbered
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.ports import Renderer, ResourceStore
from bot.errors import Misconfigured, NoIdentity, Refused, Throttled, TunesmithError, Unavailable, Unreadable
from bot.jobs.dependencies import Cadence
from bot.leases import closing, tags, terms
from bot.leases.beginning import in_service_since
from bot.leases.cards import ReleaseNews, ReleaseTrouble, ReleaseWorksAgain
from bot.leases.deadlines import agreed, at_the_latest
from bot.leases.endpoint import EndpointObservation, EndpointStatus
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASES, ReleaseSpec, ReleaseStatus
from bot.leases.ports import Endpoints
from bot.leases.reconciler.release_due import GOING, Due, KnownLease
from bot.leases.release_resource import DELETE, REFUSED, SOON, WAKE, note, until_next_try
from bot.notifications.reconciler import notification
from bot.spending import missing, undo

GRACE = 60.0
"""Seconds for which an endpoint that was never seen may still appear: before that, not being there proves nothing. A
creation that was under way has ended by then."""
_CALL = 15.0
_SLOW_DOWN = 30.0
_ALARM = 60.0
"""Seconds after a look that AWS refused, before there is anything to delete."""
_LATE = timedelta(minutes=10)
"""How long after its time a release may be held up by what passes by itself before a person is told."""
_LOOKED_AT = timedelta(minutes=1)
"""How long ago, beside two looks, it may have been seen last without being out of sight."""
_SHORTEST = 0.5


class ReleaseReconciler:
    """Looks at one endpoint until it has to go, and then until it is gone."""

    def __init__(
        self,
        endpoints: Endpoints,
        store: ResourceStore,
        clock: Clock,
        cadence: Cadence,
        renderer: Renderer,
        hears: Sequence[str] = (),
    ) -> None:
        """``hears`` are people or channels, by ID, who are told of a release that does not work, whoever has it."""
        self._hears = tuple(hears)
        self._renderer = renderer
        self._endpoints = endpoints
        self._store = store
        self._clock = clock
        self._cadence = cadence

    def __call__(self, context: Context[ReleaseSpec, ReleaseStatus]) -> Outcome:
        """Never raises for an AWS that is away or does not know us: a back-off of minutes would cost money."""
        turn = _Turn(
            context, self._endpoints, self._store, self._clock, self._cadence, self._renderer, self._hears
        )
        try:
            return turn.go()
        except Throttled as error:
            return turn.put_off(error, min(error.retry_after, _SLOW_DOWN))
        except (Unavailable, NoIdentity) as error:
            note(context.key, error)
            return turn.put_off(error, SOON)


class _Turn:
    """One look at one release."""

    def __init__(
        self,
        context: Context[ReleaseSpec, ReleaseStatus],
        endpoints: Endpoints,
        store: ResourceStore,
        clock: Clock,
        cadence: Cadence,
        renderer: Renderer,
        hears: Sequence[str],
    ) -> None:
        self._hears = hears
        self._renderer = renderer
        self._context = context
        self._endpoints = endpoints
        self._store = store
        self._clock = clock
        self._cadence = cadence
        self._spec, self._status = context.spec, context.status
        self._due = Due(self._spec, self._status, endpoints, clock, cadence.poll, context.now)

    def go(self) -> Outcome:
        if self._status.released_at:
            return Done()
        try:
            seen = self._look()
            lease = self._with_its_term(self._lease(), seen)
            wait = self._until_it_is_certain(self._due.wait(lease, seen), lease)
            if wait is not None and seen and self._due.is_held(seen):
                return RequeueAfter(max(wait, _SHORTEST))
            if wait is not None and seen and self._due.is_for_a_term(lease, seen):
                # AWS bills it to another date by now, so that it has not taken the deletion that was tried.
                self._status.deleting_since, self._status.failures = None, 0
            if wait is not None and not (seen is None and self._was_there(lease)):
                self._status.missing_since = None
                self._works_again(gone=False)
                return RequeueAfter(max(wait, _SHORTEST))
            if seen is None:
                return self._gone(lease, has_to_go=self._has_to_go(lease, wait))
            if lease and not self._is_closed(lease):
                return RequeueAfter(_SHORTEST)  # it was made longer right now
            return self._release(seen)
        except (Unavailable, NoIdentity):
            raise
        except TunesmithError as error:
            return self._alarm(error)

    def put_off(self, error: Unavailable | NoIdentity, seconds: float) -> Outcome:
        """Come back soon. Whatever has held it up for long is told: it may pass, and it is billed meanwhile."""
        lease = self._lease()
        is_going = self._status.deleting_since is not None
        held = is_going and lease is not None and lease.is_for_a_term and isinstance(error, Throttled)
        if held:
            error = terms.held()
        # By the slower clock: one that is ahead would alarm people of what is not even over.
        if self._due.earlier() - self._due.due_at(lease) > _LATE:
            self._tell(error)
        if held:
            return RequeueAfter(self._until_next_try())
        return RequeueAfter(max(seconds, min(self._until_next_try(), _SLOW_DOWN)))

    def _until_next_try(self) -> float:
        """Count a deletion that did not work, and return the seconds until the next one; 0 before there was any."""
        status = self._status
        if status.deleting_since is None:
            return 0.0
        status.failures += 1
        return until_next_try(status.failures)

    # Looking

    def _look(self) -> EndpointObservation | None:
        status = self._status
        seen = self._endpoints.get(
            self._spec.region, self._spec.serving, status.arn or self._spec.endpoint_name
        )
        # Once its ARN is known it is asked for by that, which nothing else ever has; only a name may be somebody
        # else's.
        if seen and status.arn is None and not self._is_ours(seen):
            return None  # the name is somebody else's by now: not ours to delete, and ours is gone
        if seen:
            self._take_in(seen)
        return seen

    def _take_in(self, seen: EndpointObservation) -> None:
        status, now = self._status, self._due.now(seen)
        status.arn, status.created, status.last_seen = seen.arn, seen.created, agreed(now)
        status.first_seen, status.missing_since = status.first_seen or now, None
        if seen.status is EndpointStatus.FAILED:
            status.failed, status.failure = True, seen.failure or ""
        if seen.status is EndpointStatus.IN_SERVICE and status.in_service is None:
            status.in_service = now
            if lease := self._lease():
                it = self._endpoints, self._spec.region, seen.arn, lease.spec, lease.status
                status.in_service = in_service_since(*it, first=status.first_seen, now=now)
            if status.in_service:
                self._wake_lease()

    def _is_ours(self, seen: EndpointObservation) -> bool:
        """By its tags; the name alone, which no other lease has, is enough only where tags may not be read.

        What was made elsewhere has a name that says nothing: its tags alone count.
        """
        try:
            marked = self._endpoints.tags(self._spec.region, seen.arn)
        except Misconfigured:
            if self._spec.adopts:
                raise
            return True
        return marked.get(tags.LEASE) == self._spec.lease_id

    def _lease(self) -> KnownLease | None:
        try:
            resource = self._store.get(Key(LEASE, self._spec.lease_id))
        except Unreadable:  # the tags tell its deadline then
            return None
        if resource is None:
            return None
        wish = LEASE_SCHEMA.spec_of(resource).release
        if wish and not wish.is_final and undo.left(wish, self._context.now()) <= 0:
            undo.take(self._store, resource.key, LEASE_SCHEMA, RELEASES, self._context.now())
            resource = self._store.get(resource.key) or resource
        return KnownLease(LEASE_SCHEMA.spec_of(resource), LEASE_SCHEMA.status_of(resource))

    def _with_its_term(self, lease: KnownLease | None, seen: EndpointObservation | None) -> KnownLease | None:
        """Return the lease with what AWS says now of when its term ends, written down."""
        if lease is None or seen is None or not lease.is_for_a_term:
            return lease
        return replace(lease, spec=terms.note(self._store, lease.spec, seen, self._clock.now()))

    def _was_there(self, lease: KnownLease | None) -> bool:
        """Whether it is known to have been made: it was seen here, or its creation was answered with its ARN."""
        return (self._status.arn or (lease and lease.status.arn)) is not None

    def _was_never_asked_for(self, lease: KnownLease | None) -> bool:
        """Whether the lease has not asked AWS for anything. Of one that is lost, or was found again, nobody knows."""
        if lease is None or lease.spec.found_again or self._was_there(lease):
            return False
        return not lease.status.asked_for

    # Deciding

    def _until_it_is_certain(self, wait: float | None, lease: KnownLease | None) -> float | None:
        """Come back at the latest when somebody's wish to release it cannot be taken back any more."""
        remaining = undo.left(lease.spec.release, self._context.now()) if lease else 0.0
        return min(wait, remaining) if wait is not None and remaining > 0 else wait

    def _is_closed(self, lease: KnownLease) -> bool:
        """Whether it goes by more than its minutes alone, or nobody makes these more any longer."""
        if self._status.deleting_since or self._status.failed or lease.status.phase in GOING:
            return True
        if lease.is_for_a_term:
            return True  # AWS alone makes it longer, and says so
        return closing.close(self._store, lease.spec, self._clock.now())

    # Releasing

    def _release(self, seen: EndpointObservation) -> Outcome:
        if self._status.deleting_since is None or self._due.is_held(seen):
            self._status.deleting_since = self._clock.now()
        line = f"{self._spec.endpoint_name} has to go: {seen.arn} is deleted"
        journal.note(self._context, journal.START, line)
        # Written down before the deletion: what is gone afterwards went because of it, and was not lost out of sight.
        self._context.save()
        return self._released() if self._is_deleted(seen.arn) else self._still_there()

    def _is_deleted(self, arn: str) -> bool:
        """Delete it, and return whether AWS shows it no more: billing ends with it, and not with the request."""
        self._context.ensure_time(_CALL)
        with passing(DELETE):
            self._endpoints.delete(self._spec.region, self._spec.serving, arn)
        return self._endpoints.get(self._spec.region, self._spec.serving, arn) is None

    def _still_there(self) -> Outcome:
        self._status.failures = 0  # AWS has taken it; that it takes its time is no failure
        return self.put_off(Unavailable("AWS has taken the deletion, and still shows it."), SOON)

    # What is not shown

    def _has_to_go(self, lease: KnownLease | None, wait: float | None) -> bool:
        """Return whether what is not shown is wanted by nobody any more, so that it is deleted whether it is or not."""
        if self._status.deleting_since or self._status.failed:
            return True
        if lease is None:
            return wait is None
        if lease.spec.ending or lease.spec.over or lease.status.phase in GOING:
            return True
        # Another bot may have given more to one that was found again: its tag would say so, were it shown.
        is_over = self._due.due_at(lease) <= self._due.earlier() and not lease.spec.found_again
        return is_over and self._is_closed(lease)

    def _gone(self, lease: KnownLease | None, *, has_to_go: bool) -> Outcome:
        """It is not shown, which one answer does not prove: AWS shows what it made, or lets be read, late.

        What was made and is not shown for long is deleted by its ARN all the same, before it is called gone: else it
        would be billed, should it have been there, and ended by nobody. What is deleted already is no error.
        """
        status, now = self._status, self._context.now()
        if status.missing_since is None or status.missing_since > now:
            status.missing_since = now
        waited = now - status.missing_since
        missed = self._due.earlier() - timedelta(seconds=waited)
        unseen, arn = self._went_unseen(missed), status.arn or (lease.status.arn if lease else None)
        patience = self._patience(lease, is_made=arn is not None, has_to_go=has_to_go, unseen=unseen)
        if waited < patience:
            return RequeueAfter(min(patience - waited, GRACE))
        if arn and not self._spec.ended_at and not self._is_deleted(arn):
            status.deleting_since = self._clock.now()
            return self._still_there()
        ended = self._spec.ended_at
        if not ended and status.last_seen and (unseen or not has_to_go):
            ended = min(self._deadline(lease), missed)
        if ended:
            status.last_seen = max(each for each in (status.last_seen, ended) if each)
        return self._released(ended)

    def _patience(self, lease: KnownLease | None, *, is_made: bool, has_to_go: bool, unseen: bool) -> float:
        """Return for how many seconds AWS has to show nothing of it, in one stretch, until that is believed.

        After a time in which nobody could look, another process may just be about to say when it ended it.
        """
        if self._due.is_within_its_term(lease) and self._status.deleting_since is None:
            return terms.MISSED.total_seconds()
        if self._spec.ended_at and is_made:
            return 0.0
        if not is_made or (has_to_go and unseen):
            return GRACE
        return 0.0 if has_to_go else missing.UNKNOWN_FOR.total_seconds()

    def _went_unseen(self, missed: datetime) -> bool:
        """Whether it went, before it was ``missed``, while nobody looked at it, as when the store was silent."""
        status = self._status
        if status.deleting_since or status.last_seen is None:
            return False
        return missed - status.last_seen > _LOOKED_AT + timedelta(seconds=2 * self._cadence.poll)

    def _deadline(self, lease: KnownLease | None) -> datetime:
        """Return when it was to end, if that is over: nobody says when it did."""
        wanted = at_the_latest(lease.spec, lease.status) if lease else None
        return min(wanted or self._spec.release_by, self._due.earlier())

    def _released(self, ended: datetime | None = None) -> Outcome:
        self._status.released_at = ended or self._clock.now()
        self._works_again(gone=True)
        journal.note(self._context, journal.END, f"{self._spec.endpoint_name} is gone, by what AWS says")
        self._context.save()
        with passing(WAKE):
            self._wake_lease()
        return Done()

    def _alarm(self, error: TunesmithError) -> Outcome:
        """AWS will not let us: say so through the lease, and go on trying."""
        self._tell(error)
        note(self._context.key, error)
        return RequeueAfter(self._until_next_try() or _ALARM)

    def _tell(self, error: TunesmithError) -> None:
        """Have the lease tell that this goes on being billed, and whoever hears of money, if that is news.

        As long as AWS was not asked for anything there is nothing to bill, and the lease says itself what holds it up.
        """
        if self._was_never_asked_for(self._lease()):
            return
        trouble = error.sentence
        # The same trouble is met at every try: it is told once, and told again only when it was over in between.
        is_news = trouble != self._status.trouble
        self._status.trouble = trouble
        # Another cause is another notice, and the same one is one notice, however many processes meet it: its ID is
        # made of it.
        event = hashlib.sha256(trouble.encode()).hexdigest()[:12]
        elsewhere = ReleaseTrouble(REFUSED if isinstance(error, Refused) else trouble)
        told = self._tellings(numbered(event, self._status.mended), ReleaseTrouble(trouble), elsewhere)
        self._context.save(also=told if is_news else [])
        if is_news:
            self._wake_lease()

    def _works_again(self, *, gone: bool) -> None:
        """Tell those who were told of trouble that it is over; whoever has the lease reads it there."""
        if not self._status.trouble:
            return
        event = numbered("over", self._status.mended)
        self._status.trouble, self._status.mended = "", self._status.mended + 1
        news = ReleaseWorksAgain()
        self._context.save(also=self._tellings(event, news, news, gone=gone))
        self._wake_lease()

    def _tellings(
        self,
        event: str,
        news: ReleaseTrouble | ReleaseWorksAgain,
        elsewhere: ReleaseTrouble | ReleaseWorksAgain,
        *,
        gone: bool = False,
    ) -> list[Registration]:
        """Return what those hear who hear of money: its lease may be lost, or its people away.

        A channel that it is not from hears ``elsewhere``, by its reference: others read along there.
        """
        spec, now, reference = self._spec, self._clock.now(), str(self._context.key)
        named = self._renderer.render(
            ReleaseNews(spec.endpoint_name, spec.region, spec.model_name, news, gone)
        )
        unnamed = self._renderer.render(ReleaseNews(reference, spec.region, "", elsewhere, gone))
        return [
            notification(reference, event, each, unnamed if is_elsewhere(each, spec.channel) else named, now)
            for each in self._hears
        ]

    def _wake_lease(self) -> None:
        """Have it told at once; the lease would find out by itself a little later."""
        self._store.enqueue_now(Key(LEASE, self._spec.lease_id))
