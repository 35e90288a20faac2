"""The durable kind of distillations."""

from bot.controller.kind import Called, Kind, Schema, Sources
from bot.controller.model import Document
from bot.distillations.model import KIND, DistillationSpec, DistillationStatus
from bot.visibility import Origin


def _sources(spec: Document) -> Sources:
    plan = spec["plan"]
    prompts = plan["source"].get("dataset_id")
    return Sources(Origin(plan["channel"], plan["owner"]), (str(prompts),) if prompts else ())


KINDS = (
    Kind(
        schema=Schema(KIND, DistillationSpec, {"distillation": DistillationStatus}),
        called=Called("distillation", "distillations", "What runs at AWS runs on: look at it there."),
        wanted="these prompts answered by that teacher",
        done="read, price, approval, batch job, follow, join, validate, keep and share the dataset",
        billed="AWS bills what is answered there meanwhile.",
        when_given_up="What runs at AWS runs on, and its answers stay in S3: look at them there.",
        sources=_sources,
    ),
)
