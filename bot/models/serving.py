"""A model that is served, in whichever way: what is asked, and how one that sleeps is woken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.models.model import CustomModel
from bot.profiles import registry
from bot.profiles.model import Serving


class ServedState(StrEnum):
    """How far a model is served."""

    WAKING = "waking"
    IN_SERVICE = "in service"
    ENDING = "being released"


@dataclass(frozen=True, slots=True)
class Served:
    """A model under a lease or a deployment. ``channel``: where it was asked for, and is told of.

    ``model_name`` is what it was called then; ``endpoint_arn`` is known at the latest while it is in service.
    """

    model_arn: str
    model_name: str
    channel: str
    state: ServedState
    asked_at: datetime
    endpoint_arn: str | None
    by_token: bool
    """Whether each answer is billed by its tokens; if not, all of them are paid for by the hour."""
    a_minute: int | None = None
    """How many questions a minute the account may ask of all such of its base together; None: nobody says."""
    tokens_a_minute: int | None = None
    """How many tokens a minute these may read and write together."""


@dataclass(frozen=True, slots=True)
class Waking:
    """How a model that sleeps is woken: the command, and in words what that costs."""

    command: str
    price: str


def serving_of(model: CustomModel) -> Serving:
    """Return the way in which a model is served: the first that its base has."""
    return registry.get(model.profile).serving[0]
