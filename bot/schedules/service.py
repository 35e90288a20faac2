"""Office hours, as handlers ask for them."""

from collections.abc import Callable
from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Registration, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.jobs.namesakes import model_of
from bot.leases.drafting import check_minutes
from bot.leases.extensions import Limits
from bot.models.model import CustomModel
from bot.models.serving import serving_of
from bot.pricing.book import PriceBook
from bot.profiles.model import Serving
from bot.schedules.hours import OfficeHours
from bot.schedules.model import KIND, SCHEMA, STOPS, SchedulePhase, SchedulePlan, ScheduleSpec
from bot.schedules.purchase import SchedulePurchase
from bot.schedules.views import ScheduleView, seen_by
from bot.spending import undo
from bot.wording import Person, quoted, wording

MOST_WEEKS = 12
"""What is agreed to once; then somebody looks at it again."""


class ScheduleService(Service):
    """What people want of office hours. Writes it down; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        limits: Limits,
    ) -> None:
        super().__init__(store, directory, clock)
        self._access = access
        self._limits = limits
        self._purchase = SchedulePurchase(prices, limits)

    def propose(
        self,
        *,
        model: str,
        hours: OfficeHours,
        weeks: int,
        owner: str,
        channel: str,
        request: str,
        thread_ts: str | None = None,
        idle: int = 0,
    ) -> str:
        """Have them priced and shown; return their ID. The same request twice is one plan.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            Refused: too long or too short, for too many weeks, or of a model that costs nothing while idle.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        found = self._directory.known_model(model, lambda wanted: model_of(wanted, self._directory))
        self._check(found, hours, weeks, channel)
        plan = SchedulePlan(
            model_name=found.name,
            model_arn=found.arn,
            profile=found.profile,
            region=found.region,
            hours=hours,
            weeks=weeks,
            owner=owner,
            channel=channel,
            request=request,
            idle=idle,
        )
        self._store.register(self._offered(plan, thread_ts))
        return plan.id

    def go_on(self, schedule_id: str, by: str) -> bool:
        """Have office hours that are over planned anew, at the prices of now: whoever asks decides anew.

        Return False, and change nothing, while what they asked for before is open or runs.

        Raises:
            NotFound: there are none, or their model is gone.
            Refused: as ``propose``; or it was asked for, and came to nothing, too often.
            NotAllowed: the person or the channel may not.
        """
        before = self.find(schedule_id)
        self._access.check_spending(by, before.channel)
        found = self._directory.stored_model(before.model_name, before.model_arn)
        if found is None:
            raise NotFound("Their model is not there any more.", hint="`/tune models` lists those that are.")
        self._check(found, before.hours, before.weeks, before.channel)

        def attempt(number: int) -> Registration:
            request = f"again {schedule_id}{f' {number}' if number else ''}"
            plan = replace(before, model_name=found.name, owner=by, request=request)
            return self._offered(plan, None)

        return self._begin(attempt, SCHEMA, hint="Plan them with `/tune serve`")

    def _check(self, model: CustomModel, hours: OfficeHours, weeks: int, channel: str) -> None:
        self._directory.check_answers(model, channel)
        if serving_of(model) is not Serving.PROVISIONED_THROUGHPUT:
            raise Refused(
                f"{quoted(model.name)} needs no office hours: it costs nothing while nobody asks.",
                hint=f"`/tune serve {model.name}` deploys it.",
            )
        check_minutes(hours.minutes, self._limits.longest)
        if not 1 <= weeks <= MOST_WEEKS:
            raise Refused(f"{weeks} weeks cannot be agreed to at once.", hint=f"Ask for 1 to {MOST_WEEKS}.")

    def _offered(self, plan: SchedulePlan, thread_ts: str | None) -> Registration:
        spec = ScheduleSpec(plan=plan, asked_at=self._clock.now(), thread_ts=thread_ts)
        return SCHEMA.wanted(plan.id, self._purchase.offered_anew(spec))

    def find(self, schedule_id: str) -> SchedulePlan:
        """Return what was planned, running or over; ``NotFound`` when there is none."""
        return SCHEMA.spec_of(self._resource(schedule_id)).plan

    def stop(self, schedule_id: str, by: str) -> SchedulePlan:
        """Have no further lease come of it; one that runs goes on to its end. Repeating it is harmless.

        Raises:
            NotFound: there is none.
            NotAllowed: they may not end it.
            Refused: it is over, or somebody else stopped it before (who).
        """
        resource = self._resource(schedule_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        if SCHEMA.status_of(resource).phase is not SchedulePhase.RUNNING:
            raise Refused("These office hours do not run.", hint="Their card says why.")
        wish = undo.wished(by, self._clock.now(), self._store.now())
        self._amend(resource, lambda now: undo.ask(now, STOPS, wish, _stopped))
        return spec.plan

    def keep(self, schedule_id: str, by: str) -> SchedulePlan:
        """Take back that it is to be stopped, as long as that can be.

        Raises:
            NotFound: there is none.
            NotAllowed: they may not.
            Refused: nobody asked to stop it; or it is stopped, or was kept before, and by whom.
        """
        resource = self._resource(schedule_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.owner, spec.plan.channel)
        at, now = self._clock.now(), self._store.now()
        self._amend(resource, lambda there: undo.keep(there, STOPS, by, at, now))
        return spec.plan

    def running(self) -> list[ScheduleView]:
        """Return those that are kept, as far as the viewer sees them, newest first."""
        kept = self._directory.resources(KIND, unfinished=True)
        return [
            seen_by(self._directory, self._access, each)
            for each in kept
            if SCHEMA.status_of(each).phase is SchedulePhase.RUNNING
        ]

    # How

    def _resource(self, schedule_id: str) -> Resource:
        found = self._directory.resource(KIND, schedule_id)
        if found is None:
            raise NotFound("I do not know these office hours.", hint="`/tune serve` plans them.")
        return found

    def _amend(self, resource: Resource, change: Callable[[ScheduleSpec], ScheduleSpec]) -> None:
        if self._store.amend(resource.key, SCHEMA.on_documents(change)) is None:
            raise NotFound("I do not know these office hours any more.", hint="`/tune serve` plans them.")


def _stopped(spec: ScheduleSpec) -> Refused:
    by = spec.stop.by if spec.stop else spec.owner
    return Refused(wording(Person(by), " has stopped them already."))
