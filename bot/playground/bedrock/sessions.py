"""Roles that somebody has taken: STS's AssumeRole, held to the role's trust policy, and whose a request is.

Signatures are not checked here, but keys are: those of a session are good with its token, until it ends (by the real
time, as a client reads it). ``only_roles`` is an account in which whoever runs the bot may do nothing but take a role.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.iam.models import iam_backends

from bot.playground.bedrock.errors import ServiceFault

USER_NAME = "playground"
"""The user that whoever runs the bot is."""
LONGEST = timedelta(hours=1)
"""How long a session lasts when a role takes another (IAM's guide, *role chaining*), and by default."""


@dataclass(frozen=True)
class Session:
    """Credentials of a role for a while."""

    role_arn: str
    name: str
    key: str
    secret: str
    token: str
    ends: datetime

    @property
    def arn(self) -> str:
        """Return whose a request is that is signed by it: a session's ARN has lost the role's path."""
        _, _, _, _, account, role = self.role_arn.split(":", 5)
        return f"arn:aws:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{self.name}"


class Sessions:
    """All sessions of an account."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._sessions: dict[str, Session] = {}
        self.only_roles = False
        self.lasts = LONGEST

    def take(self, form: Mapping[str, str], caller: str) -> Session:
        """Begin a session of a role. Raises ServiceFault where its trust policy does not let the caller."""
        role_arn = form.get("RoleArn", "")
        role = next((r for r in iam_backends[self._account]["aws"].get_roles() if r.arn == role_arn), None)
        trust = json.loads(role.assume_role_policy_document) if role else {}
        if not any(_lets(each, caller, form.get("ExternalId")) for each in trust.get("Statement", [])):
            said = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
            raise ServiceFault("AccessDenied", said)
        key, now = f"ASIA{secrets.token_hex(8).upper()}", datetime.now(UTC)
        made = Session(
            role_arn,
            form["RoleSessionName"],
            key,
            secrets.token_hex(20),
            secrets.token_hex(32),
            now + self.lasts,
        )
        self._sessions[key] = made
        return made

    def caller(self, key: str) -> str:
        """Return the ARN of whoever signs with a key: a role that was taken, or whoever runs the bot."""
        session = self._sessions.get(key)
        return session.arn if session else f"arn:aws:iam::{self._account}:user/{USER_NAME}"

    def refusal(self, service: str, key: str, token: str) -> ServiceFault | None:
        """Return why a request is none that AWS takes; None when it is one."""
        session = self._sessions.get(key)
        if session is None:
            if key.startswith("ASIA"):
                return ServiceFault(
                    "InvalidClientTokenId", "The security token included in the request is invalid."
                )
            if self.only_roles and service != "sts":
                return ServiceFault("AccessDeniedException", "User is not authorized: no policy allows it")
            return None
        if token != session.token:
            return ServiceFault(
                "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        if session.ends <= datetime.now(UTC):
            return ServiceFault(
                "ExpiredTokenException", "The security token included in the request is expired"
            )
        return None


def _lets(statement: Mapping[str, Any], caller: str, external_id: str | None) -> bool:
    who = statement.get("Principal", {})
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return (
        statement.get("Effect") == "Allow"
        and statement.get("Action") == "sts:AssumeRole"
        and isinstance(who, dict)
        and who.get("AWS") == caller
        and (wanted is None or wanted == external_id)
    )
