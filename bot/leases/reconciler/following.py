"""While a lease runs: follow the endpoint into service, count down, hand it to its release."""

from datetime import datetime, timedelta

from bot.controller.model import Key, RequeueAfter
from bot.controller.outbox.entries import POSTED, entry_of, numbered
from bot.errors import TunesmithError, Unavailable
from bot.leases import closing, release_resource, tags, terms
from bot.leases.cards import (
    InService,
    LeaseJoined,
    LeaseMilestone,
    LeaseRecovered,
    ReleaseTrouble,
    ReleaseWorksAgain,
)
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.deadlines import agreed, at_the_latest, begun, remaining
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePhase
from bot.leases.model import CARD, RELEASE, Moment
from bot.leases.reconciler import budget, idle, news, renewals, swapping, warnings
from bot.leases.reconciler.idle import IdleLease
from bot.leases.reconciler.swapping import SwappingLease
from bot.leases.transitions import ENDED, advance, runs_on
from bot.leases.versions import on_its_way
from bot.profiles.model import Serving
from bot.spending import missing
from bot.spending.failures import explain

_SHORTEST = 0.5
_ON_ITS_WAY = timedelta(minutes=2)
"""How long a deadline's tag may still arrive that a service has begun to write: its calls end long before."""
_RELEASING = 15.0
_COMING = frozenset({LeasePhase.CREATING, LeasePhase.IN_SERVICE})
_CHANGING = 15.0
"""Seconds between two looks at one that is getting another model."""


class FollowingLease:
    """Phases CREATING, IN_SERVICE and RELEASING."""

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._dependencies = dependencies
        self._idle = IdleLease(dependencies)
        self._swapping = SwappingLease(dependencies)

    def reconcile(self, lease: LeaseContext) -> RequeueAfter | None:
        """Bring the lease up to what Bedrock says, money first. Return when to look again, or None at the end."""
        trouble = self._look(lease)
        if trouble is None:
            self._idle.look(lease)
        is_bound = lease.plan.term is not None and lease.status.in_service is not None
        if (lease.spec.ending or lease.spec.over) and not is_bound:
            advance(lease.status, LeasePhase.RELEASING)
        self._take_in_release(lease)
        lease.save()
        if lease.status.phase is LeasePhase.RELEASING:
            self._wake_release(lease)
        if lease.status.phase in ENDED:
            return None
        budget.correct(lease, self._dependencies)
        tell(lease, self._dependencies)
        if trouble:
            raise trouble
        return RequeueAfter(self._next(lease))

    def _wake_release(self, lease: LeaseContext) -> None:
        """Have the release act now; once it is at work, its own pace is the right one."""
        self._dependencies.store.register(release_resource.registration(lease.spec, lease.context.now()))
        at_work = lease.release
        if at_work is None or not (at_work.deleting_since or at_work.trouble):
            self._dependencies.store.enqueue_now(Key(RELEASE, lease.plan.id))

    def _look(self, lease: LeaseContext) -> Unavailable | None:
        """Ask Bedrock. One that is away keeps nobody from seeing what is known; it is returned, to be raised last."""
        alone = lease.has_unreadable_release
        is_going = lease.status.phase is LeasePhase.RELEASING and not lease.plan.term
        if is_going and not alone:
            return None
        plan = lease.plan
        try:
            seen = self._dependencies.endpoints.get(
                plan.region, plan.serving, lease.status.arn or plan.endpoint_name
            )
            if seen:
                lease.status.missing_since = None
                self._take_in(lease, seen)
            elif alone and lease.status.arn and missing.is_gone(lease.status, lease.context.now()):
                advance(lease.status, LeasePhase.FAILED if lease.status.failed else LeasePhase.RELEASED)
                lease.status.ended_at = self._dependencies.clock.now()
        except Unavailable as error:
            return error
        except TunesmithError as error:
            lease.status.explanation, lease.status.mend = error.message, error.hint
        return None

    def _take_in(self, lease: LeaseContext, seen: EndpointObservation) -> None:
        status = lease.status
        status.arn, status.created = seen.arn, seen.created
        status.seen = Moment(lease.context.now(), self._dependencies.clock.now(), seen.seen_at)
        status.explanation = status.mend = ""
        if seen.status is EndpointStatus.FAILED:
            self._failed(lease, seen.failure)
            return
        spec = terms.note(self._dependencies.store, lease.spec, seen, self._dependencies.clock.now())
        runs = seen.status is EndpointStatus.IN_SERVICE
        if runs and spec.committed_until and status.phase is LeasePhase.RELEASING:
            runs_on(
                status
            )  # it was given up, or was to be released as it was bought: AWS keeps it for its term
        if runs and not status.in_service and status.phase in _COMING:
            # Known before the phase is: what cannot be read now is read in the next turn.
            since = self._since(lease, seen)
            advance(status, LeasePhase.IN_SERVICE)
            status.in_service = since
        if status.in_service or lease.spec.committed_until:
            self._tag(lease)
        if status.in_service:
            if remaining(lease.spec, status.in_service, status.seen) <= timedelta():
                self._over(lease, seen)
            elif status.phase is LeasePhase.IN_SERVICE:
                self._swapping.reconcile(lease, seen)
        swapping.tag(lease, self._dependencies)

    def _over(self, lease: LeaseContext, seen: EndpointObservation) -> None:
        """Its minutes are over. One that was found again may be another bot's, too, which gave it more since.

        One whose term is over is in service until AWS takes its deletion, which its release tries, or renews it.
        """
        if lease.plan.term:
            return
        if lease.spec.found_again:
            tagged = self._tagged(lease, seen)
            if tagged and lease.status.seen and tagged > agreed(lease.status.seen):
                return
        if closing.close(self._dependencies.store, lease.spec, self._dependencies.clock.now()):
            advance(lease.status, LeasePhase.RELEASING)

    def _since(self, lease: LeaseContext, seen: EndpointObservation) -> Moment:
        """Return since when it is in service. Its release looks too, waits for its tag for so long, and may know it.

        Raises:
            Unavailable: AWS does not give its tags just now.
        """
        assert lease.status.seen, "it was seen"
        if (known := lease.release) and known.in_service:
            return known.in_service
        return begun(lease.status.seen, lease.spec, lease.status, self._tagged(lease, seen))

    def _tagged(self, lease: LeaseContext, seen: EndpointObservation) -> datetime | None:
        """Return the deadline by its tag; None where that cannot be read: its release may just have deleted it."""
        return tags.deadline_at(self._dependencies.endpoints, lease.plan.region, seen.arn)

    def _failed(self, lease: LeaseContext, raw: str | None) -> None:
        meaning = explain(raw)
        lease.status.failed = True
        lease.status.explanation, lease.status.mend = meaning.cause, meaning.mend
        lease.status.raw_failure = raw or ""
        advance(lease.status, LeasePhase.RELEASING)

    def _tag(self, lease: LeaseContext) -> None:
        """Keep the tag at the deadline, for whoever knows nothing else. Not worth stopping for."""
        status, now = lease.status, self._dependencies.clock.now()
        until, arn = at_the_latest(lease.spec, status), status.arn
        if status.edition != lease.spec.edition:
            status.edition, status.tag_again_until = lease.spec.edition, now + _ON_ITS_WAY
        if status.tag_again_until and now > status.tag_again_until:
            status.tag_again_until = None
        is_sure = status.tagged_until == until and status.tag_again_until is None
        if until is None or is_sure or arn is None:
            return
        try:
            self._dependencies.endpoints.tag(lease.plan.region, arn, tags.until(until, lease.spec.minutes))
        except TunesmithError:
            return
        status.tagged_until = until

    def _take_in_release(self, lease: LeaseContext) -> None:
        """What the release read back from AWS is the end, whoever asked for it."""
        done = lease.release
        if done and done.failed and not lease.status.failed:
            self._failed(lease, done.failure)
        if done and done.released_at:
            advance(lease.status, LeasePhase.FAILED if lease.status.failed else LeasePhase.RELEASED)
            lease.status.ended_at = done.released_at

    def _next(self, lease: LeaseContext) -> float:
        status, poll = lease.status, self._dependencies.cadence.poll
        if status.phase is LeasePhase.RELEASING:
            return min(poll, _RELEASING)  # the release says when it is done; this is for a word that got lost
        if status.in_service is None or status.seen is None:
            return poll
        if on_its_way(lease.spec, status):
            poll = min(poll, _CHANGING)
        seconds = remaining(lease.spec, status.in_service, status.seen).total_seconds()
        if seconds <= 0:
            return poll
        return min(poll, max(seconds, _SHORTEST))


def tell(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Edit the card, at most once a minute for the countdown alone, and tell the milestones."""
    _show_card(lease, dependencies)
    news.tell(lease, dependencies)
    status = lease.status
    _tell_of_the_release(lease)
    if status.in_service is None or status.seen is None:
        return
    _tell_that_it_was_lost(lease)
    renewals.tell(lease, dependencies)
    if lease.spec.found_again and not lease.spec.minutes:
        return  # it was told when it began, or nobody is helped by it now
    # One that was found again may have been told before it was forgotten.
    since = lease.spec.asked_at if lease.spec.found_again else status.in_service.local
    lease.say("in-service", LeaseMilestone(lease.view, _in_service(lease), mention_owner=True), since=since)
    for each in lease.spec.joined:
        lease.say(f"joined:{each.by}", LeaseMilestone(lease.view, LeaseJoined(each.by)), since=each.at)
    warnings.tell(lease)
    idle.tell(lease)
    swapping.tell(lease)


def _tell_of_the_release(lease: LeaseContext) -> None:
    """Say that it does not work, and to whom that was said that it works again."""
    known = lease.release
    if known is None:
        return
    if (
        known.mended
        and entry_of(lease.context, numbered(release_resource.TROUBLE, known.mended - 1)).state == POSTED
    ):
        again = LeaseMilestone(lease.view, ReleaseWorksAgain(), mention_owner=True)
        lease.say(numbered(release_resource.WORKS, known.mended - 1), again)
    if known.trouble:
        milestone = LeaseMilestone(lease.view, ReleaseTrouble(known.trouble), mention_owner=True)
        lease.say(numbered(release_resource.TROUBLE, known.mended), milestone)


def _tell_that_it_was_lost(lease: LeaseContext) -> None:
    """Say once that a look at the account has found it, and how long it still has."""
    if lease.spec.found_again:
        name = f"found:{lease.spec.found_again.isoformat()}"
        lease.say(name, LeaseMilestone(lease.view, LeaseRecovered(lease.spec.minutes), mention_owner=True))


def _in_service(lease: LeaseContext) -> InService:
    return InService(lease.spec.minutes, by_token=lease.plan.serving is Serving.ON_DEMAND_DEPLOYMENT)


def _show_card(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    status, view = lease.status, lease.view
    who, what = lease.agreement.decided_by, lease.agreement.decision
    ends = f"{view.released_by}|{view.is_undoable}"
    ends += f"|{view.model_name}|{view.next_name}|{view.newer}"
    said = f"{view.phase}|{ends}|{view.minutes}|{view.explanation}|{view.mend}|{what}|{who}"
    age = lease.began - status.shown_at if status.shown_at else None
    if said == status.shown and age is not None and age < timedelta(seconds=dependencies.cadence.refresh):
        return
    lease.say(CARD, lease.card, live=True, gist=said)
    if not lease.context.comes_back:  # else it waits for its turn, and must be there when that comes
        # Not the time by now: a turn that was held up has shown what was left when it looked.
        status.shown, status.shown_at = said, lease.began
