"""Series of jobs, as handlers ask for them: planned, proposed and pressed as a whole."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.access import Access
from bot.clock import Clock
from bot.controller.documents import dump, load
from bot.controller.model import Document, Key, Registration, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.jobs.entries import entry_of
from bot.jobs.model import JobPlan, JobSettings
from bot.jobs.planning_service import PlanningService
from bot.jobs.service import JobService
from bot.jobs.terms import estimate
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.hyperparameters import named
from bot.spending import offers
from bot.spending.approval import needs_approval, own_is_fine
from bot.spending.budget_service import BudgetService
from bot.spending.votes import Choice, Vote, Votes, check_may_press, press
from bot.sweeps.model import KIND, SweepPhase, SweepSpec, SweepStatus, varied

_UNDECIDED = frozenset({SweepPhase.PLANNED, SweepPhase.AWAITING_APPROVAL})
_OVER = frozenset({SweepPhase.DECLINED, SweepPhase.CANCELLED, SweepPhase.REFUSED})


def progress_of(resource: Resource) -> SweepStatus:
    """Return what has been done about the series so far; of a new round, nothing yet."""
    document = resource.status.get("sweep")
    progress = load(SweepStatus, document) if document else SweepStatus()
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
        taken = self._jobs.taken()
        plans = varied(plan, name, values, {*taken.jobs, *self._jobs.names()}, taken.models)
        spec = self._offer(name, plans, thread_ts)
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

    def _offer(self, name: str, plans: tuple[JobPlan, ...], thread_ts: str | None) -> SweepSpec:
        """Return the series at the prices of now; it is held to the limit as a whole."""
        prices = [estimate(each, self._prices).usd for each in plans]
        known = [each for each in prices if each is not None]
        usd = sum(known[1:], known[0]) if len(known) == len(plans) else None
        return SweepSpec(
            hyperparameter=name,
            plans=plans,
            asked_at=self._clock.now(),
            usd=usd,
            needs_approval=needs_approval(usd, self._settings.approval_limit),
            own_is_fine=own_is_fine(usd, self._settings.self_approval_limit),
            thread_ts=thread_ts,
        )

    def _check_price(self, resource: Resource, spec: SweepSpec, wanted: Vote) -> None:
        """Return when it costs no more than it was offered for; else offer it anew."""
        now = self._offer(spec.hyperparameter, spec.plans, spec.thread_ts)
        if not offers.must_be_seen(spec.presses, wanted, spec.needs_approval, now.usd, spec.usd):
            return

        def change(document: dict[str, Any]) -> Document:
            current = load(SweepSpec, document)
            if current.presses != spec.presses:
                return dump(current)
            priced = replace(
                current, usd=now.usd, needs_approval=now.needs_approval, own_is_fine=now.own_is_fine
            )
            return dump(replace(priced, recheck=wanted.at))

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
