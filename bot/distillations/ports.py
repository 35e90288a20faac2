"""What distilling needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.distillations.plan import BatchObservation, BatchOrder, DescribedBatch


class Batches(Protocol):
    """Bedrock's control plane for batch jobs.

    All raise ``Throttled``, ``Unavailable``, ``Misconfigured`` or ``Refused``, with the service's text as ``detail``;
    ``create`` and ``stop`` also ``UnknownOutcome``.
    """

    def create(self, order: BatchOrder, tags: Mapping[str, str]) -> str:
        """Create the job with the order's digest as token and return its ARN. Repeating it creates nothing new."""

    def find(self, region: str, name: str) -> BatchObservation | None:
        """Return the job of that name, the newest of several, or None; Bedrock gets jobs by ARN only."""

    def get(self, region: str, arn: str) -> BatchObservation | None:
        """Return what Bedrock says of the job, or None when there is none."""

    def list_since(self, region: str, since: datetime) -> list[BatchObservation]:
        """Return all jobs submitted since then, newest first, all pages."""

    def describe(self, region: str, arn: str) -> DescribedBatch | None:
        """Return how a job was made, or None when there is none."""

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of a job."""

    def stop(self, region: str, arn: str) -> None:
        """Ask for the job to be stopped. One that has ended already is no error."""


class BatchResults(Protocol):
    """What a batch job wrote to S3."""

    def fetch(
        self, region: str, output_uri: str, job_arn: str, folder: Path, breathe: Callable[[], None]
    ) -> tuple[Path, ...]:
        """Write the job's answers into ``folder`` and return where; none when it has written none.

        ``breathe`` is called now and then.

        Raises:
            Misconfigured: S3 refused; the hint names the permission.
            Throttled, Unavailable: S3 did not answer.
        """
