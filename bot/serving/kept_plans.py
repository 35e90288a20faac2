"""Leases as they are kept outside of the store: what was bought, and who decided."""

from dataclasses import replace

from bot.jobs.kept_plans import Form
from bot.serving.record import LEASE as KIND
from bot.serving.record import LeaseSpec


def _digest_of_lease(spec: LeaseSpec) -> str:
    return replace(spec.plan, known_as=None).digest


LEASE = Form(KIND, LeaseSpec, _digest_of_lease)
"""A lease: its spec as it stood when it was bought."""
