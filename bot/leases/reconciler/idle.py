"""A lease that nobody asks: told, and released some minutes later, unless somebody asks it or says that it stays.

What it goes by is in ``bot/leases/idleness.py``. A notice that is not true any more says so. That it is over is
written into what is wanted before anything is released, so that whoever presses *Keep 1 h* is heard or told.
"""

from datetime import datetime, timedelta

from bot.controller.outbox.entries import ABSENT, entry_of
from bot.errors import Throttled, TunesmithError, Unavailable
from bot.leases import closing, idleness
from bot.leases.cards import LeaseIdle, LeaseMilestone, UnseenCalls
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.deadlines import left, passed
from bot.leases.endpoint import LeasePhase
from bot.leases.model import Idled, IdleNotice, Moment
from bot.leases.transitions import advance
from bot.leases.versions import on_its_way
from bot.leases.views import spent_so_far
from bot.profiles.model import Serving
from bot.wording import Said

_CALL = 12.0
_MINUTE = timedelta(minutes=1)
UNSEEN = "unseen-calls"


class IdleLease:
    """Phase IN_SERVICE."""

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._dependencies = dependencies

    def look(self, lease: LeaseContext) -> None:
        """Notice that nobody asks it, and have it released when that was told long enough ago.

        Raises:
            Unavailable: the store does not answer.
        """
        spec, status = lease.spec, lease.status
        seen = status.seen
        if seen is None or not _counts(lease):
            status.idle.stands = False
            return
        watch, now = status.idle, self._dependencies.clock.now()
        if watch.minutes != spec.minutes:
            watch.stirred, watch.minutes = (seen if watch.minutes else None), spec.minutes
        idle = self._idle(lease, seen, now)
        if idle is None or idleness.is_kept(spec, now):
            watch.stands = False
            return
        if not watch.stands:
            if left(spec.minutes, status.in_service or seen, seen) > idleness.GRACE:
                self._notice(lease, seen, idle)
            return
        if passed(watch.notices[-1].at, seen) < idleness.GRACE:
            return
        if closing.close_idle(self._dependencies.store, spec, Idled(now, idle // _MINUTE)):
            advance(status, LeasePhase.RELEASING)

    def _idle(self, lease: LeaseContext, seen: Moment, now: datetime) -> timedelta | None:
        """Return for how long nobody has asked it, once both counts say that it is long enough; None: it is not."""
        status, enough = lease.status, idleness.needed(lease.spec)
        if idleness.by_anybody(status, idleness.by_people(lease.spec, status, now)) < enough:
            return None  # by what is known already: nobody is asked for more
        if idleness.is_being_asked(self._dependencies.store, lease.names):
            return None
        status.idle.asked = self._dependencies.budget_service.last_asked(lease.names)
        so_far = idleness.by_people(lease.spec, status, now)
        if so_far < enough or not self._is_counted(lease, seen):
            return None
        idle = idleness.by_anybody(status, so_far)
        return idle if idle >= enough else None

    def _is_counted(self, lease: LeaseContext, seen: Moment) -> bool:
        """Ask CloudWatch; return whether it tells."""
        status, watch = lease.status, lease.status.idle
        assert status.arn is not None, "it is in service"
        begun = (status.in_service or seen).bedrock
        since = max(begun, seen.bedrock - idleness.LOOKS_BACK)
        if lease.context.seconds_left() < _CALL:
            return False  # the next turn has more
        try:
            called = self._dependencies.invocations.last(lease.plan.region, status.arn, since, seen.bedrock)
        except (Throttled, Unavailable) as away:
            self._blind(lease, away.sentence, at_once=False)
            return False
        except TunesmithError as denied:
            self._blind(lease, denied.sentence, at_once=True)
            return False
        watch.called = called or watch.called
        if idleness.is_unseen(watch, since, seen.bedrock):
            self._blind(lease, "", at_once=True)
            return False
        watch.blind_since = None
        return True

    def _blind(self, lease: LeaseContext, why: Said, *, at_once: bool) -> None:
        """Nobody knows whether something else asks it: it stays, which is said once, unless that passes soon."""
        watch, now = lease.status.idle, self._dependencies.clock.now()
        watch.stands = False
        watch.blind_since = watch.blind_since or now
        if not watch.is_blind and (at_once or now - watch.blind_since >= idleness.BLIND):
            watch.is_blind, watch.blind = True, why

    def _notice(self, lease: LeaseContext, seen: Moment, idle: timedelta) -> None:
        watch = lease.status.idle
        spent = spent_so_far(lease.spec, lease.status, self._dependencies.prices, lease.release)
        made = IdleNotice(len(watch.notices) + 1, seen, idle // _MINUTE, spent)
        watch.notices, watch.stands = (*watch.notices, made), True


def _counts(lease: LeaseContext) -> bool:
    """Return whether it may be released for idleness at all, as it stands."""
    spec, status = lease.spec, lease.status
    if not spec.idle or lease.plan.serving is not Serving.PROVISIONED_THROUGHPUT:
        return False
    if on_its_way(spec, status):
        return False
    return status.phase is LeasePhase.IN_SERVICE and not (spec.release or spec.over)


def tell(lease: LeaseContext) -> None:
    """Say that nobody asks it, keep right what was said of that, and say what cannot be known."""
    status, watch = lease.status, lease.status.idle
    if status.in_service is None:
        return
    for each in watch.notices:
        stands = watch.stands and each == watch.notices[-1] and status.phase is LeasePhase.IN_SERVICE
        if stands or entry_of(lease.context, each.name).state != ABSENT:
            lease.say(each.name, milestone(lease, each), live=True, since=status.in_service.local)
    if watch.is_blind:
        said = LeaseMilestone(lease.view, UnseenCalls(watch.blind, lease.spec.idle))
        lease.say(UNSEEN, said, since=status.in_service.local)


def milestone(lease: LeaseContext, notice: IdleNotice) -> LeaseMilestone:
    """Return a notice as it stands now."""
    spec, watch = lease.spec, lease.status.idle
    is_last = notice == watch.notices[-1]
    kept = spec.kept_awake if spec.kept_awake and spec.kept_awake.at > notice.at.local else None
    said = LeaseIdle(
        notice.minutes,
        notice.spent,
        idleness.GRACE // _MINUTE,
        kept_by=kept.by if kept and is_last else "",
        kept_until=kept.until if kept and is_last else None,
        was_released=is_last and spec.idled is not None,
        is_past=not (is_last and watch.stands),
    )
    return LeaseMilestone(lease.view, said, mention_owner=True)
