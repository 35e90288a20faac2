"""Before the start: look at the account, show the plan and its price, wait for the people who decide."""

from datetime import timedelta

from bot.following.kinds.job_work import APPROVAL, PLAN, JobParts, JobWork
from bot.following.model import Again
from bot.jobs.cards import ApprovalCard, JobMilestone, PlanCard
from bot.jobs.model import Lifecycle, Phase
from bot.jobs.preflight import PreflightRunner
from bot.jobs.transitions import NEVER_STARTED, advance
from bot.jobs.views import estimate
from bot.pricing.book import PriceBook
from bot.pricing.model import Decision
from bot.pricing.money import at_most
from bot.profiles import registry
from bot.profiles.model import PriceKind

_PHASES = {
    Decision.REQUESTED: Phase.AWAITING_APPROVAL,
    Decision.APPROVED: Phase.STARTING,
    Decision.DECLINED: Phase.DECLINED,
    Decision.CANCELLED: Phase.CANCELLED,
}
_UNDECIDED = frozenset({Phase.PLANNED, Phase.AWAITING_APPROVAL})
_WAIT = 300.0


class Planning:
    """Phases PLANNED and AWAITING_APPROVAL."""

    def __init__(self, parts: JobParts) -> None:
        self._parts = parts
        self._preflight = PreflightRunner(parts.customization, parts.account)

    def reconcile(self, work: JobWork) -> Again | None:
        """Show the plan and count the presses. Return when to look again, or None when it is decided.

        What was decided is written down before anything is shown, so that no trouble with Slack undoes it.
        """
        if work.progress.phase is Phase.PLANNED and self._is_look_due(work):
            self._look(work)
        decision = work.spec.presses.decision(work.needs_approval)
        if decision in _PHASES:
            advance(work.progress, _PHASES[decision])
        elif self._is_too_old(work):
            advance(work.progress, Phase.CANCELLED)
            work.progress.explanation = "Nobody pressed anything in time."
        work.save()
        show(work, self._parts)
        if work.progress.phase not in _UNDECIDED:
            return None
        return Again(work.progress.recheck_in or _WAIT)

    def _is_look_due(self, work: JobWork) -> bool:
        progress, now = work.progress, self._parts.clock.now()
        if progress.checked_at is None:
            return True
        if work.spec.recheck and work.spec.recheck > progress.checked_at:
            return True
        wait = progress.recheck_in
        return wait is not None and now - progress.checked_at >= timedelta(seconds=wait)

    def _look(self, work: JobWork) -> None:
        found = self._preflight.run(work.plan, renew=work.save)
        progress = work.progress
        progress.preflight, progress.lifecycle = found.checks, found.lifecycle
        progress.checked_at = self._parts.clock.now()
        progress.recheck_in = self._parts.cadence.recheck if found.unsettled else None

    def _is_too_old(self, work: JobWork) -> bool:
        pressed = work.spec.presses.started
        since = pressed.at if pressed else work.spec.asked_at
        return self._parts.clock.now() - since > timedelta(seconds=self._parts.cadence.patience)


def show(work: JobWork, parts: JobParts) -> None:
    """Post and keep up to date what is shown of a plan: its card, the question to the approvers, their no."""
    work.say(PLAN, plan_card(work, parts.prices), live=True)
    if work.needs_approval and work.spec.presses.started:
        work.say(APPROVAL, approval_card(work, parts), live=True)
    if work.progress.phase is Phase.DECLINED:
        who = work.spec.presses.decided_by(work.needs_approval)
        text = f"<@{work.plan.owner}> <@{who}> declined this. Nothing was started and nothing was spent."
        work.say("declined", JobMilestone(work.view, text))


def decision_of(work: JobWork) -> Decision:
    """Return where the plan stands with the people; one that waited too long counts as cancelled."""
    if work.progress.phase in NEVER_STARTED and work.progress.phase is Phase.CANCELLED:
        return Decision.CANCELLED
    return work.spec.presses.decision(work.needs_approval)


def decided_by(work: JobWork) -> str | None:
    """Return who settled it: whoever stopped a plan that was started, and never reached Bedrock, cancelled it."""
    presses, stop = work.spec.presses, work.spec.stop
    if work.progress.phase is Phase.CANCELLED and stop and not presses.cancelled:
        return stop.by
    return presses.decided_by(work.needs_approval)


def plan_card(work: JobWork, prices: PriceBook) -> PlanCard:
    """Return the plan with its price, lifecycle and preflight."""
    profile = registry.get(work.plan.profile)
    return PlanCard(
        plan=work.plan,
        training=estimate(work.plan, prices),
        storage_month=prices.quote(profile, PriceKind.STORAGE),
        serving_hour=prices.serving_hour(profile, profile.serving[0]),
        lifecycle=work.progress.lifecycle or Lifecycle("UNKNOWN"),
        preflight=work.progress.preflight,
        needs_approval=work.needs_approval,
        decision=decision_of(work),
        decided_by=decided_by(work),
    )


def approval_card(work: JobWork, parts: JobParts) -> ApprovalCard:
    """Return the question to the approvers."""
    started = work.spec.presses.started
    return ApprovalCard(
        thing=str(work.step.key),
        what=f"Train `{work.plan.model_name}` from `{work.plan.dataset_name}` "
        f"on {registry.get(work.plan.profile).label}",
        cost=at_most(work.cost),
        reason=work.needs_approval,
        asked_by=started.by if started else work.plan.owner,
        approvers=parts.settings.approvers,
        decision=decision_of(work),
        decided_by=decided_by(work),
    )
