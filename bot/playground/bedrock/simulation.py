"""Who calls, and what IAM says that somebody may do: answers that moto does not have, or not as AWS has them.

moto names every caller ``arn:aws:sts::…:user/moto``, which is nobody, and does not simulate policies. Here the caller
is the user ``playground``, who has the policy that the bot's own documentation asks for, or the role that was taken.
"""

import fnmatch
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from moto.iam.models import iam_backends

from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.replies import Answer
from bot.playground.bedrock.sessions import Sessions

_IAM = "https://iam.amazonaws.com/doc/2010-05-08/"
_STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def answer(account: str, body: bytes, sessions: Sessions, key: str) -> Answer | None:
    """Return the answer to one of the three operations, or None for any other. ``key`` is what signed the request."""
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    who = sessions.caller(key)
    match form.get("Action", ""):
        case "GetCallerIdentity":
            return _identity(account, who)
        case "SimulatePrincipalPolicy":
            return _simulated(account, form)
        case "AssumeRole":
            return _taken(sessions, form, who)
    return None


def _taken(sessions: Sessions, form: Mapping[str, str], who: str) -> Answer:
    try:
        made = sessions.take(form, who)
    except ServiceFault as fault:
        return _error(403, fault.code, fault.message)
    keys = (
        f"<AccessKeyId>{made.key}</AccessKeyId><SecretAccessKey>{made.secret}</SecretAccessKey>"
        f"<SessionToken>{made.token}</SessionToken><Expiration>{made.ends:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
    )
    role = f"<Arn>{made.arn}</Arn><AssumedRoleId>AROAPLAYGROUND000000:{made.name}</AssumedRoleId>"
    result = f"<Credentials>{keys}</Credentials><AssumedRoleUser>{role}</AssumedRoleUser>"
    return _xml("AssumeRole", _STS, result)


def _identity(account: str, arn: str) -> Answer:
    result = f"<Arn>{arn}</Arn><UserId>AIDAPLAYGROUND000000</UserId><Account>{account}</Account>"
    return _xml("GetCallerIdentity", _STS, result)


def _simulated(account: str, form: Mapping[str, str]) -> Answer:
    policies = _policies(account, form.get("PolicySourceArn", ""))
    if policies is None:
        return _error(404, "NoSuchEntity", f"The principal {form.get('PolicySourceArn')} cannot be found.")
    actions, resources = _members(form, "ActionNames"), _members(form, "ResourceArns") or ["*"]
    if not actions:
        return _error(400, "ValidationError", "ActionNames must have at least one member.")
    context = dict(_context(form))
    results = "".join(
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{decision(policies, action, resource, context)}</EvalDecision></member>"
        for action in actions
        for resource in resources
    )
    listed = f"<EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated>"
    return _xml("SimulatePrincipalPolicy", _IAM, listed)


def decision(
    policies: list[dict[str, Any]], action: str, resource: str, context: Mapping[str, list[str]]
) -> str:
    """Return IAM's word: a Deny that fits wins, then an Allow that fits; else nobody has said anything."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in _listed(policy.get("Statement", []))
        if _fits(statement, action, resource, context)
    }
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def _fits(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, list[str]]) -> bool:
    return (
        any(fnmatch.fnmatchcase(action.lower(), str(each).lower()) for each in _listed(statement["Action"]))
        and any(fnmatch.fnmatchcase(resource, str(each)) for each in _listed(statement["Resource"]))
        and all(
            _holds(operator, key, _listed(wanted), context)
            for operator, wants in statement.get("Condition", {}).items()
            for key, wanted in wants.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[Any], context: Mapping[str, list[str]]) -> bool:
    name = operator.removesuffix("IfExists")
    given = context.get(key)
    if given is None:
        # With IfExists a condition holds for a request that does not have the key.
        return name != operator
    if name not in {"StringEquals", "StringLike", "ArnEquals", "ArnLike"}:
        raise NotImplementedError(f"The playground's IAM does not know the condition operator {operator}")
    same = (lambda value, each: value == each) if name == "StringEquals" else fnmatch.fnmatchcase
    return any(same(value, str(each)) for value in given for each in wanted)


def _policies(account: str, arn: str) -> list[dict[str, Any]] | None:
    """Return every policy of the user or role, or None when there is none of that ARN."""
    backend = iam_backends[account]["aws"]
    everybody: list[Any] = [*backend.get_roles(), *backend.users.values()]
    found = next((each for each in everybody if each.arn == arn), None)
    if found is None:
        return None
    attached = [policy.document for policy in found.managed_policies.values()]
    return [json.loads(each) for each in [*found.policies.values(), *attached]]


def _context(form: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    number = 1
    while key := form.get(f"ContextEntries.member.{number}.ContextKeyName"):
        yield key, _members(form, f"ContextEntries.member.{number}.ContextKeyValues")
        number += 1


def _members(form: Mapping[str, str], name: str) -> list[str]:
    found: list[str] = []
    while (value := form.get(f"{name}.member.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _xml(operation: str, namespace: str, result: str) -> Answer:
    body = (
        f'<{operation}Response xmlns="{namespace}"><{operation}Result>{result}</{operation}Result>'
        "<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
        f"</{operation}Response>"
    )
    return Answer(200, {"Content-Type": "text/xml"}, body.encode())


def _error(status: int, code: str, message: str) -> Answer:
    said = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    body = f'<ErrorResponse xmlns="{_IAM}">{said}</ErrorResponse>'
    return Answer(status, {"Content-Type": "text/xml"}, body.encode())
