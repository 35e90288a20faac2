"""What is shown of models: the list, and one of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.deployments.cards import DeploymentView
from bot.leases.cards import LeaseView
from bot.profiles.model import Serving


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model in ``/tune models``."""

    name: str
    base: str
    dataset: str
    """What it was trained on; empty when whoever reads this does not see that dataset."""
    owner: str
    created: datetime
    serving: str
    """``asleep``, ``waking``, ``in service``, ``being released`` or ``being removed``."""
    training_loss: float | None = None
    validation_loss: float | None = None
    lease: LeaseView | None = None
    """Under which it is awake, is waking or is being released; None while it is asleep."""
    deployment: DeploymentView | None = None
    """The same of one that is served by the token."""
    way: Serving = Serving.PROVISIONED_THROUGHPUT
    """How it is served, once somebody wants that."""
    job_id: str = ""
    """The job that made it."""
    link: str = ""
    """To the thread of what it is awake by, else of the job that made it, where these are seen."""
    may_serve: bool = True
    """Whether whoever reads it may have it served here."""
    is_theirs: bool = False
    """Whether whoever reads it may rename it and delete it."""
    votes: tuple[int, int] = (0, 0)
    """How many found an answer of it good, and how many bad, where whoever reads this sees them."""
    trained_by: str = ""
    """Who asked for the job that made it; empty when whoever reads this does not see that job."""

    @property
    def is_asleep(self) -> bool:
        """Whether nothing of it runs or is on its way."""
        return self.lease is None and self.deployment is None


@dataclass(frozen=True, slots=True)
class ModelList:
    """``/tune models`` and, with one line, ``/tune model NAME``."""

    lines: tuple[ModelLine, ...]
