"""Models as handlers ask for them: which there are, how each is served, and which answers."""

from bot.access import Access, allowed
from bot.directory.directory import Directory
from bot.jobs.namesakes import model_of
from bot.jobs.record import KIND as JOB
from bot.leases.cards import LeaseView
from bot.leases.endpoint import LeasePhase
from bot.leases.service import LeaseService
from bot.models.model import CustomModel
from bot.questions.answerer import Answerer
from bot.serving.cards import ModelLine, ModelList
from bot.serving.resolver import Resolver


class ServingService:
    """What is served, for one viewer. Writes nothing down.

    Every method may raise ``Unavailable`` when the store does not answer.
    """

    def __init__(
        self, directory: Directory, access: Access, leases: LeaseService, resolver: Resolver
    ) -> None:
        self._directory = directory
        self._access = access
        self._leases = leases
        self._resolver = resolver

    def answerer(self, model: str | None, channel: str) -> Answerer:
        """Return what answers: the model named, or the channel's own; raises what ``Resolver.answerer`` raises."""
        return self._resolver.answerer(model, channel)

    def models(self, name: str | None = None) -> ModelList:
        """Return the models that the viewer sees, or the one of that name: the awake first, then the newest.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
        """
        wanted = [self._model(name)] if name else self._directory.models()
        leases = self._leases.live_by_model()
        makers = {each.key.id: each.spec["plan"]["owner"] for each in self._directory.resources(JOB)}
        lines = [self._line(model, leases.get(model.arn), makers.get(model.job_id, "")) for model in wanted]
        return ModelList(tuple(sorted(lines, key=lambda each: each.lease is None)))

    def _line(self, model: CustomModel, lease: LeaseView | None, trained_by: str) -> ModelLine:
        return ModelLine(
            name=model.name,
            base=model.profile,
            dataset=self._directory.dataset_name_of(model),
            owner=model.owner,
            created=model.created,
            serving=state_of(lease),
            training_loss=model.training_loss,
            validation_loss=model.validation_loss,
            lease=lease,
            job_id=model.job_id,
            may_serve=self._may_serve(model),
            is_theirs=allowed(lambda: self._access.check_owning(self._directory.viewer.user, model.owner)),
            trained_by=trained_by,
        )

    def _may_serve(self, model: CustomModel) -> bool:
        """Return whether the viewer may have the model served where they are."""
        viewer = self._directory.viewer
        spends = allowed(lambda: self._access.check_spending(viewer.user, viewer.here))
        return spends and self._directory.answers(model, viewer.here)

    def _model(self, name: str) -> CustomModel:
        return self._directory.known_model(name, lambda wanted: model_of(wanted, self._directory))


def state_of(lease: LeaseView | None) -> str:
    """Return what a model does under this lease, in words; without one it is asleep."""
    if lease is None:
        return "asleep"
    if lease.phase is LeasePhase.IN_SERVICE:
        return lease.phase.value
    return "being released" if lease.phase is LeasePhase.RELEASING else "waking"
