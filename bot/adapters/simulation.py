"""What IAM says that somebody may do: it simulates, nothing is tried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated

BEDROCK = "bedrock.amazonaws.com"
Context = Mapping[str, Any]
"""A key that a condition may ask for, with its values, as IAM takes it."""


def context(key: str, *values: str, several: bool = False) -> Context:
    """Return a key of the context: a simulation knows of none that is not passed to it."""
    kind = "stringList" if several else "string"
    return {"ContextKeyName": key, "ContextKeyValues": list(values), "ContextKeyType": kind}


def here(region: str) -> Context:
    """Return the region of the request: our policies name it, and a simulation that lacks it reads as denied."""
    return context("aws:RequestedRegion", region)


PASSED_TO = context("iam:PassedToService", BEDROCK)


@dataclass(frozen=True, slots=True)
class Wish:
    """One action on one resource."""

    action: str
    resource: str

    def __str__(self) -> str:
        return f"`{self.action}` on `{self.resource}`"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the simulation said: what is forbidden, and what nobody has allowed."""

    forbidden: tuple[Wish, ...]
    missing: tuple[Wish, ...]


class Simulation:
    """Asks IAM. Raises what the adapters raise."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def ourselves(self, region: str) -> str | None:
        """Return the user or role that we are, as IAM simulates it; None for the account's root."""
        with translated("GetCallerIdentity"):
            arn = self._clients.sts(region).get_caller_identity()["Arn"]
        if arn.endswith(":root"):
            return None
        if ":assumed-role/" not in arn:
            return arn
        role = arn.split("/")[1]  # a session's ARN has lost the role's path
        with translated("GetRole"):
            return self._clients.iam(arn).get_role(RoleName=role)["Role"]["Arn"]

    def said(self, who: str, wishes: Sequence[Wish], given: Sequence[Context] = ()) -> Answers:
        """Return what a user or role, by ARN, may not do of this, with these keys in the request."""
        # One wish a call: of several actions and resources IAM simulates each with each.
        decisions = [(each, self._decision(who, each, given)) for each in wishes]
        return Answers(
            forbidden=tuple(wish for wish, said in decisions if said == "explicitDeny"),
            missing=tuple(wish for wish, said in decisions if said == "implicitDeny"),
        )

    def _decision(self, who: str, wish: Wish, given: Sequence[Context]) -> str:
        entries: list[Any] = [dict(each) for each in given]
        with translated("SimulatePrincipalPolicy"):
            reply = self._clients.iam(who).simulate_principal_policy(
                PolicySourceArn=who,
                ActionNames=[wish.action],
                ResourceArns=[wish.resource],
                ContextEntries=entries,
            )
        return str(reply["EvaluationResults"][0]["EvalDecision"])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who we are to AWS."""

    account: str
    name: str
    """The user or role, without its ARN."""


def caller(clients: AwsClients, region: str) -> Caller:
    """Return who we are. Raises what the adapters raise."""
    with translated("GetCallerIdentity"):
        said = clients.sts(region).get_caller_identity()
    return Caller(said["Account"], said["Arn"].rpartition(":")[2])
