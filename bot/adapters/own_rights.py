"""What the bot itself may do of a policy's statement: IAM simulates, nothing is tried out.

The simulation sees the bot's own policies; what an organisation forbids, and what a bucket's policy allows, it does not
reliably see.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.simulation import Context, Simulation, context, here

_SOME = "doctor"
"""The name of one thing of each type: whether it is there is not asked."""


class OwnRights:
    """Asks IAM. Raises what the adapters raise."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients
        self._iam = Simulation(clients)

    def ourselves(self, region: str) -> str | None:
        """Return the user or role that we are; None for the account's root."""
        return self._iam.ourselves(region)

    def missing(self, who: str, statement: Mapping[str, Any], region: str) -> Sequence[str]:
        """Return the actions of a statement that nothing allows on any of its resources."""
        actions: list[str] = list(statement["Action"])
        said = statement["Resource"]
        resources = [_one_of(each, region) for each in ([said] if isinstance(said, str) else said)]
        given: Any = [dict(each) for each in _given(statement, region)]
        allowed: set[str] = set()
        with translated("SimulatePrincipalPolicy"):
            pages = self._clients.iam(who).get_paginator("simulate_principal_policy")
            for page in pages.paginate(
                PolicySourceArn=who,
                ActionNames=actions,
                ResourceArns=resources,
                ContextEntries=given,
            ):
                allowed |= {
                    each["EvalActionName"]
                    for each in page["EvaluationResults"]
                    if each["EvalDecision"] == "allowed"
                }
        return [each for each in actions if each not in allowed]


def _one_of(arn: str, region: str) -> str:
    """Return one thing that a pattern is about."""
    if arn == "*":
        return arn
    head, star, tail = arn.partition(":*:")
    one = f"{head}:{region}:{tail}" if star else arn
    return one.replace("*", _SOME).replace("??????", "AbCdEf")


def _given(statement: Mapping[str, Any], region: str) -> list[Context]:
    """Return the keys that the statement asks for, as a request of ours has them."""
    asked = {key: wanted for each in statement.get("Condition", {}).values() for key, wanted in each.items()}
    asked.pop("aws:RequestedRegion", None)
    values = {key: wanted if isinstance(wanted, str) else wanted[0] for key, wanted in asked.items()}
    return [here(region), *(context(key, _one_of(value, region)) for key, value in values.items())]
