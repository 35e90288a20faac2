"""Throughput and deployments held against the store: what it has forgotten gets its lease and its release back."""

import logging
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.controller.documents import dump
from bot.controller.model import Key, Registration
from bot.controller.ports import ResourceStore
from bot.errors import TunesmithError, Unavailable, Unreadable
from bot.leases import tags
from bot.leases.cards import EndpointRecovered, EndpointThereAgain
from bot.leases.deadlines import STARTUP, agreed
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePhase, LeasePlan
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASE_SCHEMA, LeaseSpec, Moment, ReleaseSpec
from bot.leases.ports import Endpoints
from bot.leases.purchase import FORM as LEASE_PLAN
from bot.models.versions import ModelVersion
from bot.profiles.model import Serving, Term
from bot.profiles.registry import profile_of
from bot.spending.archive import PlanKeeper
from bot.spending.comparing import Looked, Neighbours
from bot.spending.model import Decision, Handover
from bot.spending.recovery import Found
from bot.spending.tags import BOT, DEPLOYMENT, Origin, origin
from bot.spending.votes import Vote, Votes

_SHORTEST = timedelta(minutes=2)
"""With less than this left, a lease has no time any more: its release is all that matters, and that it is told."""
_OVERDUE = timedelta(minutes=5)
"""How long after its deadline another bot's is left to it: its own release is tried at once, and again in a minute."""
_UNDECIDED = frozenset({LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL})
_BEFORE = timedelta(days=1)
"""How long before its creation a lease's first message may have been posted: a plan waits no longer for its press."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LostLeases:
    """Compares what runs in a region with the store. ``bot`` is what this bot is called among several."""

    endpoints: Endpoints
    store: ResourceStore
    plans: PlanKeeper
    clock: Clock
    neighbours: Neighbours
    bot: str = ""

    def look(self, region: str, _: Collection[str]) -> Looked:
        """Return what was found; what must not be there is deleted already. Nobody's is looked at each time.

        Raises:
            TunesmithError: a listing did not work. The next look lists again.
        """
        found: list[Found] = []
        # Both ways of serving, whatever the profiles say: the base of what was forgotten may have changed its way
        # since.
        for serving in Serving:
            for seen in self.endpoints.list_all(region, serving):
                one = self._one(region, serving, seen)
                found += [one] if one else []
        return Looked(found, [])

    def _one(self, region: str, serving: Serving, seen: EndpointObservation) -> Found | None:
        """One endpoint. Trouble with it keeps nobody from looking at the next."""
        try:
            marked = self.endpoints.tags(region, seen.arn)
            if not tags.is_tunesmiths(marked) or DEPLOYMENT in marked:
                return None
            lease_id, deadline = marked.get(tags.LEASE, ""), seen.committed_until or tags.release_by(marked)
            # Without them nobody knows when it should end, and deleting what somebody pays for on a guess is worse.
            if not lease_id or deadline is None:
                log.warning("%s is tagged as ours but names no lease or deadline; it is left alone", seen.arn)
                return None
            return self._hold(_Marked(region, serving, seen, lease_id, deadline, marked))
        except Unreadable:
            return None  # the watchdog ends it by its tags
        except TunesmithError as error:
            log.warning("%s could not be looked at: %s %s", seen.arn, error.sentence, error.detail)
            return None

    def _hold(self, it: "_Marked") -> Found | None:
        """See to it that it is released in time; that holds for another bot's, too, which may be there no longer.

        Of one that is at work, nobody here has to know what it leases, unless that is overdue.
        """
        known = self.store.get(Key(RELEASE, it.lease_id))
        if known is None and self._is_being_bought(it):
            return None
        came_from = origin(it.tags)
        channel = came_from.channel if came_from else None
        is_ours = tags.is_ours(it.tags, self.bot)
        others = "" if is_ours else it.tags.get(BOT, "")
        if (
            others
            and not known
            and self._now(it.seen) < it.deadline + _OVERDUE
            and self.neighbours.at_work(others)
        ):
            return None
        if known and known.done and self._is_within_its_term(it):
            log.warning("%s was taken for gone, and is there: its term ends at %s", it.seen.arn, it.deadline)
            return None
        if known and known.done:
            # It was read back as gone before that was written down, so nobody waits for this one.
            log.warning("%s was released, and is there again; it is deleted", it.seen.arn)
            self.endpoints.delete(it.region, it.serving, it.seen.arn)
            news = EndpointThereAgain(it.seen.name, it.region)
            return Found(news, channel=channel if is_ours else None, reference=str(known.key))
        lease = self._lease(it, came_from) if is_ours and came_from else None
        # Its release is followed, and that is what costs money; that its lease is not is no reason to tell anybody.
        if known and lease is None:
            return None
        log.warning("%s was forgotten; it is released by %s", it.seen.arn, it.deadline.isoformat())
        release = RELEASE_SCHEMA.wanted(it.lease_id, self._release(it))
        is_for_a_term = it.seen.committed_until is not None
        lost = EndpointRecovered(
            it.seen.name, it.region, it.deadline, bot=others, is_for_a_term=is_for_a_term
        )
        if lease:
            return Found(replace(lost, channel=channel), (release, lease))
        return Found(lost, (release,), channel=channel if is_ours else None)

    def _is_being_bought(self, it: "_Marked") -> bool:
        """Whether its lease's own turn comes upon it, and registers its release: all that is forgotten is the buying.

        Where the press is forgotten too, nobody would. What is over is waited for no longer, whatever holds that up.
        """
        lease = self.store.get(Key(LEASE, it.lease_id))
        if lease is None or lease.done or self._now(it.seen) >= it.deadline:
            return False
        spec, phase = LEASE_SCHEMA.spec_of(lease), LEASE_SCHEMA.status_of(lease).phase
        if phase not in _UNDECIDED:
            return phase is LeasePhase.REQUESTING
        # None: of a record that does not say whether an approver has to agree, nothing is taken for granted.
        agreed_to = spec.needs_approval is not None and spec.votes.decision(spec.needs_approval)
        return agreed_to is Decision.APPROVED

    def _release(self, it: "_Marked") -> ReleaseSpec:
        came_from = origin(it.tags)
        return ReleaseSpec(
            it.lease_id,
            it.region,
            it.serving,
            it.seen.name,
            self._now(it.seen),
            it.deadline,
            model_name=it.tags.get(tags.MODEL, ""),
            owner=came_from.owner if came_from else "",
            channel=came_from.channel if came_from else "",
        )

    def _now(self, seen: EndpointObservation) -> datetime:
        """Return what two of the three clocks agree on: one that is ahead must not make anything overdue."""
        return agreed(Moment(self.store.now(), self.clock.now(), seen.seen_at))

    def _lease(self, it: "_Marked", came_from: Origin) -> Registration | None:
        """Return the lease to be followed again, to its end at least; None when it is known, or nothing that we serve.

        One that is over before it was ever of use is only released.
        """
        key, now = Key(LEASE, it.lease_id), self._now(it.seen)
        profile, model = profile_of(it.seen.model_arn), it.tags.get(tags.MODEL, "")
        left = _left(it, now)
        if not profile or not model or came_from.digest[:12] != it.lease_id or self.store.get(key):
            return None
        if left < _SHORTEST:
            if it.seen.status is not EndpointStatus.IN_SERVICE:
                return None
            left = timedelta()
        bought = self._kept(it, came_from) or self._rebuilt(it, came_from, profile.name, model)
        # Rounded down: its deadline is a tag that others go by as well, and nothing may run past it.
        minutes = math.floor(left / timedelta(minutes=1))
        spec = replace(
            bought,
            plan=replace(
                bought.plan,
                profile=profile.name,
                minutes=minutes,
                known_as=came_from.digest,
                term=_term(it) or bought.plan.term,
            ),
            asked_at=_posted(came_from) or it.seen.created - _BEFORE,
            thread_ts=None if came_from.opened else came_from.thread_ts,
            extra_minutes=0,
            release=None,
            versions=_put_there(bought.plan, it, model),
            found_again=now,
            handed=_handed(bought, came_from, now),
            billed_before=_billed_before(it, minutes, adopted=bool(bought.adopts)),
            committed_until=it.seen.committed_until,
            renewals=(),
        )
        return Registration(key, dump(spec))

    def _is_within_its_term(self, it: "_Marked") -> bool:
        return it.seen.committed_until is not None and self._now(it.seen) < it.seen.committed_until

    def _kept(self, it: "_Marked", came_from: Origin) -> LeaseSpec | None:
        """Return the lease as it was bought; an archive that is away must not keep it from its release."""
        try:
            return self.plans.find(it.region, LEASE_PLAN, came_from.digest)
        except Unavailable as away:
            log.warning("The plan of %s could not be read: %s", it.seen.arn, away.sentence)
            return None

    def _rebuilt(self, it: "_Marked", came_from: Origin, profile: str, model: str) -> LeaseSpec:
        """Return what can be told without the plan."""
        now = self.clock.now()
        plan = LeasePlan(
            model_name=model,
            model_arn=it.seen.model_arn,
            profile=profile,
            region=it.region,
            serving=it.serving,
            endpoint_name=it.seen.name,
            minutes=0,
            model_units=1,
            owner=came_from.owner,
            channel=came_from.channel,
            request="",
        )
        votes = Votes(started=Vote("start", came_from.owner, now))
        return LeaseSpec(plan=plan, asked_at=now, votes=votes, needs_approval="")


def _left(it: "_Marked", now: datetime) -> timedelta:
    """Return how long it may be in service yet: never longer than its tags say that was agreed to."""
    left, whole = it.deadline - now, tags.minutes(it.tags)
    if left <= timedelta() or it.seen.committed_until:  # AWS's own word for the end of its term
        return left
    if it.seen.status is EndpointStatus.CREATING:
        # Its minutes begin later; the deadline allows for the start-up. How old it is, Bedrock's clock tells.
        begun = left + (it.seen.seen_at - it.seen.created) - STARTUP
        return begun if whole is None else timedelta(minutes=whole)
    # In service since nobody looked: its deadline allows for a start-up that is over.
    return left if whole is None else min(left, timedelta(minutes=whole))


def _billed_before(it: "_Marked", minutes: int, *, adopted: bool) -> int:
    """Return how many minutes of its bill are over: those since its creation, and never more than were agreed to.

    What was made elsewhere is billed here from when it became a lease: of that its minutes alone tell.
    """
    age = max(0, math.ceil((it.seen.seen_at - it.seen.created) / timedelta(minutes=1)))
    whole = tags.minutes(it.tags)
    if whole is None or it.seen.committed_until:
        return age
    in_service = max(0, whole - minutes)
    return min(age, in_service + (0 if adopted else STARTUP // timedelta(minutes=1)))


def _term(it: "_Marked") -> Term | None:
    """Return for which term it was bought, by AWS's word or by its tags."""
    named = it.seen.term or tags.term(it.tags)
    return named or (Term.ONE_MONTH if it.seen.committed_until else None)


def _put_there(plan: LeasePlan, it: "_Marked", name: str) -> tuple[ModelVersion, ...]:
    """Return the model that has taken the place of the plan's since, if one has, by what AWS and its tags say."""
    if it.seen.model_arn == plan.model_arn:
        return ()
    return (ModelVersion(it.seen.model_arn, name, plan.owner, it.seen.seen_at),)


def _handed(bought: LeaseSpec, came_from: Origin, now: datetime) -> tuple[Handover, ...]:
    """Return in whose care its tags say it is, where that is another than who had it when its plan was kept."""
    to = came_from.owner
    return bought.handed if to == bought.owner else (*bought.handed, Handover(to, bought.owner, now))


def _posted(came_from: Origin) -> datetime | None:
    """Return when the thread began: a message's timestamp is its time. Its card is looked for from then on."""
    try:
        return datetime.fromtimestamp(float(came_from.thread_ts or ""), UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class _Marked:
    """An endpoint of a Tunesmith's, with what its tags say."""

    region: str
    serving: Serving
    seen: EndpointObservation
    lease_id: str
    deadline: datetime
    tags: Mapping[str, str]
