"""Datasets for lists, forms and homes; and distillations by name, where jobs are named too."""

from bot.datasets.model import Dataset, Role, Verdict
from bot.distillations.cards import DistillationView
from bot.errors import NotFound
from bot.wording import quoted
from handlers.arguments import nearest
from handlers.core import CommandContext


def newest(front: CommandContext, limit: int = 50) -> list[Dataset]:
    """Return stored datasets, newest first."""
    return list(front.services.datasets.newest(limit=limit))


def find(front: CommandContext, name_or_id: str, called: str = "") -> Dataset:
    """Return the dataset of that name or ID; ``called``: under which name, where the same bytes have several.

    Raises:
        NotFound: there is none; the hint has the nearest name.
    """
    found = front.services.datasets.find(name_or_id, called)
    if found is not None:
        return found
    meant = nearest(name_or_id, [each.name for each in newest(front)])
    hint = (
        f"Did you mean {quoted(meant)}?"
        if meant
        else "`/tune datasets` lists them; drop a JSONL file here to add one."
    )
    raise NotFound(f"There is no dataset {quoted(name_or_id)}.", hint=hint)


def with_role(datasets: list[Dataset], role: Role) -> list[Dataset]:
    """Return those that were checked for that role and are ready."""
    return [each for each in datasets if each.report.role is role and each.report.verdict is Verdict.READY]


def distillation(front: CommandContext, name_or_id: str) -> DistillationView | None:
    """Return the distillation of that name or ID, or None: then a job may be meant."""
    try:
        return front.services.distillations.find(name_or_id)
    except NotFound:
        return None
