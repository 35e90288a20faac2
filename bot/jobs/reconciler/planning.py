"""Before the start: look at the account, show the plan and its price, wait for the people who decide."""

from bot.controller.keep_alive import KeepAlive
from bot.controller.model import RequeueAfter
from bot.jobs.advice import advice
from bot.jobs.cards import JobMilestone, PlanCard
from bot.jobs.context import APPROVAL, JobContext, JobDependencies
from bot.jobs.history import steps, whole
from bot.jobs.model import Phase
from bot.jobs.preflight import PreflightRunner
from bot.jobs.purchase import JobPurchase
from bot.jobs.reconciler import budget
from bot.jobs.record import PLAN
from bot.jobs.transitions import advance
from bot.models.model import Lifecycle
from bot.spending.checks import is_look_due
from bot.spending.deciding import WAIT, Deciding
from bot.spending.model import Check


class Planning:
    """Phases PLANNED and AWAITING_APPROVAL."""

    def __init__(self, parts: JobDependencies) -> None:
        self._parts = parts
        self._preflight = PreflightRunner(parts.customization, parts.account, parts.cadence.preflight)
        purchase = JobPurchase(parts.prices, parts.settings)
        self._deciding = Deciding(purchase, advance, parts.cadence.patience)

    def reconcile(self, work: JobContext) -> RequeueAfter | None:
        """Show the plan and count the presses. Return when to look again, or None when it is decided.

        What was decided is written down before anything is shown, so that no trouble with Slack undoes it.
        """
        if work.spec.adopted is not None:
            # Made elsewhere and only followed from here: there is no price to show, and nobody to ask.
            advance(work.progress, Phase.STARTING)
            work.save()
            return None
        agreed = work.spec.sweep is not None  # it was looked at and agreed to as a whole
        now = self._parts.clock.now()
        due = is_look_due(work.progress, work.spec.recheck, now)
        if work.progress.phase is Phase.PLANNED and not agreed and due:
            self._look(work)
        # The clock is read anew: the looks take seconds, in which a plan that waits may lapse.
        self._deciding.count(work.it, self._parts.clock.now())
        work.save()
        show(work)
        if work.progress.phase not in JobPurchase.phases.undecided:
            return None
        # Presses make it due by themselves; this is for checks that may mend, and for plans that lapse.
        return RequeueAfter(work.progress.recheck_in or WAIT)

    def _look(self, work: JobContext) -> None:
        work.save()  # a full lease for the looks
        if work.progress.checked_at:
            show(work)  # what was offered anew is seen while its checks are looked at again
        found = self._preflight.run(work.plan, work.terms, lambda: budget.look(work, self._parts))
        progress = work.progress
        progress.preflight, progress.lifecycle = (*found.checks, *self._overlap(work)), found.lifecycle
        progress.checked_at = self._parts.clock.now()
        epochs = work.terms.training.epochs
        progress.takes = whole(self._parts.after.runs.of(work.plan.profile), work.plan.records, epochs)
        progress.recheck_in = self._parts.cadence.recheck if found.unsettled else None

    def _overlap(self, work: JobContext) -> tuple[Check, ...]:
        """Return what the validation set has in common with the training set. They are compared once."""
        known = work.progress.overlap
        if known is None:
            with KeepAlive(work.step) as hold:  # it may wait for a worker that is free
                known = self._parts.overlap.check(work.plan, renew=hold.keep)
            # Only what was found out is kept: what could not be fetched today may be there at the next look.
            work.progress.overlap = known if known and known.checked else None
        return (known,) if known else ()


def show(work: JobContext) -> None:
    """Post and keep up to date what is shown of a plan: its card, the question to the approvers, their no.

    A job of a sweep has none of its own, and one that was made elsewhere was never planned here.
    """
    if work.spec.sweep is not None or work.spec.adopted is not None:
        return
    work.say(PLAN, plan_card(work), live=True)
    if question := work.question:
        work.say(APPROVAL, question, live=True)
    if no := work.no:
        name, said = no
        work.say(name, JobMilestone(work.view, said))


def plan_card(work: JobContext) -> PlanCard:
    """Return the plan with its price, lifecycle and preflight."""
    terms = work.terms
    return PlanCard(
        plan=work.plan,
        training=terms.training,
        storage_month=terms.storage_month,
        serving_hour=terms.serving_hour,
        lifecycle=work.progress.lifecycle or Lifecycle("UNKNOWN"),
        preflight=work.progress.preflight,
        needs_approval=work.needs_approval,
        decision=work.agreement.decision,
        decided_by=work.agreement.decided_by,
        steps=steps(work.plan),
        takes=work.progress.takes,
        advice=advice(work.plan),
        approvers=work.agreement.deciders,
    )
