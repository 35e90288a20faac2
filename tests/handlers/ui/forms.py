"""Every form as it is opened, by its name, with values as a team has them."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.datasets.inspecting.inspection import InspectedRow, Inspection, RowFinding
from bot.directory.raising import Shortage
from bot.jobs import drafting
from bot.profiles import registry
from bot.spending.budgets import Budget, Over
from handlers.metadata import Declining, Inspecting, Naming, Opened, Overriding, Raising
from handlers.ui.example_values import dataset
from handlers.ui.forms.ask import ask_form
from handlers.ui.forms.decline import decline_form
from handlers.ui.forms.handover import handover_form
from handlers.ui.forms.override import override_form
from handlers.ui.forms.plans import adoption_form, distillation_form, lease_form, sweep_form
from handlers.ui.forms.raising import raise_form
from handlers.ui.forms.rename import rename_form
from handlers.ui.forms.rows import editor, inspector
from handlers.ui.forms.start import Choices, start_form
from handlers.ui.forms.validate import validate_form

READY = dataset()
HERE = Opened("C1").dump()
_ROW = InspectedRow(
    3, 3, '» "content": ""', (RowFinding("empty", True, "messages[1]", "Empty.", "Fill it.", None),)
)
_ROWS = Inspection("claims.jsonl", "ab" * 32, (_ROW,), False, ("Drop 2 blank lines",))


def forms() -> dict[str, dict[str, Any]]:
    """Return all forms."""
    haiku = registry.get("claude-3-haiku")
    found = {
        "validate": validate_form("claude-3-haiku", HERE),
        "ask": ask_form(["claims-router"], HERE),
        "rename a model": rename_form("claims-router", Naming("model", "claims-router", "", "C1")),
        "rename a dataset": rename_form("claims", Naming("dataset", "claims", "", "C1")),
        "hand over": handover_form("The job `claims-job`", Naming("handover", "claims-job", "", "C1")),
        "decline": decline_form(Declining("job:abc", "C1")),
        "override": override_form(Overriding("job:abc@44", "C1")),
        "rows": inspector(_ROWS, Inspecting("u1", "C1")),
        "row": editor(_ROWS, Inspecting("u1", "C1")),
        "change a lease": lease_form(["claims-router"], "claims-router", "2 h", HERE),
        "adopt throughput": adoption_form(
            "notebook-trial", "$22.00 an hour", Naming("adoption", "us-east-1 abc", "", "C1").dump()
        ),
        "raise a budget": raise_form(
            Shortage(Over(Budget("C1", Decimal(200)), "2026-11", Decimal(180), Decimal(44)), "job:abc"),
            Decimal(224),
            Raising("C1", "224", "job:abc", "C1"),
        ),
        "plan a sweep": sweep_form("claims", haiku.hyperparameters, "epochCount", "", HERE, changes=False),
        "change a sweep": sweep_form(
            "claims", haiku.hyperparameters, "epochCount", "2, 4", HERE, changes=True
        ),
        "change a distillation": distillation_form("p.txt", "nova-pro", "nova-lite", 500, "Be terse.", HERE),
    }
    for profile in registry.PROFILES.values():
        defaults = drafting.defaults(
            READY, profile, drafting.Taken((), ()), datetime(2026, 11, 22, tzinfo=UTC)
        )
        ready = replace(READY, report=replace(READY.report, format=profile.record_format))
        choices = Choices([ready], [ready], ready.id, ready.id, models=["claims-router"])
        found[f"start, {profile.name}"] = start_form(defaults, choices, HERE)
    lite = drafting.defaults(
        READY, registry.get("nova-lite"), drafting.Taken((), ()), datetime(2026, 11, 22, tzinfo=UTC)
    )
    other = Choices([READY], [READY], READY.id)
    found["start, on a base that does not read it"] = start_form(lite, other, HERE)
    return found
