"""What the resolver needs: the ways in which a model is served, each of which is a feature's service."""

from collections.abc import Sequence
from typing import Protocol

from bot.models.model import CustomModel
from bot.models.serving import Served, Waking


class WayOfServing(Protocol):
    """One of them, for one viewer. All may raise ``Unavailable`` when the store does not answer."""

    def served(self) -> Sequence[Served]:
        """Return what is in service, on its way there, or ending, newest first."""

    def is_for(self, model: CustomModel) -> bool:
        """Return whether the model would be woken so."""

    def waking(self, model: CustomModel) -> Waking:
        """Return how it is woken."""
