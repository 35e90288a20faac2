"""Deployments, as handlers ask for them: making one, putting a newer model behind its address, removing it."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.access import Access
from bot.clock import Clock
from bot.controller.model import Key, Registration, Resource
from bot.controller.ports import SpecWriter
from bot.deployments.cards import DeploymentView, ReplaceOffer
from bot.deployments.model import (
    KIND,
    SCHEMA,
    WISHES,
    DeploymentPhase,
    DeploymentSpec,
    Foreign,
    is_live,
    models_at,
)
from bot.deployments.views import phase_of, seen_by
from bot.directory.directory import Directory
from bot.directory.service import Service
from bot.errors import NotFound, Refused
from bot.jobs.namesakes import model_of
from bot.models.model import CustomModel
from bot.models.serving import Served, ServedState, Waking, serving_of
from bot.models.versions import ModelVersion, UpdateState
from bot.names import bare, slug
from bot.pricing.answers import prices_of
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import Serving
from bot.profiles.registry import profile_of
from bot.profiles.service_patterns import DEPLOYMENT_NAME
from bot.spending import undo
from bot.spending.model import Request
from bot.wording import Person, quoted, wording

BY_THE_TOKEN = "it costs nothing while idle, and questions are billed by the token"  # noqa: S105 -- no secret


class DeploymentService(Service):
    """What people want of deployments. Writes it down for the reconciler; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def __init__(
        self, store: SpecWriter, directory: Directory, prices: PriceBook, access: Access, clock: Clock
    ) -> None:
        super().__init__(store, directory, clock)
        self._prices = prices
        self._access = access

    # Wanting

    def deploy(
        self, *, model: str, owner: str, channel: str, request: str, thread_ts: str | None = None
    ) -> str:
        """Have a model deployed; return the deployment's ID. The same request twice is one deployment.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
            Refused: it is deployed already, does not answer in the channel, or its base has no deployments.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        found = self._model(model)
        self._directory.check_answers(found, channel)
        self._check_way(found)
        now = self._clock.now()
        spec = DeploymentSpec(
            name=_name(found, request),
            region=found.region,
            profile=found.profile,
            owner=owner,
            channel=channel,
            thread_ts=thread_ts,
            asked_at=now,
            request=request,
            versions=(ModelVersion(found.arn, found.name, owner, now),),
        )

        def make() -> Registration:
            self._check_alone(found.arn, found.name, but=spec.id)
            return SCHEMA.wanted(spec.id, spec)

        self._store.register_sole(_sole(found.arn), make)
        return spec.id

    def adopt(self, foreign: Foreign, *, owner: str, channel: str, request: str, model_name: str = "") -> str:
        """Have a deployment that was made elsewhere looked after as one of ours; return its ID.

        The same request twice is one deployment. ``model_name`` is what people call its model, where that is known.

        Raises:
            Refused: of a base without a profile, or its model is deployed already.
            NotAllowed: the person or the channel may not.
        """
        self._access.check_spending(owner, channel)
        profile = profile_of(foreign.model_arn)
        if profile is None or profile.region != foreign.region:
            raise Refused(
                f"{quoted(foreign.name)} serves a base model that I have no profile of.",
                hint="I could not ask it. It can be deleted all the same.",
            )
        now, name = self._clock.now(), model_name or foreign.name
        spec = DeploymentSpec(
            name=foreign.name,
            region=foreign.region,
            profile=profile.name,
            owner=owner,
            channel=channel,
            thread_ts=None,
            asked_at=now,
            request=request,
            versions=(ModelVersion(foreign.model_arn, name, owner, now),),
            adopts=foreign.arn,
        )

        def make() -> Registration:
            self._check_alone(foreign.model_arn, name, but=spec.id)
            return SCHEMA.wanted(spec.id, spec)

        self._store.register_sole(_sole(foreign.model_arn), make)
        return spec.id

    def offer(self, model: str) -> ReplaceOffer | None:
        """Return what the model could take the place of: what is deployed, of the same base and data; None: nothing.

        Raises:
            NotFound: there is no such model.
        """
        found = self._model(model)
        for resource in self._live():
            spec = SCHEMA.spec_of(resource)
            before = self._directory.stored_model(spec.wanted.name, spec.wanted.arn)
            if before is None or before.arn == found.arn or spec.remove:
                continue
            same = (before.profile, before.region, before.dataset_name) == (
                found.profile,
                found.region,
                found.dataset_name,
            )
            is_newer = same and found.created > before.created
            if is_newer and self._directory.answers(found, spec.channel) and self._may_spend(spec.channel):
                prices = prices_of(self._prices, registry.get(found.profile))
                return ReplaceOffer(found.name, before.name, resource.key.id, prices)
        return None

    def replace(self, *, model: str, deployment: str, by: str, channel: str) -> DeploymentView:
        """Have another model answer at the address of a deployment. Repeating it is harmless.

        ``deployment`` is its ID, or the name of the model that answers there. ``by`` is a trainer where it is asked for
        (``channel``) and where the deployment is told, since it changes what others are answered by.

        Raises:
            NotFound: there is no such model or deployment.
            NotAllowed: they may not.
            Refused: the bases differ, the model is deployed already or does not answer where the deployment is told,
                or another is on its way there.
        """
        self._access.check_spending(by, channel)
        found, resource = self._model(model), self._one(deployment)
        spec = SCHEMA.spec_of(resource)
        # A trainer by the channel that they ask in is none of that one.
        self._access.check_spending(by, spec.channel)
        self._directory.check_answers(found, spec.channel)
        if (found.profile, found.region) != (spec.profile, spec.region):
            raise Refused(
                f"{quoted(found.name)} is tuned from another base, so it cannot answer at this address.",
                hint=f"Deploy it beside the other: `/tune serve {found.name}`.",
            )
        version = ModelVersion(found.arn, found.name, by, self._clock.now())

        def change(now: DeploymentSpec) -> DeploymentSpec:
            if now.remove:
                raise _removed(now)
            if now.wanted.arn == found.arn:
                failed = SCHEMA.status_of(resource).update is UpdateState.FAILED
                return replace(now, versions=(*now.versions, version)) if failed else now
            self._check_alone(found.arn, found.name, but=resource.key.id)
            return replace(now, versions=(*now.versions, version))

        return self._view(self._amend(resource.key, change, _sole(found.arn)))

    def remove(self, model_or_id: str, by: str, *, of_another: bool = False) -> DeploymentView:
        """Remove a deployment. Repeating it is harmless.

        Args:
            model_or_id: which.
            by: whoever has it, a trainer, or an approver.
            of_another: they know that somebody else has it, who is told.

        Raises:
            NotFound: there is no such deployment or model.
            NotAllowed: they may not.
            Refused: it is not deployed, somebody else removed it before (who), or it is somebody else's and they do not
                know that.
        """
        resource = self._one(model_or_id)
        spec = SCHEMA.spec_of(resource)
        owner = spec.holder
        self._access.check_ending(by, owner, spec.channel)
        if owner != by and not of_another:
            raise Refused(wording(Person(owner), " deployed this."), hint="`/tune release` asks you first.")
        at = self._store.now()
        wish = undo.wished(by, self._clock.now(), at)
        changed = self._amend(resource.key, lambda now: undo.ask(now, WISHES, wish, _removed))
        return replace(self._view(changed), ends_in=undo.left(SCHEMA.spec_of(changed).remove, at))

    def take_back(self, deployment_id: str, by: str) -> DeploymentView:
        """Take back that it is to be removed, as long as that can be.

        Raises:
            NotFound: there is no such deployment.
            NotAllowed: they may not end it, and so not keep it.
            Refused: nobody asked to remove it; or it is removed, or was kept before, and by whom.
        """
        resource = self._directory.resource(KIND, bare(deployment_id))
        if resource is None:
            raise _unknown(deployment_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.holder, spec.channel)
        at, now = self._clock.now(), self._store.now()
        return self._view(self._amend(resource.key, lambda spec: undo.keep(spec, WISHES, by, at, now)))

    def keep(self, deployment_id: str, by: str) -> DeploymentView:
        """Note that it is to stay though nobody asks it, so that nobody is told of that for a while.

        Raises:
            NotFound: there is no such deployment.
            NotAllowed: they may not end it, and so not keep it.
        """
        resource = self._one(deployment_id)
        spec = SCHEMA.spec_of(resource)
        self._access.check_ending(by, spec.holder, spec.channel)
        wish = Request(by, self._clock.now())
        return self._view(self._amend(resource.key, lambda now: replace(now, kept=wish)))

    # Looking

    def find(self, deployment_id: str) -> DeploymentView:
        """Return the deployment of that ID, there or removed; ``NotFound`` when there is none."""
        resource = self._directory.resource(KIND, bare(deployment_id))
        if resource is None:
            raise _unknown(deployment_id)
        return self._view(resource)

    def running(self, model_or_id: str) -> DeploymentView | None:
        """Return the deployment of that ID or model, or None: nothing of that name is deployed."""
        found = self._named(bare(model_or_id))
        return self._view(found) if found else None

    def live(self) -> list[DeploymentView]:
        """Return what is deployed, on its way, or being removed, newest first."""
        return [self._view(resource) for resource in self._live()]

    def live_by_model(self) -> dict[str, DeploymentView]:
        """Return for each model that answers, or is to answer, the deployment at which; by the model's ARN."""
        found: dict[str, DeploymentView] = {}
        for resource in self._live():
            view = self._view(resource)
            for arn in models_at(resource):
                found.setdefault(arn, view)
        return found

    # As a way of serving

    def served(self) -> list[Served]:
        """Return the models that answer at deployments, and those that are on their way there."""
        return [each for resource in self._live() for each in _served(resource)]

    def is_for(self, model: CustomModel) -> bool:
        """Return whether the model is served by a deployment."""
        return serving_of(model) is Serving.ON_DEMAND_DEPLOYMENT

    def waking(self, model: CustomModel) -> Waking:
        """Return how it is deployed."""
        return Waking(f"/tune serve {model.name}", BY_THE_TOKEN)

    # How

    def _check_way(self, model: CustomModel) -> None:
        if not self.is_for(model):
            raise Refused(
                f"{quoted(model.name)} is served by the hour, on Provisioned Throughput.",
                hint=f"Say for how long: `/tune serve {model.name} for 1h`.",
            )

    def _check_alone(self, model_arn: str, name: str, but: str) -> None:
        """Return when no other deployment serves the model, or is to."""
        for resource in self._directory.for_rules(KIND):
            if resource.key.id == but or not is_live(resource) or model_arn not in models_at(resource):
                continue
            if SCHEMA.spec_of(resource).ending:
                continue
            raise Refused(
                f"{quoted(name)} is deployed already.",
                hint="Ask it with `/ask`; it costs nothing while nobody does.",
            )

    def _live(self) -> list[Resource]:
        return [each for each in self._directory.resources(KIND, unfinished=True) if is_live(each)]

    def _one(self, model_or_id: str) -> Resource:
        wanted = bare(model_or_id)
        found = self._named(wanted)
        if found:
            return found
        over = self._directory.resource(KIND, wanted)
        if over:
            raise _removed(SCHEMA.spec_of(over))
        model = self._model(wanted)
        raise Refused(f"{quoted(model.name)} is not deployed: nothing of it runs.")

    def _named(self, wanted: str) -> Resource | None:
        live = self._live()
        by_id = next((each for each in live if each.key.id == wanted), None)
        if by_id:
            return by_id
        model = self._directory.typed_model(wanted)
        arn = model.arn if model else ""
        for each in live:
            names = {version.name.lower() for version in _versions(each)}
            if arn in models_at(each) or wanted.lower() in names:
                return each
        return None

    def _view(self, resource: Resource) -> DeploymentView:
        return seen_by(self._directory, self._access, resource, self._prices)

    def _amend(
        self, key: Key, change: Callable[[DeploymentSpec], DeploymentSpec], sole: str = ""
    ) -> Resource:
        changed = self._store.amend(key, SCHEMA.on_documents(change), sole)
        if changed is None:
            raise _unknown(key.id)
        return changed

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))


def _versions(resource: Resource) -> Iterable[ModelVersion]:
    """Return the versions that answer there or are to."""
    spec, arns = SCHEMA.spec_of(resource), models_at(resource)
    return [each for each in spec.versions if each.arn in arns]


def _served(resource: Resource) -> list[Served]:
    spec, status = SCHEMA.spec_of(resource), SCHEMA.status_of(resource)
    found = []
    for arn in models_at(resource):
        version = next((each for each in reversed(spec.versions) if each.arn == arn), spec.wanted)
        state = ServedState.IN_SERVICE if arn == status.serving else ServedState.WAKING
        if phase_of(spec, status) is DeploymentPhase.REMOVING:
            state = ServedState.ENDING
        found.append(
            Served(
                model_arn=arn,
                model_name=version.name,
                channel=spec.channel,
                state=state,
                asked_at=version.at,
                endpoint_arn=status.arn,
                by_token=True,
                a_minute=status.quotas.requests,
                tokens_a_minute=status.quotas.tokens,
            )
        )
    return found


def _name(model: CustomModel, request: str) -> str:
    """Return a name that no other request has, so that the deployment can be found by it alone."""
    unique = hashlib.sha256(f"{model.arn}/{request}".encode()).hexdigest()[:12]
    return DEPLOYMENT_NAME.check(f"{slug(model.name)[:48].strip('-')}-{unique}")


def _sole(model_arn: str) -> str:
    return f"{KIND} of {model_arn}"


def _removed(spec: DeploymentSpec) -> Refused:
    if spec.remove is None:
        return Refused("It is not there any more.", hint="`/tune models` shows what is in service.")
    return Refused(wording(Person(spec.remove.by), " has removed it."))


def _unknown(deployment_id: str) -> NotFound:
    return NotFound(
        f"There is no deployment {quoted(deployment_id)}.", hint="`/tune models` shows what is in service."
    )
