"""Where each kind of thing that has a name or an ID came from, by its spec."""

from collections.abc import Mapping
from typing import Any

from bot.controller.model import Document
from bot.directory.sources import Sources, SourcesByKind
from bot.distillations.model import KIND as DISTILL
from bot.jobs.record import KIND as JOB
from bot.leases.model import LEASE
from bot.sweeps.model import KIND as SWEEP
from bot.uploads.model import KIND as UPLOAD
from bot.visibility import Origin


def _of_plan(plan: Mapping[str, Any]) -> Sources:
    ids = (plan.get("dataset_id"), plan.get("validation_dataset_id"))
    return Sources(Origin(plan["channel"], plan["owner"]), tuple(str(each) for each in ids if each))


def _of_distillation(spec: Document) -> Sources:
    plan = spec["plan"]
    prompts = plan["source"].get("dataset_id")
    return Sources(Origin(plan["channel"], plan["owner"]), (str(prompts),) if prompts else ())


SOURCES: SourcesByKind = {
    JOB: lambda spec: _of_plan(spec["plan"]),
    SWEEP: lambda spec: _of_plan(spec["plans"][0]),
    DISTILL: _of_distillation,
    LEASE: lambda spec: Sources(
        Origin(spec["plan"]["channel"], spec["plan"]["owner"]), model=str(spec["plan"]["model_name"])
    ),
    UPLOAD: lambda spec: Sources(Origin(spec["channel"], spec["user"])),
}
"""Every kind that has a name or an ID."""
