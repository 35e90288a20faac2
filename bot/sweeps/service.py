"""Series of jobs, as handlers ask for them: planned, proposed and pressed as a whole."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.access import Access
from bot.clock import Clock
from bot.controller.documents import dump, load
from bot.controller.model import Document, Key, Registration, Thing
from bot.controller.ports import Wishes
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.jobs.entries import entry_of
from bot.jobs.model import JobPlan, JobSettings
from bot.jobs.planning_service import PlanningDesk
from bot.jobs.service import JobDesk
from bot.jobs.terms import estimate
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.hyperparameters import named
from bot.spending import offers
from bot.spending.approval import needs_approval, own_is_fine
from bot.spending.budget_service import Treasury
from bot.spending.votes import Press, Pressed, Presses, check_may_press, press
from bot.sweeps.model import KIND, SeriesPhase, SeriesProgress, SeriesSpec, varied

_UNDECIDED = frozenset({SeriesPhase.PLANNED, SeriesPhase.AWAITING_APPROVAL})
_OVER = frozenset({SeriesPhase.DECLINED, SeriesPhase.CANCELLED, SeriesPhase.REFUSED})


def progress_of(thing: Thing) -> SeriesProgress:
    """Return what has been done about the series so far; of a new round, nothing yet."""
    document = thing.status.get("series")
    progress = load(SeriesProgress, document) if document else SeriesProgress()
    wanted = int(thing.spec.get("round", 1))
    return progress if progress.round == wanted else SeriesProgress(round=wanted)


class SeriesDesk(PlanningDesk):
    """What people want of series. Writes it down for the reconciler; never waits for Slack or AWS."""

    def __init__(
        self,
        store: Wishes,
        directory: Directory,
        jobs: JobDesk,
        prices: PriceBook,
        access: Access,
        clock: Clock,
        settings: JobSettings,
        treasury: Treasury,
    ) -> None:
        super().__init__(store, directory, prices, access, clock, settings, treasury)
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

    def press(self, series_id: str, decision: Pressed, by: str) -> None:
        """Count a press of *Start*, *Cancel*, *Approve* or *Decline*. The first decision wins.

        Raises:
            NotAllowed: they may not press this.
            Refused: it was decided already (by whom), it waited too long, the preflight fails (what mends it), or
                their own budget has no room for it.
        """
        if decision in ("approve", "decline"):
            self._access.check_approver(by)
            thing = self._directory.asked_to_decide(KIND, series_id)
        else:
            thing = self._directory.thing(KIND, series_id)
        if thing is None:
            raise NotFound("I do not know this sweep any more.", hint="`/tune sweep` plans another.")
        spec, progress = load(SeriesSpec, thing.spec), progress_of(thing)
        check_may_press(self._access, decision, by, owner=spec.first.owner, channel=spec.first.channel)
        now = self._clock.now()
        lapsed = progress.phase in _UNDECIDED and spec.presses.is_lapsed(spec.asked_at, now)
        if (lapsed or progress.phase is SeriesPhase.CANCELLED) and not spec.presses.cancelled:
            raise Refused("Nobody decided this in time, so it is over.", hint="`/tune sweep` plans another.")
        wanted = Press(decision, by, now)
        self._check_price(thing, spec, wanted)
        if decision == "start" and not spec.presses.cancelled:
            self._check_preflight(thing, progress)
            self._treasury.check_others(entry_of(spec.first, spec.usd, now, Presses(started=wanted)))

        def change(document: dict[str, Any]) -> Document:
            current = load(SeriesSpec, document)
            counted = press(
                current.presses,
                wanted,
                current.needs_approval,
                owner=current.first.owner,
                own_is_fine=current.own_is_fine,
            )
            return dump(replace(current, presses=counted))

        self._store.amend(thing.key, change)

    def _offer(self, name: str, plans: tuple[JobPlan, ...], thread_ts: str | None) -> SeriesSpec:
        """Return the series at the prices of now; it is held to the limit as a whole."""
        prices = [estimate(each, self._prices).usd for each in plans]
        known = [each for each in prices if each is not None]
        usd = sum(known[1:], known[0]) if len(known) == len(plans) else None
        return SeriesSpec(
            hyperparameter=name,
            plans=plans,
            asked_at=self._clock.now(),
            usd=usd,
            needs_approval=needs_approval(usd, self._settings.approval_limit),
            own_is_fine=own_is_fine(usd, self._settings.self_approval_limit),
            thread_ts=thread_ts,
        )

    def _check_price(self, thing: Thing, spec: SeriesSpec, wanted: Press) -> None:
        """Return when it costs no more than it was offered for; else offer it anew."""
        now = self._offer(spec.hyperparameter, spec.plans, spec.thread_ts)
        if not offers.agrees(spec.presses, wanted, spec.needs_approval):
            return
        if not offers.is_dearer(now.usd, spec.usd):
            return

        def change(document: dict[str, Any]) -> Document:
            current = load(SeriesSpec, document)
            if current.presses != spec.presses:
                return dump(current)
            priced = replace(
                current, usd=now.usd, needs_approval=now.needs_approval, own_is_fine=now.own_is_fine
            )
            return dump(replace(priced, recheck=wanted.at))

        self._store.amend(thing.key, change)
        raise offers.offered_anew(now.usd, spec.usd)

    def _check_preflight(self, thing: Thing, progress: SeriesProgress) -> None:
        if not progress.preflight:
            raise Refused("I am still looking at this plan.", hint="Press Start once it shows its checks.")
        blocked = progress.blocked
        if blocked and progress.phase is SeriesPhase.PLANNED:
            now = self._clock.now()
            self._store.amend(thing.key, lambda old: dump(replace(load(SeriesSpec, old), recheck=now)))
            mend = f"{blocked.mend} I am looking again now: press Start when no more problems are shown."
            raise Refused(blocked.sentence, hint=mend.strip())
