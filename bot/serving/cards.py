"""What is shown of models: the list, and one of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.leases.cards import LeaseView


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
    """``asleep``, ``waking``, ``in service`` or ``being released``."""
    training_loss: float | None = None
    validation_loss: float | None = None
    lease: LeaseView | None = None
    """Under which it is awake, is waking or is being released; None while it is asleep."""
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


@dataclass(frozen=True, slots=True)
class ModelList:
    """``/tune models`` and, with one line, ``/tune model NAME``."""

    lines: tuple[ModelLine, ...]
