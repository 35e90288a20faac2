"""The durable kind that looks at all jobs of a region, ours or not."""

from bot.controller.kind import Called, Kind, Schema
from bot.unmanaged.model import KIND, UnmanagedJobsSpec, UnmanagedJobsStatus

KINDS = (
    Kind(
        schema=Schema(KIND, UnmanagedJobsSpec, {"unmanaged": UnmanagedJobsStatus}),
        called=Called("look at a region's jobs", "looks at regions' jobs"),
        wanted="the jobs of a region seen, those made elsewhere among them",
        done="list them once; those that somebody chose become followed jobs",
    ),
)
