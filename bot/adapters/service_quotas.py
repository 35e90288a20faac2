"""What an account may have of Bedrock, by Service Quotas."""

import logging
from collections.abc import Mapping, Sequence

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.clock import Clock
from bot.deployments.quotas import Quota
from bot.errors import Misconfigured, NoIdentity

SERVICE = "bedrock"
OF_DEPLOYMENTS = "custom model deployment"
"""In the name of each quota of these."""
OF_JOBS = "customization job"
"""In the name of each that is about how many jobs there may be."""
MODEL_UNITS = "L-BE77399C"
"""The code of the one of model units without a commitment, for all custom models together."""
_KEPT = 3600.0
"""Seconds for which what was read is remembered: a quota changes when somebody asks for that, in days."""

log = logging.getLogger(__name__)


class ServiceQuotas:
    """``bot.deployments.ports.AccountQuotas`` and ``bot.leases.ports.ThroughputQuotas`` on AWS Service Quotas."""

    def __init__(self, clients: AwsClients, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self._read: dict[str, tuple[float, Mapping[str, Quota]]] = {}
        self._denied: set[str] = set()

    def of_deployments(self, region: str) -> Sequence[Quota]:
        """Return the quotas of the region that are about deployments; empty where they may not be read."""
        return tuple(each for each in self._quotas(region).values() if OF_DEPLOYMENTS in each.name.lower())

    def every(self, region: str) -> Sequence[Quota] | None:
        """Return all that are needed here, those about jobs too; None when they may not be read."""
        found = self._quotas(region)
        return None if region in self._denied else tuple(found.values())

    def model_units(self, region: str, *, anew: bool = False) -> int | None:
        """Return how many model units without a commitment the account may have; None where nobody says."""
        found = self._quotas(region, 0.0 if anew else _KEPT).get(MODEL_UNITS)
        return int(found.value) if found else None

    def _quotas(self, region: str, kept: float = _KEPT) -> Mapping[str, Quota]:
        """Return the quotas of the region that are needed here, by their codes."""
        now = self._clock.monotonic()
        read = self._read.get(region)
        if read and now - read[0] < kept:
            return read[1]
        found = self._ask(region)
        self._read[region] = now, found
        return found

    def _ask(self, region: str) -> Mapping[str, Quota]:
        try:
            with translated("ListServiceQuotas"):
                pages = self._clients.quotas(region).get_paginator("list_service_quotas")
                return {
                    str(each["QuotaCode"]): Quota(str(each["QuotaName"]), float(each["Value"]))
                    for page in pages.paginate(ServiceCode=SERVICE)
                    for each in page["Quotas"]
                    if _is_needed(str(each.get("QuotaName", "")), str(each.get("QuotaCode", "")))
                    and "Value" in each
                }
        except NoIdentity:
            raise
        except Misconfigured as denied:
            if region not in self._denied:
                self._denied.add(region)
                log.warning(
                    "Quotas in %s cannot be read, so cards do not show them and nothing is paced by them: %s",
                    region,
                    denied.sentence,
                )
            return {}


def _is_needed(name: str, code: str) -> bool:
    named = name.lower()
    return bool(code) and (code == MODEL_UNITS or OF_DEPLOYMENTS in named or OF_JOBS in named)
