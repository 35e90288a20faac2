"""Distillations as they are kept outside of the store: what was ordered, on what terms, and who decided."""

from dataclasses import dataclass

from bot.distillations.model import KIND, DistillationSpec, Offered
from bot.distillations.plan import order_of
from bot.spending.archive import PlanForm


@dataclass(frozen=True, slots=True)
class Ordered:
    """A distillation as it stood when its answers were ordered."""

    spec: DistillationSpec
    offered: Offered


def _digest_of_order(ordered: Ordered) -> str:
    return order_of(ordered.spec.plan, ordered.offered.prepared).digest


ORDER = PlanForm(KIND, Ordered, _digest_of_order)
"""Its digest is the order's, which is the batch job's token and is in its tags."""
