"""How far models are served, for whoever waits for one: by what is kept of leases and deployments."""

from bot.controller.model import Key, Resource
from bot.controller.ports import ResourceStore
from bot.deployments import model as deployments
from bot.deployments.model import DeploymentPhase
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE
from bot.leases.purchase import LeasePurchase
from bot.leases.transitions import ENDED
from bot.leases.versions import is_of, models_at
from bot.leases.views import hour_usd
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.questions.kept import ModelState, Wake, WakeEnd, WakePrice
from bot.spending.model import Decision

_LOST = {
    LeasePhase.DECLINED: WakeEnd.DECLINED,
    LeasePhase.CANCELLED: WakeEnd.CANCELLED,
    LeasePhase.REFUSED: WakeEnd.FAILED,
    LeasePhase.FAILED: WakeEnd.FAILED,
    LeasePhase.RELEASED: WakeEnd.CANCELLED,
}
_FAR = (ModelState.IN_SERVICE, ModelState.WAKING, ModelState.ASKED)


class ServedWakes:
    """``bot.questions.ports.Wakes``."""

    def __init__(self, store: ResourceStore, purchase: LeasePurchase, prices: PriceBook) -> None:
        self._store = store
        self._purchase = purchase
        self._prices = prices

    def look(self, model_arn: str, noted: str) -> Wake:
        """Return how far the model is: of several attempts the one that is furthest."""
        leases = [each for each in self._store.unfinished(LEASE) if is_of(each, model_arn)]
        found = [wake for each in leases if (wake := self._lease(each, model_arn)) is not None]
        found += [_deployment(each, model_arn) for each in self._deployed(model_arn)]
        on_way = sorted(
            (each for each in found if each.state in _FAR), key=lambda each: _FAR.index(each.state)
        )
        return on_way[0] if on_way else self._ended(noted, model_arn)

    def price(self, base: str) -> WakePrice:
        """Return what an hour costs at most, or that it costs nothing while idle."""
        profile = registry.get(base)
        if profile.serving[0] is not Serving.PROVISIONED_THROUGHPUT:
            return WakePrice(hourly=False)
        return WakePrice(
            hourly=True, usd=hour_usd(self._prices.serving_hour(profile, Serving.PROVISIONED_THROUGHPUT))
        )

    # How

    def _lease(self, resource: Resource, model_arn: str) -> Wake | None:
        """Return how far a lease is; None for a plan that nobody started."""
        it = self._purchase.read(resource)
        phase, decision = it.status.phase, it.spec.votes.decision(self._purchase.reason(it))
        if phase in ENDED:
            lost = None if it.status.in_service else _LOST.get(phase)
            return Wake(id=resource.key.id, lost=lost)
        if phase is LeasePhase.RELEASING or it.spec.ending or decision is Decision.OPEN:
            return None
        answers = phase is LeasePhase.IN_SERVICE and models_at(resource)[0].arn == model_arn
        state = ModelState.IN_SERVICE if answers else ModelState.WAKING
        if phase in LeasePurchase.phases.undecided and decision is not Decision.APPROVED:
            state = ModelState.ASKED
        return Wake(state, resource.key.id)

    def _deployed(self, model_arn: str) -> list[Resource]:
        live = [each for each in self._store.unfinished(deployments.KIND) if deployments.is_live(each)]
        return [each for each in live if model_arn in deployments.models_at(each)]

    def _ended(self, noted: str, model_arn: str) -> Wake:
        """Return how the attempt ended that was on its way."""
        if not noted:
            return Wake()
        lease = self._store.get(Key(LEASE, noted))
        if lease is not None:
            return self._lease(lease, model_arn) or Wake(id=noted)
        deployment = self._store.get(Key(deployments.KIND, noted))
        return _deployment(deployment, model_arn) if deployment is not None else Wake(id=noted)


def _deployment(resource: Resource, model_arn: str) -> Wake:
    spec, status = deployments.SCHEMA.spec_of(resource), deployments.SCHEMA.status_of(resource)
    known = resource.key.id
    if deployments.is_live(resource) and not (spec.ending or status.phase is DeploymentPhase.REMOVING):
        if model_arn in deployments.models_at(resource):
            answers = status.serving == model_arn and status.phase is DeploymentPhase.IN_SERVICE
            return Wake(ModelState.IN_SERVICE if answers else ModelState.WAKING, known)
        return Wake(id=known, lost=WakeEnd.FAILED)  # what answers there could not be replaced by it
    failed = status.failed or status.phase in (DeploymentPhase.FAILED, DeploymentPhase.REFUSED)
    lost = WakeEnd.FAILED if failed else WakeEnd.CANCELLED
    return Wake(id=known, lost=None if status.serving == model_arn else lost)
