"""Series of jobs, as handlers ask for them: planned, proposed and pressed as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.access import Access
from bot.clock import Clock
from bot.controller.documents import dump, load
from bot.controller.model import Document, Key, Registration, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.jobs import namesakes
from bot.jobs.entries import entry_of
from bot.jobs.model import JobPlan, JobSettings, Phase
from bot.jobs.planning_service import PlanningService
from bot.jobs.record import KIND as JOB
from bot.jobs.service import JobService
from bot.jobs.transitions import NEVER_STARTED
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.hyperparameters import named
from bot.spending import offers
from bot.spending.budget_service import BudgetService
from bot.spending.votes import Choice, Vote, Votes, check_may_press, press
from bot.sweeps.model import KIND, SCHEMA, SweepPhase, SweepSpec, SweepStatus
from bot.sweeps.offering import at_prices_of_now, left_out_of, without
from bot.sweeps.variants import Standing, all_exist, varied

_UNDECIDED = frozenset({SweepPhase.PLANNED, SweepPhase.AWAITING_APPROVAL})
_CAME_TO_NOTHING = NEVER_STARTED | {Phase.FAILED, Phase.STOPPED}
_OVER = frozenset({SweepPhase.DECLINED, SweepPhase.CANCELLED, SweepPhase.REFUSED})


def progress_of(resource: Resource) -> SweepStatus:
    """Return what has been done about the series so far; of a new round, nothing yet."""
    progress = SCHEMA.status_of(resource)
    wanted = int(resource.spec.get("round", 1))
    return progress if progress.round == wanted else SweepStatus(round=wanted)


class SweepService(PlanningService):
    """What people want of series. Writes it down for the reconciler; never waits for Slack or AWS."""

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
        """Have the series looked at, priced and shown; return its ID. Nothing is spent.

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
            self._clock.now(),
            None,
            "",
            own_is_fine=False,
            thread_ts=thread_ts,
            left_out=left_out,
        )
        spec = at_prices_of_now(asked, self._prices, self._settings)
        key = Key(KIND, spec.id)
        if not self._store.register(Registration(key, dump(spec))):
            existing = self._directory.own(key)
            if existing and progress_of(existing).phase in _OVER:
                self._store.amend(key, lambda old: dump(replace(spec, round=old.get("round", 1) + 1)))
        return spec.id

    def press(self, sweep_id: str, decision: Choice, by: str, shown: offers.Shown | None = None) -> None:
        """Count a press of *Start*, *Cancel*, *Approve* or *Decline*. The first decision wins.

        Raises:
            NotAllowed: they may not press this.
            Refused: it was decided already (by whom), it waited too long, the preflight fails (what mends it), or
                their own budget has no room for it.
        """
        if decision in ("approve", "decline"):
            self._access.check_approver(by)
            resource = self._directory.asked_to_decide(KIND, sweep_id)
        else:
            resource = self._directory.resource(KIND, sweep_id)
        if resource is None:
            raise NotFound("I do not know this sweep any more.", hint="`/tune sweep` plans another.")
        spec, progress = load(SweepSpec, resource.spec), progress_of(resource)
        check_may_press(self._access, decision, by, owner=spec.first.owner, channel=spec.first.channel)
        now = self._clock.now()
        lapsed = progress.phase in _UNDECIDED and spec.presses.is_lapsed(spec.asked_at, now)
        if (lapsed or progress.phase is SweepPhase.CANCELLED) and not spec.presses.cancelled:
            raise Refused("Nobody decided this in time, so it is over.", hint="`/tune sweep` plans another.")
        wanted = Vote(decision, by, now)
        spec = self._without_what_exists(resource, spec, wanted)
        self._check_price(resource, spec, wanted)
        if decision == "start" and not spec.presses.cancelled:
            self._check_preflight(resource, progress)
            self._budget_service.check_others(entry_of(spec.first, spec.usd, now, Votes(started=wanted)))

        def change(document: dict[str, Any]) -> Document:
            current = load(SweepSpec, document)
            offers.check_shown(current.presses, wanted, current.needs_approval, current.usd, shown)
            counted = press(
                current.presses,
                wanted,
                current.needs_approval,
                approvers=self._access.approvers,
                owner=current.first.owner,
                own_is_fine=current.own_is_fine,
            )
            return dump(replace(current, presses=counted))

        self._store.amend(resource.key, change)

    def _look(self) -> Callable[[JobPlan], Standing]:
        """Return what says what there is under the names of a plan."""
        taken = self._jobs.taken()
        names = {each.lower() for each in (*taken.jobs, *taken.models, *self._jobs.names())}

        def look(plan: JobPlan) -> Standing:
            same = self._directory.own(Key(JOB, plan.id))
            if same and namesakes.progress_of(same).phase not in _CAME_TO_NOTHING:
                return Standing.EXISTS
            taken = same or {plan.job_name.lower(), plan.model_name.lower()} & names
            return Standing.TAKEN if taken else Standing.FREE

        return look

    def _without_what_exists(self, resource: Resource, spec: SweepSpec, wanted: Vote) -> SweepSpec:
        """Return the series without the jobs that were started otherwise since: nobody agrees to what does not start.

        Raises:
            Refused: nothing of it is left.
        """
        if not offers.agrees(spec.presses, wanted, spec.needs_approval):
            return spec
        existing = [each.id for each in spec.plans if self._directory.own(Key(JOB, each.id))]
        if not existing:
            return spec
        now = self._clock.now()

        def left(current: SweepSpec) -> SweepSpec:
            if current.presses != spec.presses:
                return current  # somebody was quicker, and what there is may be its own
            after = without(current, existing, self._prices, self._settings)
            if after is None:
                raise all_exist(left_out_of(current, existing))
            return replace(after, recheck=now)

        changed = self._store.amend(resource.key, lambda old: dump(left(load(SweepSpec, old))))
        return load(SweepSpec, changed.spec) if changed else spec

    def _check_price(self, resource: Resource, spec: SweepSpec, wanted: Vote) -> None:
        """Return when it costs no more than it was offered for; else offer it anew."""
        now = at_prices_of_now(spec, self._prices, self._settings)
        if not offers.must_be_seen(spec.presses, wanted, spec.needs_approval, now.usd, spec.usd):
            return

        def change(document: dict[str, Any]) -> Document:
            current = load(SweepSpec, document)
            if current.presses != spec.presses:
                return dump(current)
            anew = at_prices_of_now(current, self._prices, self._settings)
            return dump(replace(anew, recheck=wanted.at))

        self._store.amend(resource.key, change)
        raise offers.offered_anew(now.usd, spec.usd)

    def _check_preflight(self, resource: Resource, progress: SweepStatus) -> None:
        if not progress.preflight:
            raise Refused("I am still looking at this plan.", hint="Press Start once it shows its checks.")
        blocked = progress.blocked
        if blocked and progress.phase is SweepPhase.PLANNED:
            now = self._clock.now()
            self._store.amend(resource.key, lambda old: dump(replace(load(SweepSpec, old), recheck=now)))
            mend = f"{blocked.mend} I am looking again now: press Start when no more problems are shown."
            raise Refused(blocked.sentence, hint=mend.strip())
