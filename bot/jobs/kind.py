"""The durable kinds of jobs: the job itself, and the poll that looks at all those of a region."""

from bot.controller.kind import Called, Kind, Schema, Sources
from bot.controller.model import Document
from bot.controller.schema import schema_of_region
from bot.jobs import poll
from bot.jobs.record import KIND, JobSpec, JobStatus, sources_of


def _sources(spec: Document) -> Sources:
    return sources_of(spec["plan"])


KINDS = (
    Kind(
        schema=Schema(KIND, JobSpec, {"job": JobStatus}),
        called=Called("job", "jobs", "What runs at AWS runs on: look at it there."),
        wanted="this plan started, or stopped",
        done="preflight, plan card, approval, create, follow, tell the end, keep the model",
        billed="AWS bills what it trains there meanwhile.",
        when_given_up=(
            "What runs at AWS runs on: look at it there. `/tune follow {name}` has me try again when that is mended."
        ),
        sources=_sources,
    ),
    Kind(
        schema=schema_of_region(poll.KIND),
        called=Called("poll", "polls"),
        wanted="the jobs of a region looked at",
        done="one listing an interval; what changed is made due",
    ),
)
