"""What is shown of a model that is to be deleted, as values."""

from dataclasses import dataclass

from bot.pricing.model import Quote
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class DeletionQuestion:
    """What hangs on a model, before anybody decides that it goes. Names are of what the viewer sees."""

    model: str
    at_bedrock: str
    key: str
    """What tells it from another of the same name; it goes with the press."""
    storage: Quote
    """What keeping it costs."""
    leases: tuple[str, ...] = ()
    """Who has it in service or asked for that, by ID: while there are some it stays."""
    jobs: tuple[str, ...] = ()
    """The jobs that train it further, for the same."""
    hidden_jobs: int = 0
    """How many more there are, which the viewer does not see."""
    planned: int = 0
    """Plans that nobody has decided on: they cannot be started without it."""
    channels: tuple[str, ...] = ()
    """With which channels it is shared."""
    former: tuple[str, ...] = ()
    """The other names that find it."""
    aliases: tuple[tuple[str, str], ...] = ()
    """The aliases that stand for it, each with the model that it stands for then; empty where for none."""
    made_from_it: tuple[str, ...] = ()
    """Models that were trained further from it: these stay."""

    @property
    def keeps(self) -> bool:
        """Whether something keeps it."""
        return bool(self.leases or self.jobs or self.hidden_jobs)


@dataclass(frozen=True, slots=True)
class ModelDeleted:
    """It is gone. ``job`` is what made it, which stays, as its dataset does."""

    model: str
    by: str
    storage: Quote


@dataclass(frozen=True, slots=True)
class DeletionRefused:
    """It stays, and why."""

    model: str
    by: str
    why: Said
