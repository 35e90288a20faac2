"""While a lease runs: follow the endpoint into service, count down, hand it to its release."""

from datetime import timedelta

from bot.controller.model import Key, RequeueAfter
from bot.controller.outbox.entries import POSTED, note_of, numbered
from bot.errors import (
    Misconfigured,
    NotFound,
    TunesmithError,
    Unavailable,
)
from bot.leases import closing, release_resource, tags
from bot.leases.cards import (
    InService,
    LastCall,
    LeaseMilestone,
    LeaseRecovered,
    ReleaseTrouble,
    ReleaseWorksAgain,
)
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.deadlines import LAST_CALL, agreed, at_the_latest, left
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePhase
from bot.leases.model import CARD, RELEASE, Moment
from bot.leases.reconciler import budget, news
from bot.leases.transitions import ENDED, advance
from bot.profiles.model import Serving
from bot.spending.failures import explain

_SHORTEST = 0.5
_ON_ITS_WAY = timedelta(minutes=2)
"""How long a deadline's tag may still arrive that a service has begun to write: its calls end long before."""
_RELEASING = 15.0


class FollowingLease:
    """Phases CREATING, IN_SERVICE and RELEASING."""

    def __init__(self, parts: LeaseDependencies) -> None:
        self._parts = parts

    def reconcile(self, work: LeaseContext) -> RequeueAfter | None:
        """Bring the lease up to what Bedrock says, money first. Return when to look again, or None at the end."""
        trouble = self._look(work)
        if work.spec.release:
            advance(work.progress, LeasePhase.RELEASING)
        self._take_in_release(work)
        work.save()
        if work.progress.phase is LeasePhase.RELEASING:
            self._wake_release(work)
        if work.progress.phase in ENDED:
            return None
        budget.correct(work, self._parts)
        tell(work, self._parts)
        if trouble:
            raise trouble
        return RequeueAfter(self._next(work))

    def _wake_release(self, work: LeaseContext) -> None:
        """Have the release act now; once it is at work, its own pace is the right one."""
        self._parts.store.register(release_resource.registration(work.spec, work.step.now()))
        at_work = work.release
        if at_work is None or not (at_work.deleting_since or at_work.trouble):
            self._parts.store.enqueue_now(Key(RELEASE, work.plan.id))

    def _look(self, work: LeaseContext) -> Unavailable | None:
        """Ask Bedrock. One that is away keeps nobody from seeing what is known; it is returned, to be raised last."""
        alone = work.has_unreadable_release
        if work.progress.phase is LeasePhase.RELEASING and not alone:
            return None
        plan = work.plan
        try:
            seen = self._parts.endpoints.get(
                plan.region, plan.serving, work.progress.arn or plan.endpoint_name
            )
            if seen:
                self._take_in(work, seen)
            elif alone and work.progress.arn:
                advance(work.progress, LeasePhase.FAILED if work.progress.failed else LeasePhase.RELEASED)
                work.progress.ended_at = self._parts.clock.now()
        except Unavailable as error:
            return error
        except TunesmithError as error:
            work.progress.explanation, work.progress.mend = error.message, error.hint
        return None

    def _take_in(self, work: LeaseContext, seen: EndpointObservation) -> None:
        progress = work.progress
        progress.arn, progress.created = seen.arn, seen.created
        progress.seen = Moment(work.step.now(), self._parts.clock.now(), seen.seen_at)
        progress.explanation = progress.mend = ""
        if seen.status is EndpointStatus.FAILED:
            self._failed(work, seen.failure)
            return
        if seen.status is EndpointStatus.IN_SERVICE and advance(progress, LeasePhase.IN_SERVICE):
            known = work.release  # it looks too, and may have seen it first
            progress.in_service = (known.in_service if known else None) or progress.seen
        if progress.in_service:
            self._tag(work)
            if left(work.spec.minutes, progress.in_service, progress.seen) <= timedelta():
                self._over(work, seen)

    def _over(self, work: LeaseContext, seen: EndpointObservation) -> None:
        """Its minutes are over. One that was found again may be another bot's, too, which gave it more since."""
        if work.spec.found_again:
            try:
                tagged = tags.release_by(self._parts.endpoints.tags(work.plan.region, seen.arn))
            except (Misconfigured, NotFound):  # its release may just have deleted it
                tagged = None
            if tagged and work.progress.seen and tagged > agreed(work.progress.seen):
                return
        if closing.close(self._parts.store, work.spec, self._parts.clock.now()):
            advance(work.progress, LeasePhase.RELEASING)

    def _failed(self, work: LeaseContext, raw: str | None) -> None:
        meaning = explain(raw)
        work.progress.failed = True
        work.progress.explanation, work.progress.mend = meaning.cause, meaning.mend
        work.progress.raw_failure = raw or ""
        advance(work.progress, LeasePhase.RELEASING)

    def _tag(self, work: LeaseContext) -> None:
        """Keep the tag at the deadline, for whoever knows nothing else. Not worth stopping for."""
        progress, now = work.progress, self._parts.clock.now()
        until, arn = at_the_latest(work.spec, progress), progress.arn
        if progress.edition != work.spec.edition:
            progress.edition, progress.tag_again_until = work.spec.edition, now + _ON_ITS_WAY
        if progress.tag_again_until and now > progress.tag_again_until:
            progress.tag_again_until = None
        is_sure = progress.tagged_until == until and progress.tag_again_until is None
        if until is None or is_sure or arn is None:
            return
        try:
            self._parts.endpoints.tag(work.plan.region, arn, tags.until(until))
        except TunesmithError:
            return
        progress.tagged_until = until

    def _take_in_release(self, work: LeaseContext) -> None:
        """What the release read back from AWS is the end, whoever asked for it."""
        done = work.release
        if done and done.failed and not work.progress.failed:
            self._failed(work, done.failure)
        if done and done.released_at:
            advance(work.progress, LeasePhase.FAILED if work.progress.failed else LeasePhase.RELEASED)
            work.progress.ended_at = done.released_at

    def _next(self, work: LeaseContext) -> float:
        progress, poll = work.progress, self._parts.cadence.poll
        if progress.phase is LeasePhase.RELEASING:
            return min(poll, _RELEASING)  # the release says when it is done; this is for a word that got lost
        if progress.in_service is None or progress.seen is None:
            return poll
        remaining = left(work.spec.minutes, progress.in_service, progress.seen).total_seconds()
        if remaining <= 0:
            return poll
        return min(poll, max(remaining, _SHORTEST))


def tell(work: LeaseContext, parts: LeaseDependencies) -> None:
    """Edit the card, at most once a minute for the countdown alone, and tell the milestones."""
    _show_card(work, parts)
    news.tell(work, parts)
    progress = work.progress
    _tell_of_the_release(work)
    if progress.in_service is None or progress.seen is None:
        return
    _tell_that_it_was_lost(work)
    if work.spec.found_again and not work.spec.minutes:
        return  # it was told when it began, or nobody is helped by it now
    # One that was found again may have been told before it was forgotten.
    since = work.spec.asked_at if work.spec.found_again else progress.in_service.local
    work.say("in-service", LeaseMilestone(work.view, _in_service(work), mention_owner=True), since=since)
    remaining = left(work.spec.minutes, progress.in_service, progress.seen)
    if progress.phase is LeasePhase.IN_SERVICE and remaining <= LAST_CALL < timedelta(
        minutes=work.spec.minutes
    ):
        name = f"last-call:{work.spec.minutes}"
        last_call = LeaseMilestone(work.view, LastCall(), mention_owner=True)
        work.say(name, last_call, since=progress.in_service.local)


def _tell_of_the_release(work: LeaseContext) -> None:
    """Say that it does not work, and to whom that was said that it works again."""
    known = work.release
    if known is None:
        return
    if known.mended and note_of(work.step, numbered("trouble", known.mended - 1))["state"] == POSTED:
        again = LeaseMilestone(work.view, ReleaseWorksAgain(), mention_owner=True)
        work.say(numbered("over", known.mended - 1), again)
    if known.trouble:
        milestone = LeaseMilestone(work.view, ReleaseTrouble(known.trouble), mention_owner=True)
        work.say(numbered("trouble", known.mended), milestone)


def _tell_that_it_was_lost(work: LeaseContext) -> None:
    """Say once that a sweep has found it, and how long it still has."""
    if work.spec.found_again:
        name = f"found:{work.spec.found_again.isoformat()}"
        work.say(name, LeaseMilestone(work.view, LeaseRecovered(work.spec.minutes), mention_owner=True))


def _in_service(work: LeaseContext) -> InService:
    return InService(work.spec.minutes, by_token=work.plan.serving is Serving.ON_DEMAND_DEPLOYMENT)


def _show_card(work: LeaseContext, parts: LeaseDependencies) -> None:
    progress, view = work.progress, work.view
    who, what = work.agreement.decided_by, work.agreement.decision
    said = f"{view.phase}|{view.minutes}|{view.explanation}|{view.mend}|{what}|{who}"
    age = work.began - progress.shown_at if progress.shown_at else None
    if said == progress.shown and age is not None and age < timedelta(seconds=parts.cadence.refresh):
        return
    work.say(CARD, work.card, live=True, gist=said)
    if not work.step.comes_back:  # else it waits for its turn, and must be there when that comes
        # Not the time by now: a turn that was held up has shown what was left when it looked.
        progress.shown, progress.shown_at = said, work.began
