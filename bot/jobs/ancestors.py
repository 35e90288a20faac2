"""What a model that is trained further was trained with before: rows of that measure memory as well.

Whoever was given the model alone may train it further, and sees nothing of its data. So data is only looked at of which
all who read of the plan may know: else a validation set would be a way to find out what is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.datasets.model import Dataset
from bot.datasets.service import Datasets
from bot.errors import Unavailable
from bot.jobs.model import JobPlan
from bot.models.model import CustomModel, is_custom
from bot.models.ports import ModelRepository
from bot.visibility import ChannelMemberships, Origin, Provenance, Sight, Viewer

MOST = 4
"""Models that are looked at, the nearest first: each takes as long as the plan's own training set."""


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A model before the one that is planned.

    ``called`` is its name where the plan says that, else empty. ``dataset`` is what it was trained with; None where
    that is not known here, or not for all who read of the plan.
    """

    called: str
    dataset: Dataset | None


class Ancestors:
    """Looks up what a plan trains further."""

    def __init__(self, models: ModelRepository, datasets: Datasets, memberships: ChannelMemberships) -> None:
        self._models = models
        self._datasets = datasets
        self._memberships = memberships

    def of(self, plan: JobPlan) -> Sequence[Ancestor]:
        """Return them, the nearest first; none for a vendor's base.

        Raises:
            Unavailable: the store does not answer, or Slack does not say who sees what.
        """
        sight = Sight(Viewer(plan.owner), self._memberships)
        found: list[Ancestor] = []
        arn, known = plan.base_model_id, set[str]()
        while is_custom(arn) and arn not in known and len(found) < MOST:
            known.add(arn)
            model = self._models.made(arn)
            called = "" if found else plan.base_model_name or ""
            found.append(Ancestor(called, self._dataset(model, plan.channel, sight) if model else None))
            arn = (model.base_arn if model else None) or ""
        if sight.unclear:
            raise Unavailable("Slack did not tell me just now who is in which conversation.")
        return found

    def _dataset(self, model: CustomModel, channel: str, sight: Sight) -> Dataset | None:
        labels = self._datasets.labels(model.dataset_id) if model.dataset_id else []
        came_from = Provenance.of(*(Origin(each.source.channel, each.source.user) for each in labels))
        return labels[0] if labels and sight.may_show(came_from, channel) else None
