"""The ways in which models are served, as one viewer has them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.deployments.service import DeploymentService
from bot.leases.service import LeaseService
from bot.serving.ports import WayOfServing


@dataclass(frozen=True, slots=True)
class Ways:
    """By the hour, and by the token."""

    leases: LeaseService
    deployments: DeploymentService

    @property
    def all(self) -> Sequence[WayOfServing]:
        """Return all of them."""
        return (self.leases, self.deployments)
