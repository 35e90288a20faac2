"""Before the start: look at the account, show the plan and its price, wait for the people who decide."""

from bot.controller.model import RequeueAfter
from bot.jobs.advice import advice
from bot.jobs.cards import JobCard, JobMilestone, PlanCard
from bot.jobs.context import APPROVAL, JobContext
from bot.jobs.dependencies import InsteadDependencies
from bot.jobs.history import steps, whole
from bot.jobs.model import Phase
from bot.jobs.overlap import Overlap
from bot.jobs.preflight import PreflightRunner
from bot.jobs.purchase import JobPurchase
from bot.jobs.recent_runs import RecentRuns
from bot.jobs.reconciler import budget, instead
from bot.jobs.record import CARD
from bot.jobs.transitions import advance
from bot.models.model import Lifecycle
from bot.spending.checks import is_look_due, note_look
from bot.spending.deciding import WAIT, Deciding
from bot.spending.model import Check, Decision


class Planning:
    """Phases PLANNED and AWAITING_APPROVAL. Of the account it sees what the preflight tells; it makes nothing there."""

    def __init__(
        self,
        dependencies: InsteadDependencies,
        runs: RecentRuns,
        preflight: PreflightRunner,
        validation_sets: Overlap,
    ) -> None:
        self._dependencies = dependencies
        self._runs = runs
        self._preflight = preflight
        self._validation_sets = validation_sets
        purchase = JobPurchase(dependencies.prices, dependencies.settings)
        self._deciding = Deciding(purchase, advance)

    def reconcile(self, job: JobContext) -> RequeueAfter | None:
        """Show the plan and count the presses. Return when to look again, or None when it is decided.

        What was decided is written down before anything is shown, so that no trouble with Slack undoes it.
        """
        if job.spec.adopted is not None:
            # Made elsewhere and only followed from here: there is no price to show, and nobody to ask.
            advance(job.status, Phase.STARTING)
            job.save()
            return None
        agreed = job.spec.sweep is not None  # it was looked at and agreed to as a whole
        now = self._dependencies.clock.now()
        due = is_look_due(job.status, job.spec.recheck, now, job.status.recheck_in)
        if job.status.phase is Phase.PLANNED and not agreed and due:
            self._look(job)
        awaited = (
            bool(job.spec.instead)
            and job.agreement.decision is Decision.OPEN
            and job.status.phase is Phase.PLANNED
            and instead.go_on(job, self._dependencies)
        )
        # The clock is read anew: the looks take seconds, in which a plan that waits may lapse.
        now = self._dependencies.clock.now()
        self._deciding.count(job.it, job.slower(now))
        job.save(job.news(self._dependencies.renderer, now))
        show(job)
        if job.status.phase not in JobPurchase.phases.undecided:
            return None
        # Presses make it due by themselves; this is for checks that may mend, and for plans that lapse.
        return RequeueAfter(instead.LOOK if awaited else job.status.recheck_in or WAIT)

    def _look(self, job: JobContext) -> None:
        job.save()  # a full lease for the looks
        if job.status.checked_at:
            show(job)  # what was offered anew is seen while its checks are looked at again
        found = self._preflight.run(job.plan, job.terms, lambda: budget.look(job, self._dependencies))
        status = job.status
        status.preflight, status.lifecycle = (*found.checks, *self._overlap(job)), found.lifecycle
        note_look(status, job.spec.recheck, self._dependencies.clock.now())
        epochs = job.terms.training.epochs
        status.takes = whole(self._runs.of(job.plan.profile), job.plan.records, epochs)
        status.recheck_in = self._dependencies.cadence.recheck if found.unsettled else None

    def _overlap(self, job: JobContext) -> tuple[Check, ...]:
        """Return what the validation set has in common with the training set. They are compared once."""
        known, job.status.overlap = self._validation_sets.once(job.context, job.plan, job.status.overlap)
        return (known,) if known else ()


def show(job: JobContext) -> None:
    """Post and keep up to date what is shown for ever: the card, the question to the approvers; and tell their no."""
    for name, card in shown(job).items():
        job.say(name, card, live=True)
    if no := job.no:
        name, said = no
        job.say(name, JobMilestone(job.view, said))


def shown(job: JobContext) -> dict[str, object]:
    """Return the cards that are kept up to date, by the name of their message, in their order.

    A job of a sweep has no plan of its own, and one that was made elsewhere was never planned here.
    """
    cards: dict[str, object] = {}
    is_planned = job.spec.sweep is None and job.spec.adopted is None
    if is_planned and not (job.is_started and job.live == CARD):
        cards[CARD] = plan_card(job)
    if is_planned and (question := job.question):
        cards[APPROVAL] = question
    if job.is_started:
        cards[job.live] = JobCard(job.view, is_live=True)
    return cards


def plan_card(job: JobContext) -> PlanCard:
    """Return the plan with its price, lifecycle and preflight."""
    terms = job.terms
    return PlanCard(
        plan=job.plan,
        training=terms.training,
        storage_month=terms.storage_month,
        serving_hour=terms.serving_hour,
        lifecycle=job.status.lifecycle or Lifecycle("UNKNOWN"),
        preflight=job.status.preflight,
        needs_approval=job.needs_approval,
        decision=job.agreement.decision,
        decided_by=job.agreement.decided_by,
        made_way=job.agreement.made_way,
        is_undoable=job.agreement.is_undoable,
        steps=steps(job.plan),
        takes=job.status.takes,
        advice=advice(job.plan),
        approvers=job.agreement.deciders,
        instead=job.spec.instead.profile if job.spec.instead else "",
        is_planned_anew=bool(job.status.planned_anew),
    )
