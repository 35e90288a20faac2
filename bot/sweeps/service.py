"""Sweeps, as handlers ask for them: planned and proposed as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.directory.voting import UNKNOWN_PLAN
from bot.errors import NotFound, Refused
from bot.jobs.model import JobPlan, JobSettings, Phase
from bot.jobs.planning_service import PlanningService
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import Instead, check_one_base
from bot.jobs.service import JobService
from bot.jobs.transitions import NEVER_STARTED
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.hyperparameters import named
from bot.spending.budget_service import BudgetService
from bot.spending.votes import check_is_open
from bot.sweeps.model import KIND, SCHEMA, SweepPhase, SweepSpec
from bot.sweeps.purchase import SweepPurchase
from bot.sweeps.variants import Standing, varied

_CAME_TO_NOTHING = NEVER_STARTED | {Phase.FAILED, Phase.STOPPED}
_OVER = frozenset({SweepPhase.DECLINED, SweepPhase.CANCELLED, SweepPhase.REFUSED})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: ``source`` as it was, and as people know it; the base's name, what is varied, its values."""

    source: str
    called: str
    profile: str
    hyperparameter: str
    values: tuple[str, ...]


class SweepService(PlanningService):
    """What people want of sweeps. Writes it down for the reconciler; never waits for Slack or AWS."""

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        jobs: JobService,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        settings: JobSettings,
        budget_service: BudgetService,
    ) -> None:
        super().__init__(store, directory, prices, access, clock, settings, budget_service)
        self._jobs = jobs
        self._purchase = SweepPurchase(prices, settings)

    def draft(
        self,
        *,
        source: str,
        hyperparameter: str,
        values: Sequence[str],
        owner: str,
        channel: str,
        thread_ts: str | None = None,
    ) -> SweepSpec:
        """Return the sweep as it would be proposed. Nothing is written down yet.

        ``source`` is an earlier job, or a dataset, whose base's defaults are taken then.

        Raises:
            NotFound: there is neither; the hint has the nearest.
            Refused: a value, the hyperparameter or the dataset is wrong.
            NotAllowed: the person or the channel may not.
        """
        plan = self._jobs.template(source, owner=owner, channel=channel)
        name = named(registry.get(plan.profile), hyperparameter)
        plans, left_out = varied(plan, name, values, self._look())
        asked = SweepSpec(
            name,
            plans,
            None,
            "",
            own_is_fine=False,
            asked_at=self._clock.now(),
            thread_ts=thread_ts,
            left_out=left_out,
            source=source,
        )
        return self._purchase.offered_anew(asked)

    def propose(
        self,
        *,
        source: str,
        hyperparameter: str,
        values: Sequence[str],
        owner: str,
        channel: str,
        thread_ts: str | None = None,
    ) -> str:
        """Have the sweep looked at, priced and shown; return its ID. Nothing is spent. Raises as ``draft`` does."""
        return self.propose_drafted(
            self.draft(
                source=source,
                hyperparameter=hyperparameter,
                values=values,
                owner=owner,
                channel=channel,
                thread_ts=thread_ts,
            )
        )

    def propose_drafted(self, spec: SweepSpec) -> str:
        """Have the sweep looked at, priced and shown; return its ID. Nothing is spent. The same twice is one.

        One that is over without a start is proposed anew; so is one that was called off just now: it is wanted again.
        """
        wanted = SCHEMA.wanted(spec.id, spec)
        if not self._store.register(wanted):

            def anew(old: SweepSpec) -> SweepSpec:
                # Looked at within the change: another may have planned it anew meanwhile, and started it.
                there = self._directory.own(wanted.key)
                is_over = there is not None and SCHEMA.status_of(there).phase in _OVER
                wanted_again = is_over or old.votes.cancelled is not None
                return replace(spec, round=old.round + 1) if wanted_again else old

            self._store.amend(wanted.key, SCHEMA.on_documents(anew))
        return spec.id

    def plan(self, sweep: str) -> JobPlan:
        """Return the plan that stands for all of a sweep.

        Raises:
            NotFound: there is none.
        """
        return self._spec(sweep).first

    def check_instead(self, sweep: str, profile: str) -> None:
        """Return when an open sweep may be planned on that base, before its dataset is converted for it.

        Raises:
            NotFound: there is none.
            Refused: it is being planned on another base.
        """
        check_one_base(self._spec(sweep).instead, registry.get(profile).name)

    def plan_instead(self, sweep: str, profile: str, conversion: str, by: str) -> None:
        """Have an open sweep planned on another base, once that piece of work has converted its dataset.

        Raises:
            NotFound: there is none.
            Refused: somebody has decided on it meanwhile, or has it planned on another base.
        """
        wanted = Instead(registry.get(profile).name, conversion, by)

        def change(now: SweepSpec) -> SweepSpec:
            check_is_open(now.votes, now.needs_approval)
            check_one_base(now.instead, wanted.profile)
            return replace(now, instead=wanted)

        if self._store.amend(Key(KIND, sweep), SCHEMA.on_documents(change)) is None:
            raise self._unknown()

    def base_of(self, source: str, *, owner: str, channel: str) -> str:
        """Return the base model that a sweep made from this would train. Raises as ``draft`` does."""
        return self._jobs.template(source, owner=owner, channel=channel).profile

    def asked(self, sweep: str) -> Asked:
        """Return what was asked for of a sweep, for the form that changes it.

        Raises:
            NotFound: there is none.
            Refused: it is from before it was kept what it was made from.
        """
        spec = self._spec(sweep)
        if not spec.source:
            raise Refused("This plan is from before I was updated.", hint="Cancel it, and plan it anew.")
        wanted = [each.hyperparameters[spec.hyperparameter] for each in spec.plans]
        # By number: as texts, 10 would come before 2.
        values = sorted({*wanted, *(each.value for each in spec.left_out)}, key=Decimal)
        called = spec.source if self._directory.dataset(spec.source) else self._jobs.find(spec.source).name
        return Asked(spec.source, called, spec.first.profile, spec.hyperparameter, tuple(values))

    def _spec(self, sweep: str) -> SweepSpec:
        resource = self._directory.resource(KIND, sweep)
        if resource is None:
            raise self._unknown()
        return SCHEMA.spec_of(resource)

    def _unknown(self) -> NotFound:
        return NotFound(UNKNOWN_PLAN, hint=self._purchase.again)

    def _look(self) -> Callable[[JobPlan], Standing]:
        """Return what says what there is under the names of a plan."""
        taken = self._jobs.taken()
        names = {each.lower() for each in (*taken.jobs, *taken.models, *self._jobs.names())}

        def look(plan: JobPlan) -> Standing:
            same = self._directory.own(Key(JOB, plan.id))
            if same and JOBS.status_of(same).phase not in _CAME_TO_NOTHING:
                return Standing.EXISTS
            taken = same or {plan.job_name.lower(), plan.model_name.lower()} & names
            return Standing.TAKEN if taken else Standing.FREE

        return look
