"""Models as handlers ask for them: which there are, how each is served, and which answers."""

from dataclasses import replace

from bot.access import Access, allowed
from bot.deployments.cards import DeploymentView
from bot.deployments.model import DeploymentPhase
from bot.directory.directory import Directory
from bot.jobs.namesakes import model_of
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.leases.cards import LeaseView
from bot.leases.endpoint import LeasePhase
from bot.models.model import CustomModel
from bot.models.serving import serving_of
from bot.profiles.model import Serving
from bot.questions.answerer import Answerer
from bot.serving.cards import ModelLine, ModelList
from bot.serving.resolver import Resolver
from bot.serving.ways import Ways


class ServingService:
    """What is served, for one viewer. Writes nothing down.

    Every method may raise ``Unavailable`` when the store does not answer.
    """

    def __init__(self, directory: Directory, access: Access, ways: Ways, resolver: Resolver) -> None:
        self._directory = directory
        self._access = access
        self._ways = ways
        self._resolver = resolver

    def answerer(self, model: str | None, channel: str) -> Answerer:
        """Return what answers: the model named, or the channel's own; raises what ``Resolver.answerer`` raises."""
        return self._resolver.answerer(model, channel)

    def way_of(self, model: str) -> Serving:
        """Return in which way a model is served; by the hour where the viewer sees none of that name."""
        found = self._directory.stored_model(model)
        return serving_of(found) if found else Serving.PROVISIONED_THROUGHPUT

    def live_names(self) -> list[str]:
        """Return what the models are called of which something runs or is on its way, each once."""
        leased = [each.model_name for each in self._ways.leases.live()]
        return [*dict.fromkeys([*leased, *(each.model_name for each in self._ways.deployments.live())])]

    def awake_names(self) -> list[str]:
        """Return what the models are called that are in service, each once."""
        leased = [each.model_name for each in self._ways.leases.live() if each.phase is LeasePhase.IN_SERVICE]
        deployed = [
            each.model_name
            for each in self._ways.deployments.live()
            if each.phase is DeploymentPhase.IN_SERVICE
        ]
        return [*dict.fromkeys([*leased, *deployed])]

    def models(self, name: str | None = None) -> ModelList:
        """Return the models that the viewer sees, or the one of that name: the awake first, then the newest.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
        """
        wanted = [self._model(name)] if name else self._directory.models()
        leases, deployments = self._ways.leases.live_by_model(), self._ways.deployments.live_by_model()
        makers = {each.key.id: JOBS.spec_of(each).plan.owner for each in self._directory.resources(JOB)}
        lines = [
            replace(
                self._line(model, leases.get(model.arn), deployments.get(model.arn)),
                trained_by=makers.get(model.job_id, ""),
            )
            for model in wanted
        ]
        return ModelList(tuple(sorted(lines, key=lambda each: each.is_asleep)))

    def _line(
        self, model: CustomModel, lease: LeaseView | None, deployment: DeploymentView | None
    ) -> ModelLine:
        return ModelLine(
            name=model.name,
            base=model.profile,
            dataset=self._directory.dataset_name_of(model),
            owner=model.owner,
            created=model.created,
            serving=state_of(lease) if lease else deployed_as(model.name, deployment),
            training_loss=model.training_loss,
            validation_loss=model.validation_loss,
            lease=lease,
            deployment=deployment,
            way=serving_of(model),
            job_id=model.job_id,
            may_serve=self._may_serve(model),
            is_theirs=allowed(lambda: self._access.check_owning(self._directory.viewer.user, model.owner)),
        )

    def _may_serve(self, model: CustomModel) -> bool:
        """Return whether the viewer may have the model served where they are."""
        viewer = self._directory.viewer
        spends = allowed(lambda: self._access.check_spending(viewer.user, viewer.here))
        return spends and self._directory.answers(model, viewer.here)

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))


def deployed_as(model: str, deployment: DeploymentView | None) -> str:
    """Return what a model does at this deployment, in words; without one it is asleep."""
    if deployment is None:
        return "asleep"
    if deployment.phase is DeploymentPhase.REMOVING:
        return "being removed"
    answers = deployment.phase is DeploymentPhase.IN_SERVICE and deployment.next_name != model
    return "in service" if answers else "waking"


def state_of(lease: LeaseView) -> str:
    """Return what a model does under this lease, in words."""
    if lease.phase is LeasePhase.IN_SERVICE:
        return lease.phase.value
    return "being released" if lease.phase is LeasePhase.RELEASING else "waking"
