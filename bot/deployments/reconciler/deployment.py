"""One deployment, from the wish for it until somebody removes it.

It costs nothing while nobody asks, so that nothing of it is urgent, and nothing ends it by itself.
"""

from datetime import timedelta

from bot.controller import journal
from bot.controller.context import Context
from bot.controller.model import Outcome, RequeueAfter
from bot.controller.outbox.entries import numbered
from bot.deployments.cards import (
    Deployed,
    DeploymentCard,
    DeploymentHandedOver,
    DeploymentIdle,
    DeploymentOver,
    FollowedAgain,
    NotYet,
    RemovedByAnother,
)
from bot.deployments.context import DeploymentContext, DeploymentDependencies
from bot.deployments.model import (
    CARD,
    ENDED,
    KIND,
    SCHEMA,
    WISHES,
    DeploymentPhase,
    DeploymentSpec,
    DeploymentStatus,
)
from bot.deployments.ports import DeploymentObservation
from bot.deployments.quotas import quotas_of
from bot.deployments.reconciler.creation import FULL, Creation
from bot.deployments.reconciler.removal import Removal
from bot.deployments.reconciler.updating import Updating
from bot.deployments.transitions import advance
from bot.errors import Misconfigured, NoIdentity, Throttled, Unavailable
from bot.models.versions import NotUpdated, Updated, UpdateState
from bot.notifications.reconciler import notification
from bot.profiles import registry
from bot.spending import handovers, undo
from bot.spending.failures import note_denied

EVERY = timedelta(minutes=10)
"""Between two looks at one that is in service."""
_FIGURES = timedelta(hours=1)
"""Between two readings of its quotas and its use."""
IDLE = timedelta(days=30)
"""How long nobody has asked one that its owner is told of, and ``_REMINDED`` between two times that they are."""
_REMINDED = timedelta(days=7)


class DeploymentReconciler:
    """Goes as far as one turn gets."""

    def __init__(self, dependencies: DeploymentDependencies) -> None:
        self._dependencies = dependencies
        self._creation, self._updating = Creation(dependencies), Updating(dependencies)
        self._removal = Removal(dependencies)

    def __call__(self, context: Context[DeploymentSpec, DeploymentStatus]) -> Outcome:
        """Do the next step, tell what there is to tell, and come back when it may go on."""
        if context.status.phase not in ENDED:
            undo.watch(context, self._dependencies.store, SCHEMA, WISHES)
        d = DeploymentContext(context, self._dependencies)
        wait = EVERY.total_seconds()
        if d.status.phase not in ENDED:
            self._figure(d)
            d.show_card()  # before anything is made, so that its thread is in the tags
            wait = self._step(d)
        self._tell_handovers(d)
        if d.status.phase in ENDED:
            return self._end(d)
        self._tell(d)
        self._remind(d)
        return RequeueAfter(wait)

    def _step(self, d: DeploymentContext) -> float:
        may_be_there = d.status.tried or d.spec.found_again is not None
        if d.status.phase is DeploymentPhase.REQUESTED and not (d.spec.ending and may_be_there):
            if d.view.is_undoable:  # nothing is made meanwhile
                return undo.SECONDS
            return self._creation.reconcile(d)
        if d.spec.ending and d.status.phase not in ENDED:
            advance(d.status, DeploymentPhase.REMOVING)
            d.save()
        if d.status.phase is DeploymentPhase.REMOVING:
            return self._removal.reconcile(d)
        return self._follow(d)

    def _follow(self, d: DeploymentContext) -> float:
        """Phases CREATING and IN_SERVICE: what Bedrock says of it, and the newer model that is wanted."""
        now, status = self._dependencies.clock.now(), d.status
        under_way = status.phase is DeploymentPhase.CREATING or self._is_changing(d)
        if (
            not under_way
            and status.looked
            and timedelta() <= now - status.looked < EVERY
            and not status.missing_since
        ):
            return (status.looked + EVERY - now).total_seconds()
        try:
            seen = self._dependencies.deployments.get(d.spec.region, status.arn or d.spec.name)
        except NoIdentity:
            raise
        except Misconfigured as denied:
            note_denied(d.context.key, denied)
            status.trouble = denied.sentence
            return FULL
        status.mended += bool(status.trouble)
        status.looked, status.trouble = now, ""
        if seen is None:
            return self._creation.missing(d)
        return self._take_in(d, seen)

    def _is_changing(self, d: DeploymentContext) -> bool:
        status = d.status
        if status.serving == d.spec.wanted.arn:
            return False
        return not (
            status.update is UpdateState.FAILED and status.failed_version == str(len(d.spec.versions))
        )

    def _take_in(self, d: DeploymentContext, seen: DeploymentObservation) -> float:
        status = d.status
        status.missing_since, status.arn, status.created = None, seen.arn, seen.created
        if seen.state == "Failed":
            status.failed, status.failure = True, seen.failure
            advance(status, DeploymentPhase.REMOVING)  # what failed answers nobody, and lies in the way
            d.save()
            return self._removal.reconcile(d)
        if seen.state != "Active":
            return d.soon
        advance(status, DeploymentPhase.IN_SERVICE)
        wait = self._updating.reconcile(d, seen)
        d.save()
        return EVERY.total_seconds() if wait is None else wait

    # What is told

    def _tell(self, d: DeploymentContext) -> None:
        status, versions = d.status, d.spec.versions
        if d.spec.found_again:
            d.say("found-again", FollowedAgain())
        if status.phase is DeploymentPhase.IN_SERVICE and not d.spec.found_again:
            d.say("in-service", Deployed(), mention_owner=True)
        number = len(versions)
        if number > 1 and status.phase is DeploymentPhase.IN_SERVICE:
            wanted, before = versions[-1], versions[-2]
            if status.serving == wanted.arn:
                d.say(f"updated:{number}", Updated(wanted.name, before.name), mention_owner=True)
            elif status.update is UpdateState.FAILED and status.failed_version == str(number):
                failed = NotUpdated(wanted.name, status.serving_name, status.explanation, status.mend)
                d.say(f"update-failed:{number}", failed, mention_owner=True)
        if status.trouble or d.view.waits_for:
            name = numbered(f"trouble:{status.phase}", status.mended)
            d.say(name, NotYet(status.trouble, d.view.waits_for), mention_owner=True)
        d.show_card()

    def _tell_handovers(self, d: DeploymentContext) -> None:
        """Tell both people of each handover, directly, in one write with that they are."""
        spec, handed, told = d.spec, d.spec.handed, d.status.handed_told
        if told >= len(handed):
            return
        new = handovers.news(
            handed,
            told,
            lambda care: self._dependencies.renderer.render(DeploymentHandedOver(d.view.model_name, care)),
            first=spec.owner,
            channel=spec.channel,
            paying="",
            key=f"{KIND}:{spec.id}",
            now=self._dependencies.clock.now(),
        )
        d.status.handed_told = len(handed)
        d.context.save(also=new)

    def _end(self, d: DeploymentContext) -> Outcome:
        """Tell the end once, and settle every message."""
        status, remove = d.status, d.spec.ending
        journal.note(d.context, journal.END, f"{d.spec.name} in {d.spec.region}: {status.phase}")
        by = remove.by if remove else ""
        taken = d.spec.name if status.taken else ""
        over = DeploymentOver(status.phase, by, status.explanation, status.mend, taken)
        d.say("end", over, mention_owner=by != d.spec.holder)
        if by and by != d.spec.holder and not status.owner_told:
            status.owner_told = True
            name = d.view.model_name
            told = self._dependencies.renderer.render(RemovedByAnother(name, d.spec.channel, by))
            key, now = f"{KIND}:{d.spec.id}", self._dependencies.clock.now()
            d.context.save(
                also=[notification(key, "removed", d.spec.holder, told, now, own_in=d.spec.channel)]
            )
        card = self._dependencies.renderer.render(DeploymentCard(d.view))
        return self._dependencies.outbox.settle(d.context, {CARD: card})

    # What it is like

    def _figure(self, d: DeploymentContext) -> None:
        """Read what it may be asked and what it was asked, now and then; nothing waits for these."""
        now, status = self._dependencies.clock.now(), d.status
        if status.figured and timedelta() <= now - status.figured < _FIGURES:
            return
        names, budget = d.names, self._dependencies.budget_service
        try:
            status.average = budget.average(d.spec.channel, names)
            status.last_asked = budget.last_asked(names)
            there = self._dependencies.account_quotas.of_deployments(d.spec.region)
        except (Throttled, Unavailable):
            return
        status.quotas, status.figured = quotas_of(registry.get(d.spec.profile).label, there), now

    def _remind(self, d: DeploymentContext) -> None:
        """Tell its owner once a week that nobody asks it any more, with what removes it."""
        now, status, spec = self._dependencies.clock.now(), d.status, d.spec
        if status.phase is not DeploymentPhase.IN_SERVICE or status.created is None:
            return
        since = max(status.created, spec.wanted.at, *([spec.kept.at] if spec.kept else []))
        if now - max(since, status.last_asked or since) < IDLE:
            return
        if status.idle_told and now - status.idle_told < _REMINDED:
            return
        status.idle_told = now
        idle = DeploymentIdle(spec.id, d.view.model_name, spec.channel, status.created, status.last_asked)
        told = self._dependencies.renderer.render(idle)
        key, event = f"{KIND}:{spec.id}", f"idle-{now:%Y-%m-%d}"
        d.context.save(also=[notification(key, event, spec.holder, told, now, own_in=spec.channel)])
