"""What an account may have and ask of on-demand deployments, as Service Quotas tells it.

The names are those that the console shows ("(Model customization) Sum of on demand custom model deployment tokens per
minute for Amazon Nova Lite"). They are read by their words: the codes of the shares of each base are not published.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_FILLERS = frozenset({"amazon", "meta", "anthropic", "instruct", "model", "v1"})
"""Words that one name of a base has and another has not."""
_OF_DEPLOYMENTS = "custom model deployment"
_IN_PROGRESS = re.compile(r"in[- ]progress custom model deployments", re.IGNORECASE)
_PER_MINUTE = re.compile(r"(requests|tokens) per minute for (.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota of the account, as Service Quotas names it."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class DeploymentQuotas:
    """None: nobody says."""

    in_progress: int | None = None
    """Deployments that may be made at the same time."""
    requests: int | None = None
    """Questions a minute to all deployments of the base together."""
    tokens: int | None = None
    """Tokens a minute, read and written, of the same."""


def quotas_of(base: str, quotas: Iterable[Quota]) -> DeploymentQuotas:
    """Return what these quotas mean for deployments of the base that is called so, such as ``Nova Lite``."""
    in_progress: int | None = None
    a_minute: dict[str, int] = {}
    for quota in quotas:
        if _OF_DEPLOYMENTS not in quota.name.lower():
            continue
        if _IN_PROGRESS.search(quota.name):
            in_progress = int(quota.value)
        elif (found := _PER_MINUTE.search(quota.name)) and _words(found[2]) == _words(base):
            a_minute[found[1].lower()] = int(quota.value)
    return DeploymentQuotas(in_progress, a_minute.get("requests"), a_minute.get("tokens"))


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9.]+", name.lower())) - _FILLERS
