"""Office hours: priced and decided as a whole, then a lease for each day, and their end told.

Each lease is written down under the word of its model, as any that somebody starts, so that of two that are wanted in
the same moment one comes; that it came is noted afterwards, and whoever was cut off between finds it. From then on it
is a resource of its own: it reserves what it costs at most, is created and is released as any. All else is done again.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bot.controller.context import Context
from bot.controller.model import Outcome, Registration, RequeueAfter
from bot.errors import NotAllowed, TunesmithError
from bot.leases.model import LEASE, LEASE_SCHEMA, LeaseSpec
from bot.leases.purchase import AlreadyAwake, LeasePurchase
from bot.leases.views import hour_of
from bot.models import lifecycle as gate
from bot.notifications.model import zone_of
from bot.profiles import registry
from bot.schedules.cards import ScheduleCalledOff, ScheduleEnded, ScheduleHandedOver
from bot.schedules.context import ScheduleContext, ScheduleDependencies
from bot.schedules.hours import Window, following, weeks_later
from bot.schedules.model import (
    CARD,
    KIND,
    SCHEMA,
    STOPS,
    ScheduleEnd,
    SchedulePhase,
    ScheduleProgress,
    ScheduleSpec,
    ScheduleStatus,
    advance,
)
from bot.schedules.purchase import SchedulePurchase, day_of
from bot.spending import handovers, undo
from bot.spending.checks import fits_budget
from bot.spending.deciding import WAIT, Deciding
from bot.spending.offers import is_dearer
from bot.spending.votes import CALLED_OFF

APPROVAL, END = "approval", "end"
LEAD = timedelta(minutes=20)
"""How long before its hours a model is woken: AWS's notebook says 20 to 30 minutes."""
LEAST = timedelta(minutes=30)
"""What has to be left of a day's hours so that waking it is worth its start-up; of shorter ones, all of them."""
_AWAKE = 60.0
"""Seconds between two looks at a model that somebody else keeps awake in its hours."""
_MINUTE = timedelta(minutes=1)


class ScheduleReconciler:
    """Brings office hours to their decision, and a lease into being on each of their days."""

    def __init__(self, dependencies: ScheduleDependencies) -> None:
        self._dependencies = dependencies
        self._purchase = SchedulePurchase(dependencies.prices, dependencies.settings)
        self._leases = LeasePurchase(dependencies.prices, dependencies.settings)
        self._deciding = Deciding(self._purchase, advance)

    def __call__(self, context: Context[ScheduleSpec, ScheduleStatus]) -> Outcome:
        """Go as far as one turn gets."""
        it = ScheduleContext(context, self._dependencies)
        for wishes in (STOPS, CALLED_OFF):
            undo.watch(context, self._dependencies.store, SCHEMA, wishes)
        if it.spec.found_again and it.status.phase is SchedulePhase.PLANNED:
            self._take_up(it, it.spec.found_again)
        self._tell_handovers(it)
        if it.spec.found_again and it.thread is None:
            self._show(it)  # the card, in whose thread their leases are told, is found again first
        if it.status.phase in SchedulePurchase.phases.undecided:
            self._plan(it)
        if it.status.phase in SchedulePurchase.phases.undecided:
            self._show(it)
            return RequeueAfter(WAIT)
        if it.status.phase is SchedulePhase.RUNNING and (wait := self._run(it)) is not None:
            it.save()
            self._show(it)
            return RequeueAfter(wait)
        return self._end(it)

    def _take_up(self, it: ScheduleContext, progress: ScheduleProgress) -> None:
        """Go on where they were when the store forgot them: nobody decides anew."""
        status = it.status
        status.zone, status.until, status.leases = progress.zone, progress.until, progress.leases
        status.last, status.last_end, status.gate_checked = progress.last, progress.last_end, True
        advance(status, SchedulePhase.RUNNING)
        it.save()

    def _plan(self, it: ScheduleContext) -> None:
        if not it.status.zone:
            it.status.zone = self._dependencies.quiet_hours.zone(it.spec.plan.owner)
        if not it.status.gate_checked:
            self._check_gate(it)
        now = self._dependencies.clock.now()
        seen = self._dependencies.budget_service.look(self._purchase.entry(it.it, now))
        it.status.budget = fits_budget(seen) if seen else None
        self._deciding.count(it.it, it.slower(now))
        it.save(it.news(self._dependencies.renderer, now))

    def _check_gate(self, it: ScheduleContext) -> None:
        """A Legacy base gets no new throughput."""
        it.status.gate_checked = True
        profile = registry.get(it.spec.plan.profile)
        with suppress(TunesmithError):  # Bedrock itself will refuse what cannot be had
            lifecycle = self._dependencies.customization.lifecycle(profile.region, profile.training_id)
            check = gate.check(self._dependencies.customization, profile, lifecycle)
            if not check.ok:
                it.status.blocked, it.status.mend = check.sentence, check.mend

    # While it runs

    def _run(self, it: ScheduleContext) -> float | None:
        """Have today's lease come, if it is time. Return when to look again, or None: it is over."""
        spec, status, now = it.spec, it.status, it.slower(self._dependencies.clock.now())
        zone = zone_of(status.zone)
        status.until = status.until or weeks_later(now, spec.plan.weeks, zone)
        window = following(spec.plan.hours, zone, now)
        least = min(LEAST, timedelta(minutes=spec.plan.hours.minutes))
        while window.begin <= (status.last or window.begin - _MINUTE) or window.end - now < least:
            window = following(spec.plan.hours, zone, window.end)
        over = len(status.leases) >= spec.plan.most or window.begin >= status.until
        if over and not spec.ending and status.last_end and now < status.last_end:
            status.next_on = None
            return min((status.last_end - now).total_seconds(), WAIT)
        if end := ScheduleEnd.STOPPED if spec.ending else ScheduleEnd.OVER if over else None:
            self._over(it, end)
            return None
        status.next_on = max(now, window.begin - LEAD)
        if now < window.begin - LEAD:
            return min((window.begin - LEAD - now).total_seconds(), WAIT)
        if spec.stop:
            return undo.SECONDS  # nothing more is bought while somebody wants it stopped
        if end := self._against(it):
            self._over(it, end)
            return None
        return 0.0 if self._turn_on(it, window, now) else _AWAKE

    def _against(self, it: ScheduleContext) -> ScheduleEnd | None:
        """Return what speaks against another lease by now: what costs more than was agreed to is decided anew.

        Raises:
            Unavailable: Slack does not say what its owner is: nothing is bought meanwhile.
        """
        spec = it.spec
        try:
            self._dependencies.access.check_spending(spec.owner, spec.plan.channel)
        except NotAllowed:
            return ScheduleEnd.NOT_ALLOWED
        now = hour_of(day_of(spec.plan, 0, ""), self._dependencies.prices)
        if is_dearer(now.usd, spec.hour.usd if spec.hour else None):
            return ScheduleEnd.DEARER
        there = any(each.arn == spec.plan.model_arn for each in self._dependencies.models.all())
        return None if there else ScheduleEnd.MODEL_GONE

    def _turn_on(self, it: ScheduleContext, window: Window, now: datetime) -> bool:
        """Have the lease of these hours come; return False while another keeps the model awake: nobody pays twice."""
        store, status, wanted = self._dependencies.store, it.status, self._lease(it, window, now)
        lease = self._come(it, window)
        if lease is None:

            def make() -> Registration:
                self._leases.check(wanted, store.unfinished(LEASE))
                return LEASE_SCHEMA.wanted(wanted.plan.id, wanted)

            try:
                store.register_sole(self._leases.sole(wanted), make)
            except AlreadyAwake:
                return False
            lease = wanted.plan.id
        status.last, status.last_end = window.begin, window.end
        status.leases = (*status.leases, lease)
        it.save()
        return True

    def _come(self, it: ScheduleContext, window: Window) -> str | None:
        """Return the lease of these hours that was written down already, by its ID, or None."""
        request = day_of(it.spec.plan, 0, window.begin.isoformat()).request
        every = self._dependencies.store.of_kind(LEASE)
        return next(
            (each.key.id for each in every if LEASE_SCHEMA.spec_of(each).plan.request == request), None
        )

    def _lease(self, it: ScheduleContext, window: Window, now: datetime) -> LeaseSpec:
        """Return the lease of one day, which somebody has agreed to already."""
        spec, plan = it.spec, it.spec.plan
        left = (window.end - max(now, window.begin)) // _MINUTE
        day = day_of(plan, min(left, plan.hours.minutes), window.begin.isoformat())
        return LeaseSpec(
            plan=day,
            asked_at=now,
            thread_ts=it.thread,
            votes=replace(spec.votes, cancelled=None, kept=None),
            needs_approval=spec.needs_approval,
            own_is_fine=spec.own_is_fine,
            usd=spec.day_usd,
            hour=spec.hour,
            idle=plan.idle,
            handed=spec.handed,
        )

    def _over(self, it: ScheduleContext, end: ScheduleEnd) -> None:
        it.status.end, it.status.next_on = end, None
        advance(it.status, SchedulePhase.ENDED)
        it.save()

    # What is told

    def _show(self, it: ScheduleContext) -> None:
        it.say(CARD, it.card, live=True)
        if question := it.question:
            it.say(APPROVAL, question, live=True)
        if no := it.no:
            name, said = no
            it.say(name, ScheduleCalledOff(it.spec.owner, said))

    def _tell_handovers(self, it: ScheduleContext) -> None:
        """Tell both people of each handover, directly, in one write with that they are."""
        plan, spec = it.spec.plan, it.spec
        told = handovers.told_of(
            spec.handed, it.status.handed_told, spec.found_again.at if spec.found_again else None
        )
        if told >= len(spec.handed):
            return
        new = handovers.news(
            spec.handed,
            told,
            lambda care: self._dependencies.renderer.render(ScheduleHandedOver(plan.model_name, care)),
            first=plan.owner,
            channel=plan.channel,
            paying=handovers.paying(plan, spec.votes),
            key=f"{KIND}:{plan.id}",
            now=self._dependencies.clock.now(),
        )
        it.status.handed_told = len(spec.handed)
        it.context.save(also=new)

    def _end(self, it: ScheduleContext) -> Outcome:
        self._show(it)
        if it.status.end:
            it.say(END, self._ended(it, it.status.end))
        render = self._dependencies.renderer.render
        final = {CARD: render(it.card)}
        if question := it.question:
            final[APPROVAL] = render(question)
        return self._dependencies.outbox.settle(it.context, final)

    def _ended(self, it: ScheduleContext, end: ScheduleEnd) -> ScheduleEnded:
        plan, wish = it.spec.plan, it.spec.ending
        return ScheduleEnded(
            id=it.context.key.id,
            owner=it.spec.owner,
            model=plan.model_name,
            weeks=plan.weeks,
            days_on=len(it.status.leases),
            end=end,
            stopped_by=wish.by if wish else "",
        )
