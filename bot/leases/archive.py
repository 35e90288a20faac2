"""Leases as they are kept outside of the store: what was bought, and who decided."""

from dataclasses import replace

from bot.leases.model import LEASE as KIND
from bot.leases.model import LeaseSpec
from bot.spending.archive import PlanForm


def _digest_of_lease(spec: LeaseSpec) -> str:
    return replace(spec.plan, known_as=None).digest


LEASE = PlanForm(KIND, LeaseSpec, _digest_of_lease)
"""A lease: its spec as it stood when it was bought."""
