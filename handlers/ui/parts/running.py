"""What runs of all that is bought, as one viewer sees it: the one rule for wherever that is listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.deployments.cards import DeploymentView
from bot.distillations.cards import DistillationView
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from bot.schedules.views import ScheduleView


@dataclass(frozen=True, slots=True)
class Running:
    """What runs, newest first. A sweep's are jobs as others are."""

    jobs: Sequence[JobView] = ()
    leases: Sequence[LeaseView] = ()
    distillations: Sequence[DistillationView] = ()
    deployments: Sequence[DeploymentView] = ()
    """They cost nothing while nobody asks."""
    schedules: Sequence[ScheduleView] = ()
    """Office hours that are kept: each of their days has a lease, which is among the leases while it runs."""
    is_whole: bool = True
    """Whether jobs and distillations are in it: not everybody may see these."""

    def of(self, owner: str) -> "Running":
        """Return what of it is that person's."""
        return Running(
            [each for each in self.jobs if each.owner == owner],
            [each for each in self.leases if each.owner == owner],
            [each for each in self.distillations if each.owner == owner],
            [each for each in self.deployments if each.owner == owner],
            [each for each in self.schedules if each.owner == owner],
        )
