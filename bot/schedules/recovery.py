"""Office hours held against what is kept of them outside of the store: what it has forgotten goes on as agreed.

Nothing of theirs is at AWS between two days, so that no tags tell of them. Each look at a region therefore keeps those
that run there in one document beside the plans, and takes up again what that has and the store does not.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.controller.model import Resource
from bot.controller.ports import ResourceStore
from bot.errors import TunesmithError, Unreadable
from bot.models.ports import ModelRepository
from bot.schedules.cards import ScheduleRecovered
from bot.schedules.model import KIND, SCHEMA, SchedulePhase, ScheduleProgress, ScheduleSpec
from bot.spending.archive import PlanForm, PlanKeeper
from bot.spending.comparing import RECENT, Looked
from bot.spending.digest import digest_of
from bot.spending.recovery import Found

_KEPT_ANEW = timedelta(days=1)
"""How old the document may be before it is kept anew though nothing changed: its age says whether it is believed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Whose:
    region: str
    bot: str


@dataclass(frozen=True, slots=True)
class Running:
    """The office hours of one bot that ran in a region at that moment, each as it is taken up again."""

    region: str
    bot: str
    at: datetime
    schedules: tuple[ScheduleSpec, ...] = ()

    @property
    def digest(self) -> str:
        """Where it is kept: one place for each region and bot."""
        return _digest_of(self.region, self.bot)


def _digest_of(region: str, bot: str) -> str:
    return digest_of(_Whose(region, f"{KIND}s of {bot}"))


FORM = PlanForm(f"{KIND}s", Running, lambda running: running.digest)


@dataclass(frozen=True, slots=True)
class LostSchedules:
    """Compares a region's office hours with what is kept of them. ``bot`` is what this bot is called among several."""

    store: ResourceStore
    models: ModelRepository
    plans: PlanKeeper
    clock: Clock
    bot: str = ""

    def look(self, region: str, _: Collection[str]) -> Looked:
        """Compare, take up what is lost, and keep what runs.

        Raises:
            Unavailable: the store does not answer.
        """
        now = self.clock.now()
        try:
            kept = self.plans.find(region, FORM, _digest_of(region, self.bot))
        except TunesmithError as away:
            log.warning("What is kept of office hours could not be read: %s", away.sentence)
            return Looked([], [])
        running = {each.plan.id: each for each in map(self._as_it_stands, self._running(region)) if each}
        missing = self._missing(kept, now) if kept else {}
        there = {each.arn for each in self.models.all()}
        # Its model may be found again by a later look: without it they would end.
        lost = [each for each in missing.values() if each.plan.model_arn in there]
        self._keep(Running(region, self.bot, now, _sorted(missing | running)), kept)
        return Looked([self._found(each, now) for each in lost], [])

    def _running(self, region: str) -> list[Resource]:
        return [each for each in self.store.unfinished(KIND) if SCHEMA.spec_of(each).plan.region == region]

    def _as_it_stands(self, resource: Resource) -> ScheduleSpec | None:
        spec, status = SCHEMA.spec_of(resource), SCHEMA.status_of(resource)
        if status.phase is not SchedulePhase.RUNNING or spec.stop or status.until is None:
            return None
        progress = ScheduleProgress(
            status.zone, status.until, status.leases, status.last, status.last_end, self.clock.now()
        )
        return replace(spec, found_again=progress)

    def _missing(self, kept: Running, now: datetime) -> dict[str, ScheduleSpec]:
        """Return those that the store knows nothing of, and that are not over by now.

        A document that was not kept anew for long may have some that were stopped since, and forgotten as such.
        """
        if now - kept.at >= RECENT:
            return {}
        return {
            each.plan.id: each
            for each in kept.schedules
            if each.found_again and now < each.found_again.until and self._is_forgotten(each)
        }

    def _is_forgotten(self, spec: ScheduleSpec) -> bool:
        try:
            return self.store.get(SCHEMA.wanted(spec.plan.id, spec).key) is None
        except Unreadable:
            return False

    def _found(self, spec: ScheduleSpec, now: datetime) -> Found:
        plan, progress = spec.plan, spec.found_again
        assert progress is not None, "it is kept with that"
        log.warning("The office hours %s of %s were forgotten; they go on", plan.id, plan.model_name)
        again = replace(spec, found_again=replace(progress, at=now))
        return Found(
            ScheduleRecovered(plan.model_name, plan.channel, progress.until),
            (SCHEMA.wanted(plan.id, again),),
        )

    def _keep(self, running: Running, kept: Running | None) -> None:
        """Keep what runs, if that is other than what is kept. One that cannot be kept now is kept by the next look."""
        if kept is None and not running.schedules:
            return
        is_same = kept is not None and _facts(kept) == _facts(running)
        if kept and is_same and timedelta() <= running.at - kept.at < _KEPT_ANEW:
            return
        try:
            self.plans.write(running.region, FORM, running)
        except TunesmithError as trouble:
            log.warning("What runs of office hours is not kept: %s", trouble.sentence)


def _sorted(found: Mapping[str, ScheduleSpec]) -> tuple[ScheduleSpec, ...]:
    return tuple(found[each] for each in sorted(found))


def _facts(running: Running) -> list[ScheduleSpec]:
    """Return what matters of them, whenever it was looked at."""
    return [
        replace(each, found_again=each.found_again and replace(each.found_again, at=each.found_again.until))
        for each in running.schedules
    ]
