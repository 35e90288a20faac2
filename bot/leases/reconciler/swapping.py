"""A newer model that takes the place of the one before, on the same throughput, at the same price and to the same end.

Until it answers, the one before does: what AWS shows while it changes is nobody's word for either.
"""

from datetime import timedelta

from bot.controller.effects import DONE, Effect, Proof, passing
from bot.errors import Misconfigured, NoIdentity, Refused, TunesmithError
from bot.leases import tags
from bot.leases.cards import LeaseMilestone
from bot.leases.context import LeaseContext, LeaseDependencies
from bot.leases.deadlines import passed
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePhase
from bot.leases.versions import answering, check_time, has_failed, on_its_way
from bot.models.versions import ModelVersion, NotUpdated, Updated, UpdateState
from bot.profiles.model import Serving
from bot.spending.creation import CALL
from bot.spending.failures import note_denied

SWAP = Effect(
    "swap-model",
    "having a newer model answer on the same throughput",
    "throughput of which a look tells the model that it was last told to take",
    Proof.LOOK,
    longest=CALL,
)
TAG = Effect(
    "tag-lease",
    "having its tags name the model that answers now, and in whose care it is",
    "a tag that is written again, the same",
    longest=CALL,
)
SHOWN = timedelta(minutes=2)
"""How long after it was told to AWS may still show nothing of it."""
LONGEST = timedelta(minutes=30)
"""How long AWS may say that it wants the model without a change under way, before that counts as failed."""


def tag(lease: LeaseContext, dependencies: LeaseDependencies) -> None:
    """Have its tags tell whoever knows nothing else; an account that does not allow it keeps nothing from going."""
    spec, status = lease.spec, lease.status
    name = answering(spec, status).name
    state = f"{name} {spec.owner}"
    if status.arn is None or state == (status.tagged or f"{lease.plan.model_name} {lease.plan.owner}"):
        return
    try:
        with passing(TAG):
            dependencies.endpoints.tag(lease.plan.region, status.arn, tags.changing(name, spec.owner))
    except TunesmithError:
        return
    status.tagged = state


class SwappingLease:
    """Phase IN_SERVICE."""

    def __init__(self, dependencies: LeaseDependencies) -> None:
        self._dependencies = dependencies

    def reconcile(self, lease: LeaseContext, seen: EndpointObservation) -> None:
        """Bring the wanted model onto the throughput.

        Raises:
            Unavailable: AWS does not answer, or nobody knows whether it took it.
        """
        spec, status = lease.spec, lease.status
        if lease.plan.serving is not Serving.PROVISIONED_THROUGHPUT:
            return
        if seen.status is EndpointStatus.IN_SERVICE:
            status.serving = seen.model_arn
        number = str(len(spec.versions))
        wanted = on_its_way(spec, status)
        if wanted is None:
            self._settled(lease)
            return
        if lease.context.record(SWAP, number).state == DONE:
            self._follow(lease, seen, number, wanted)
            return
        if seen.status is EndpointStatus.UPDATING and seen.desired_arn != wanted.arn:
            return  # one before it is still on its way
        # While it changes nothing can be deleted, so that it does not begin once somebody wants it released.
        if spec.release is None and spec.over is None:
            self._ask(lease, seen, number, wanted)

    def _settled(self, lease: LeaseContext) -> None:
        status = lease.status
        if lease.spec.versions and not has_failed(lease.spec, status):
            status.update = UpdateState.DONE

    def _ask(self, lease: LeaseContext, seen: EndpointObservation, number: str, wanted: ModelVersion) -> None:
        status = lease.status
        is_there = seen.desired_arn == wanted.arn

        def call() -> bool:
            self._dependencies.endpoints.swap(lease.plan.region, seen.arn, wanted.arn)
            return True

        status.update, status.swapped = UpdateState.ASKED, status.seen
        try:
            if not is_there:
                check_time(lease.spec, status)
            lease.context.once(SWAP, call, item=number, look=lambda: is_there or None)
        except NoIdentity:
            raise
        except (Refused, Misconfigured) as refusal:
            note_denied(lease.context.key, refusal)
            _fail(lease, number, refusal.message, refusal.hint)
            return
        status.update = UpdateState.UPDATING
        lease.save()

    def _follow(
        self, lease: LeaseContext, seen: EndpointObservation, number: str, wanted: ModelVersion
    ) -> None:
        """AWS was told to: look how far it is."""
        status = lease.status
        status.update = UpdateState.UPDATING
        if seen.status is not EndpointStatus.IN_SERVICE or status.seen is None:
            return
        patience = LONGEST if seen.desired_arn == wanted.arn else SHOWN
        if status.swapped is None or passed(status.swapped, status.seen) >= patience:
            _fail(lease, number, "", "")


def _fail(lease: LeaseContext, number: str, why: str, mend: str) -> None:
    status = lease.status
    status.update, status.failed_version = UpdateState.FAILED, number
    status.swap_explanation, status.swap_mend = why, mend
    lease.save()


def tell(lease: LeaseContext) -> None:
    """Say in the thread that the newer model answers, or that it does not, and why."""
    spec, status = lease.spec, lease.status
    number = len(spec.versions)
    if not number or status.phase is not LeasePhase.IN_SERVICE:
        return
    wanted = spec.versions[-1]
    before = spec.versions[-2].name if number > 1 else spec.plan.model_name
    if status.serving == wanted.arn:
        said = LeaseMilestone(lease.view, Updated(wanted.name, before), mention_owner=True)
        lease.say(f"updated:{number}", said, since=wanted.at)
    elif has_failed(spec, status):
        still = answering(spec, status).name
        failed = NotUpdated(wanted.name, still, status.swap_explanation, status.swap_mend)
        lease.say(
            f"update-failed:{number}",
            LeaseMilestone(lease.view, failed, mention_owner=True),
            since=wanted.at,
        )
