"""What jobs need from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.controller.model import Document
from bot.jobs.curves import Curves
from bot.jobs.history import Run
from bot.jobs.model import Described, JobObservation, JobPlan
from bot.models.model import MadeModel
from bot.models.ports import Lifecycles
from bot.spending.model import Check


class Observations(Protocol):
    """What the last listing of a region said of each job in it. Lossy by nature: AWS can be asked again."""

    def changed(self, region: str, seen: Mapping[str, Document]) -> list[str]:
        """Return the names of which something else is kept, or nothing. Nothing is written."""

    def put(self, region: str, seen: Mapping[str, Document]) -> None:
        """Keep what was seen, by name."""

    def get(self, region: str, *names: str) -> list[Document | None]:
        """Return what was last seen under each name, in one look; None for one that was not."""


class Together(Protocol):
    """What happens to many in the same minutes, so that it is told once. Lossy by nature: then each tells of itself."""

    def join(self, word: str, member: str) -> int:
        """Count the member under the word and return its place, from 0; whoever is counted keeps their place."""

    def members(self, word: str) -> list[str]:
        """Return who was counted under the word within the last day, by their places."""


class Pins(Protocol):
    """The pinned messages of a channel."""

    def pin(self, channel: str, ts: str) -> None:
        """Pin the message. Repeating it is harmless.

        Raises:
            Throttled, Unavailable: it was not, or nobody knows; do it again.
            NotFound: there is no such message.
            Refused: the channel takes no (more) pins, or not from us.
            Misconfigured: the scope ``pins:write`` was not granted.
        """


class Customization(Lifecycles, Protocol):
    """Bedrock's control plane for customization jobs.

    All raise ``Throttled``, ``Unavailable``, ``Misconfigured`` (permissions, role, quota) or ``Refused`` (the request
    itself), with the service's text as ``detail``; ``create``, ``stop`` and ``delete_model`` also ``UnknownOutcome``.
    """

    def create(self, plan: JobPlan, tags: Mapping[str, str]) -> str:
        """Create the job with the plan's digest as token and return its ARN. Repeating it creates nothing new."""

    def get(self, region: str, name_or_arn: str) -> JobObservation | None:
        """Return what Bedrock says of the job, or None when there is none."""

    def list_since(self, region: str, since: datetime) -> list[JobObservation]:
        """Return all jobs created since then, newest first, all pages. Only what a listing tells is filled in."""

    def stop(self, region: str, name_or_arn: str) -> None:
        """Ask for the job to be stopped. One that has ended already is no error."""

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of a job or custom model."""

    def model_arn(self, region: str, name: str) -> str | None:
        """Return the ARN of the custom model of that name, or None when the account has none."""

    def own_models(self, region: str) -> list[MadeModel]:
        """Return the account's own custom models, all pages. Losses and files are not in a listing."""

    def custom_model(self, region: str, name_or_arn: str) -> MadeModel | None:
        """Return all that Bedrock says of a custom model, or None when there is none."""

    def delete_model(self, region: str, arn: str) -> None:
        """Delete a custom model. One that is gone already is no error.

        Raises:
            Refused: something uses it.
        """

    def describe(self, region: str, name_or_arn: str) -> Described | None:
        """Return how a job was made, or None when there is none."""

    def under_way(self, region: str) -> int:
        """Return how many jobs of the account run in the region or are being stopped, whoever made them."""


class AccountChecks(Protocol):
    """What a preflight asks the account before a job is planned; each only reads, and answers with one check.

    What the bot is not allowed to look at is told (``checked`` is False), and is no failure: Bedrock looks itself.
    All raise ``Unavailable`` when the service does not answer.
    """

    def bucket(self, region: str) -> Check:
        """Is there a bucket for the region, in that region, that we may write to?"""

    def role(self, role_arn: str) -> Check:
        """Does the role exist and trust Bedrock?"""

    def files(self, plan: JobPlan) -> Check:
        """Are the plan's files where it says, and no larger than its base takes?"""

    def reach(self, plan: JobPlan) -> Check:
        """May the role read the files and write the results?"""

    def encryption(self, plan: JobPlan) -> Check:
        """Are the keys enabled that encrypt the files and the bucket, and may the role use them?"""

    def pass_role(self, plan: JobPlan) -> Check:
        """May the bot hand the role over to Bedrock?"""


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """The two files of losses that a job leaves in S3, as they are; None for one that is not there."""

    training: bytes | None
    validation: bytes | None


class JobResults(Protocol):
    """What a finished job wrote to S3."""

    def read(self, region: str, output_uri: str, job_arn: str) -> ResultFiles:
        """Return both files, found by their names wherever Bedrock put them under the job's own folder.

        Raises:
            Misconfigured: S3 refused; the hint names the permission.
            Refused: a file is larger than any such file can be.
            Throttled, Unavailable: S3 did not answer.
        """


class JobHistory(Protocol):
    """How long finished jobs took. Raises ``Unavailable`` when the store does not answer."""

    def save(self, run: Run) -> None:
        """Add it, once for each job."""

    def newest(self, profile: str, limit: int = 100) -> list[Run]:
        """Return the runs of a base model, the latest first."""


class CurvePainter(Protocol):
    """Draws the losses of a job."""

    def paint(self, curves: Curves, title: str, best_epoch: int | None) -> bytes:
        """Return a PNG that can be read on a phone: both losses over the epochs, the best epoch marked."""


class UnmanagedJobs(Protocol):
    """Jobs of the account that are not followed."""

    def region_of(self, name: str) -> str | None:
        """Return the region in which the last look saw such a job that the viewer may know of, or None."""
