"""A sweep: looked at, priced and decided as a whole, then handed over to its jobs, all at once, and followed.

What it does on the outside, and what settles each of it, is in docs/effects.md. The jobs come in one write with the
phase, all or none. All else is done again: the preflight, and leaving out what exists.

From then on each job is a resource of its own; those over the account's quota wait their turn
(``bot.jobs.reconciler.creation``). The card shows how they stand, and the end of the last is the end of all.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Key, Message, Outcome, Registration, RequeueAfter
from bot.controller.outbox.entries import thread_of
from bot.errors import Unreadable
from bot.jobs.context import APPROVAL
from bot.jobs.model import JobPlan
from bot.jobs.overlap import overlap_of
from bot.jobs.preflight import PreflightRunner
from bot.jobs.purchase import entry_of
from bot.jobs.reconciler import budget
from bot.jobs.reconciler.instead import LOOK
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.terms import Terms, offer
from bot.models.model import Lifecycle
from bot.pricing.money import at_most
from bot.spending import undo
from bot.spending.checks import is_look_due, is_wanted_again, note_look
from bot.spending.deciding import WAIT, Deciding, PlanContext, concerned
from bot.spending.ledger import Entry
from bot.spending.model import Check, Decision
from bot.spending.votes import CALLED_OFF as CANCELS
from bot.spending.votes import Votes, because
from bot.sweeps import ending, instead
from bot.sweeps.cards import SweepCard, SweepRefused
from bot.sweeps.ending import Member, SweepDependencies, standing
from bot.sweeps.model import KIND, SCHEMA, SweepPhase, SweepSpec, SweepStatus, advance
from bot.sweeps.offering import left_out_of, terms_of, without
from bot.sweeps.purchase import SweepPurchase
from bot.sweeps.variants import all_exist
from bot.wording import Person, Said, wording

__all__ = ["KIND", "SweepReconciler"]

CARD, END, REFUSED, CALLED_OFF = "plan", "end", "refused", "called-off"


class SweepReconciler:
    """Brings one sweep to its decision, and its jobs into being."""

    def __init__(self, dependencies: SweepDependencies) -> None:
        self._dependencies = dependencies
        self._preflight = PreflightRunner(
            dependencies.customization, dependencies.account, dependencies.cadence.preflight
        )
        self._validation_sets = overlap_of(dependencies)
        purchase = SweepPurchase(dependencies.prices, dependencies.settings)
        self._deciding = Deciding(purchase, advance)

    def __call__(self, context: Context[SweepSpec, SweepStatus]) -> Outcome:
        """Go as far as one turn gets."""
        sweep = SweepContext(context, self._dependencies)
        undo.watch(context, self._dependencies.store, SCHEMA, CANCELS)
        is_undecided = sweep.status.phase in SweepPurchase.phases.undecided
        if is_undecided and not sweep.leaves_out_what_exists():
            self._decide(sweep)
        is_started = sweep.status.phase is SweepPhase.APPROVED
        if is_started and not sweep.status.is_whole:
            sweep.leaves_out_what_exists()  # another sweep may have started it in the same moment
        if sweep.is_changed:
            return RequeueAfter(WAIT)  # the change makes it due at once
        if is_started:
            return self._follow(sweep)
        sweep.show()
        if sweep.status.phase is SweepPhase.REFUSED:
            sweep.say_that_it_is_refused()
        sweep.say_that_it_was_called_off()
        if sweep.status.phase in SweepPurchase.phases.undecided:
            return RequeueAfter(LOOK if sweep.is_awaited else sweep.status.recheck_in or WAIT)
        return self._dependencies.outbox.settle(context, sweep.final())

    def _follow(self, sweep: "SweepContext") -> Outcome:
        """Show how its jobs stand, and tell the end of the last: each tells its own in the thread."""
        sweep.status.is_whole = True
        now = self._dependencies.clock.now()
        ending.note_results(sweep.status, sweep.members)
        if sweep.status.ended_at is None and ending.is_over(sweep.status, sweep.members, now):
            ending.decide(sweep.context, sweep.spec, self._dependencies, sweep.members)
        sweep.show()
        if sweep.status.ended_at is None:
            return RequeueAfter(self._dependencies.cadence.refresh)
        sweep.announce()
        return self._dependencies.outbox.settle(sweep.context, sweep.final())

    def _decide(self, sweep: "SweepContext") -> None:
        recheck, now = sweep.spec.recheck, self._dependencies.clock.now()
        due = is_look_due(sweep.status, recheck, now, sweep.status.recheck_in)
        asked_again = is_wanted_again(sweep.status, recheck)
        if due and (sweep.status.phase is SweepPhase.PLANNED or asked_again):
            self._look(sweep)
        if sweep.spec.thread_ts is None and not sweep.posted:
            sweep.save()
            sweep.show()  # the jobs are told in its thread, so it has to be there first
        # Before the votes move it: what no budget has room for is refused, and was never started.
        if sweep.purchase.is_agreed(sweep.it):
            self._reserve(sweep)
        anew = self._plan_anew(sweep)
        now = self._dependencies.clock.now()
        self._deciding.count(sweep.it, sweep.slower(now))
        jobs = sweep.jobs if sweep.status.phase is SweepPhase.APPROVED else anew
        sweep.save([*jobs, *sweep.news(self._dependencies.renderer, now)])

    def _plan_anew(self, sweep: "SweepContext") -> Sequence[Registration]:
        """Return what takes its place, where another base is wanted and that can be."""
        spec, status = sweep.spec, sweep.status
        is_open = status.phase is SweepPhase.PLANNED and sweep.agreement.decision is Decision.OPEN
        if not spec.instead or not is_open:
            return ()
        sweep.is_awaited, anew = instead.go_on(
            sweep.context.key, spec, status, sweep.thread, self._dependencies
        )
        return anew

    def _reserve(self, sweep: "SweepContext") -> None:
        """Reserve what all jobs cost together, each under its own name: all of them start, or none."""
        short = budget.reserve_all(sweep.entries, self._dependencies)
        if short:
            sweep.status.explanation = wording(short.sentence, " ", short.mend)
            advance(sweep.status, SweepPhase.REFUSED)

    def _look(self, sweep: "SweepContext") -> None:
        sweep.save()  # a full lease for the looks
        plan, status = sweep.spec.first, sweep.status
        if status.checked_at:
            sweep.show()  # what was offered anew is seen while its checks are looked at again
        whole = entry_of(plan, sweep.spec.usd, self._dependencies.clock.now(), sweep.spec.votes)
        found = self._preflight.run(plan, sweep.terms, lambda: self._dependencies.budget_service.look(whole))
        status.preflight = (*found.checks, *self._overlap(sweep))
        status.lifecycle = found.lifecycle
        note_look(status, sweep.spec.recheck, self._dependencies.clock.now())
        status.recheck_in = self._dependencies.cadence.recheck if found.unsettled else None

    def _overlap(self, sweep: "SweepContext") -> tuple[Check, ...]:
        """Return what the validation set has in common with the training set, which all its jobs have."""
        status = sweep.status
        known, status.overlap = self._validation_sets.once(sweep.context, sweep.spec.first, status.overlap)
        return (known,) if known else ()


class SweepContext(PlanContext[SweepSpec, SweepStatus]):
    """One turn at one sweep."""

    def __init__(self, context: Context[SweepSpec, SweepStatus], dependencies: SweepDependencies) -> None:
        super().__init__(context)
        self._dependencies = dependencies
        self.is_awaited = False
        """Whether its dataset is being converted for another base."""
        self.is_changed = False
        """Whether this turn has changed what is wanted, so that all else is for the next."""

    @property
    def purchase(self) -> SweepPurchase:
        """What sweeps tell of themselves as something that is bought."""
        return SweepPurchase(self._dependencies.prices, self._dependencies.settings)

    @property
    def access(self) -> Access:
        """Who may do what."""
        return self._dependencies.access

    @property
    def terms(self) -> Terms:
        """What all of them were offered for together."""
        terms = offer(self.spec.first, self._dependencies.prices, self._dependencies.settings)
        training = replace(terms.training, usd=self.spec.usd)
        return replace(terms, training=training, needs_approval=self.spec.needs_approval)

    @property
    def entries(self) -> list[Entry]:
        """What each job costs at most, as the job itself would reserve it."""
        now, votes = self._dependencies.clock.now(), self.spec.votes
        pairs = zip(self.spec.plans, self._terms, strict=True)
        return [entry_of(plan, terms.training.usd, now, votes) for plan, terms in pairs]

    @property
    def jobs(self) -> list[Registration]:
        """All its jobs, to come into being in one write."""
        return [self._job(plan, terms) for plan, terms in zip(self.spec.plans, self._terms, strict=True)]

    @property
    def _terms(self) -> tuple[Terms, ...]:
        """What each of the jobs was offered for, whatever its price is by now."""
        return terms_of(self.spec, self._dependencies.prices, self._dependencies.settings)

    def leaves_out_what_exists(self) -> bool:
        """Leave out the jobs that were started otherwise since; return whether there were any. When all were: refuse.

        They are jobs of another sweep over the same data, which share their names with these and are these.
        """
        existing = [each.id for each in self.spec.plans if self._is_anothers(each)]
        if not existing:
            return False
        prices, settings, now = (
            self._dependencies.prices,
            self._dependencies.settings,
            self._dependencies.clock.now(),
        )
        if without(self.spec, existing, prices, settings) is None:
            self.status.explanation = all_exist(left_out_of(self.spec, existing)).message
            return advance(self.status, SweepPhase.REFUSED)

        def left(current: SweepSpec) -> SweepSpec:
            after = without(current, existing, prices, settings)
            return replace(after, recheck=now) if after else current

        self._dependencies.store.amend(self.context.key, SCHEMA.on_documents(left))
        self.is_changed = True
        return True

    def _is_anothers(self, plan: JobPlan) -> bool:
        try:
            job = self._dependencies.store.get(Key(JOB, plan.id))
        except Unreadable:  # nobody knows whose it is: where it was started, it is not started again
            return False
        return job is not None and JOBS.spec_of(job).sweep != self.context.key.id

    def _job(self, plan: JobPlan, terms: Terms) -> Registration:
        """Return a job that somebody has agreed to already."""
        votes = self.spec.votes
        agreed = votes.approver if self.spec.needs_approval else votes.started
        assert agreed is not None, "nobody has agreed"
        spec = JobSpec(
            plan=plan,
            asked_at=agreed.at,
            thread_ts=self.thread,
            votes=Votes(started=votes.started, approver=votes.approver),
            terms=terms,
            sweep=self.context.key.id,
        )
        return JOBS.wanted(plan.id, spec)

    # Its jobs, once they are started

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """How each of its jobs stands, in their order."""
        pairs = zip(self.spec.plans, self._terms, strict=True)
        store, spec, status = self._dependencies.store, self.spec, self.status
        started, results = status.phase is SweepPhase.APPROVED, status.results
        return tuple(
            standing(store, spec, plan, terms, is_started=started, result=results.get(plan.id))
            for plan, terms in pairs
        )

    # Messages

    def note(self, name: str) -> str:
        """Return the notice's name: a sweep that is proposed again gets messages of its own."""
        return name if self.spec.round == 1 else f"{name}#{self.spec.round}"

    @property
    def posted(self) -> str | None:
        """The card's timestamp, or None."""
        return thread_of(self.context, self.note(CARD))

    @property
    def thread(self) -> str | None:
        """The thread in which the sweep and its jobs are told."""
        return self.spec.thread_ts or self.posted

    def show(self) -> None:
        """Post and keep up to date the card, and the question to the approvers."""
        for name, card in self._cards().items():
            message = self._dependencies.renderer.render(card)
            self._dependencies.outbox.post_once(
                self.context,
                self.note(name),
                message,
                channel=self.spec.first.channel,
                thread_ts=self.thread,
                since=self.spec.asked_at,
                owner=concerned(card, self.spec.first.owner),
            )
            gist = self._gist if name == CARD else ""
            self._dependencies.outbox.show(
                self.context, self.note(name), message, may_wait=True, often=bool(gist), gist=gist
            )

    @property
    def _gist(self) -> str:
        """What of the card is news while its jobs run; empty before that."""
        if self.status.phase is not SweepPhase.APPROVED:
            return ""
        return "|".join(f"{each.row.phase}{each.row.is_lost}" for each in self.members)

    def announce(self) -> None:
        """Tell the end of all of them in the channel, once."""
        self._dependencies.outbox.post_once(
            self.context,
            self.note(END),
            self._dependencies.renderer.render(ending.ended(self.spec, self.status, self.members)),
            channel=self.spec.first.channel,
            since=self.status.ended_at or self.spec.asked_at,
            owner=self.spec.first.owner,
        )

    def say_that_it_is_refused(self) -> None:
        """Tell whoever planned it, once, in the thread."""
        self._say_why_nothing_started(REFUSED, self.status.explanation)

    def say_that_it_was_called_off(self) -> None:
        """Tell whoever planned it, once, in the thread, that somebody else cancelled or declined it."""
        agreement = self.agreement
        if agreement.called_off_by and not agreement.is_undoable:
            by = Person(agreement.called_off_by)
            self._say_why_nothing_started(CALLED_OFF, wording(by, " stopped this before it was started."))
        if agreement.decision is Decision.DECLINED:
            by = Person(agreement.decided_by or "")
            self._say_why_nothing_started(
                CALLED_OFF, wording(by, f" declined this.{because(agreement.votes.declined_for)}")
            )

    def _say_why_nothing_started(self, name: str, why: Said) -> None:
        refused = SweepRefused(self.spec.first.owner, why)
        self._dependencies.outbox.post_once(
            self.context,
            self.note(name),
            self._dependencies.renderer.render(refused),
            channel=self.spec.first.channel,
            thread_ts=self.thread,
            since=self.spec.asked_at,
            owner=self.spec.first.owner,
        )

    def final(self) -> dict[str, Message]:
        """Return what the notices show for ever."""
        return {
            self.note(name): self._dependencies.renderer.render(card) for name, card in self._cards().items()
        }

    def _cards(self) -> dict[str, object]:
        cards: dict[str, object] = {CARD: self._card()}
        if question := self.question:
            cards[APPROVAL] = question
        return cards

    def _card(self) -> SweepCard:
        spec = self.spec
        return SweepCard(
            id=self.context.key.id,
            plan=spec.first,
            hyperparameter=spec.hyperparameter,
            rows=tuple(each.row for each in self.members),
            cost=at_most(spec.usd),
            usd=spec.usd,
            lifecycle=self.status.lifecycle or Lifecycle("UNKNOWN"),
            preflight=self.status.preflight,
            needs_approval=spec.needs_approval,
            decision=self.agreement.decision,
            decided_by=self.agreement.decided_by,
            made_way=self.agreement.made_way,
            is_undoable=self.agreement.is_undoable,
            refused=self.status.explanation if self.status.phase is SweepPhase.REFUSED else "",
            approvers=self.agreement.deciders,
            left_out=spec.left_out,
            can_be_changed=bool(spec.source),
            instead=spec.instead.profile if spec.instead else "",
            is_planned_anew=bool(self.status.planned_anew),
            storage=tuple(terms.storage_month for terms in self._terms),
        )
