"""What an account may have of Bedrock, by Service Quotas."""

import logging
from collections.abc import Sequence

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.clock import Clock
from bot.deployments.quotas import Quota
from bot.errors import Misconfigured, NoIdentity

SERVICE = "bedrock"
OF_DEPLOYMENTS = "custom model deployment"
"""In the name of each quota of these."""
_KEPT = 3600.0
"""Seconds for which what was read is remembered: a quota changes when somebody asks for that, in days."""

log = logging.getLogger(__name__)


class ServiceQuotas:
    """``bot.deployments.ports.AccountQuotas`` on AWS Service Quotas."""

    def __init__(self, clients: AwsClients, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self._read: dict[str, tuple[float, tuple[Quota, ...]]] = {}
        self._denied: set[str] = set()

    def of_deployments(self, region: str) -> Sequence[Quota]:
        """Return the quotas of the region that are about deployments; empty where they may not be read."""
        now = self._clock.monotonic()
        read = self._read.get(region)
        if read and now - read[0] < _KEPT:
            return read[1]
        found = self._ask(region)
        self._read[region] = now, found
        return found

    def _ask(self, region: str) -> tuple[Quota, ...]:
        try:
            with translated("ListServiceQuotas"):
                pages = self._clients.quotas(region).get_paginator("list_service_quotas")
                return tuple(
                    Quota(str(each["QuotaName"]), float(each["Value"]))
                    for page in pages.paginate(ServiceCode=SERVICE)
                    for each in page["Quotas"]
                    if OF_DEPLOYMENTS in str(each.get("QuotaName", "")).lower() and "Value" in each
                )
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
            return ()
