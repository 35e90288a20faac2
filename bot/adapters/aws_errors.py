"""AWS's errors as ours. Nothing above the adapters sees another. What a code means is in ``aws_meanings``."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ProxyConnectionError,
)

from bot.adapters.iam_policies import action_of
from bot.aws_meanings import Meaning, meaning_of
from bot.denials import (
    TAKING,
    aws_not_set_up,
    denial_in,
    denied,
    is_of_identity,
    is_of_setup,
    no_aws_identity,
    role_not_taken,
)
from bot.errors import (
    Cause,
    Misconfigured,
    NotFound,
    QuotaReached,
    Refused,
    RoleNotReady,
    Throttled,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from bot.metrics import vendor_error
from bot.spending.failures import END_OF_LIFE, LEGACY, Who, explain, is_known, is_of_the_account

CHANGES = frozenset(
    {
        "CreateModelCustomizationJob",
        "StopModelCustomizationJob",
        "DeleteCustomModel",
        "CreateProvisionedModelThroughput",
        "UpdateProvisionedModelThroughput",
        "DeleteProvisionedModelThroughput",
        "CreateCustomModelDeployment",
        "UpdateCustomModelDeployment",
        "DeleteCustomModelDeployment",
        "CreateModelInvocationJob",
        "StopModelInvocationJob",
        "TagResource",
    }
)
"""The operations that change something: for these a lost answer is an unknown outcome."""

_NO_ROLE = "could not assume provided iam role"
"""Passes by itself for a role that was made moments ago: the Terraform provider retries it for that reason."""

_LIFE_IS_OVER = re.compile(f"{LEGACY}|{END_OF_LIFE}", re.IGNORECASE)
"""Reads like a permission, or like a name that is not there, and is the base model's life. On purpose less than the
rules for a failure of a job, or of a model that was asked (``life_is_over``), have: it goes before the code of whatever
was called, and what is deprecated there may be a parameter."""

_NEVER_SENT = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)
_PASSES = frozenset({Meaning.THROTTLED, Meaning.PASSING, Meaning.NOT_READY})
_SLOW_DOWN = 5.0
_AGAIN = "I try again by myself."


@contextmanager
def translated(operation: str) -> Iterator[None]:
    """Raise whatever botocore raises inside as one of ours. ``operation`` is the API's own name for it."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise vendor_error("aws", translate(error, operation)) from error
    except RuntimeError as error:
        if is_of_identity(error):
            raise vendor_error("aws", no_aws_identity(str(error))) from error
        raise


@contextmanager
def of_a_setting(missing: tuple[str, str], refused: tuple[str, str]) -> Iterator[None]:
    """Have what a setting names be the operator's business, not that of whoever asked: it is missing, or not taken.

    What is said of either is a message and what to do.
    """
    try:
        yield
    except NotFound as error:
        raise Misconfigured(missing[0], hint=missing[1], detail=error.detail) from error
    except Refused as error:
        raise Misconfigured(refused[0], hint=refused[1], detail=error.detail) from error


def code_of(error: ClientError) -> str:
    """Return the error's code as the service model spells it; a stream's events begin with a small letter."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code[:1].upper() + code[1:]


def translate(error: ClientError | BotoCoreError, operation: str) -> TunesmithError:
    """Return what the error is to us, with the service's own words as ``detail``."""
    if isinstance(error, ClientError):
        return _answered(error, operation)
    detail = f"{type(error).__name__}: {error}"
    if is_of_identity(error):
        return no_aws_identity(detail)
    if is_of_setup(error):
        return aws_not_set_up(detail)
    if isinstance(error, ParamValidationError):
        return Refused("The AWS SDK would not send this request.", detail=detail)
    if isinstance(error, _NEVER_SENT):
        return Unavailable("AWS could not be reached.", hint=_AGAIN, detail=detail, cause=Cause.AWS_AWAY)
    return _lost(operation, "AWS did not answer.", detail)


@dataclass(frozen=True, slots=True)
class _Said:
    """What AWS answered to an operation."""

    operation: str
    code: str
    text: str

    @property
    def detail(self) -> str:
        return f"{self.code}: {self.text}"


def _answered(error: ClientError, operation: str) -> TunesmithError:
    if error.operation_name == TAKING:
        operation = TAKING  # whatever was to be called, it was not
    said = _Said(operation, code_of(error), str(error.response.get("Error", {}).get("Message", "")))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    # Before the code: it has been seen as a ResourceNotFoundException that begins with *Access denied*.
    if _LIFE_IS_OVER.search(said.text):
        return _explained(Refused, said)
    # What an account lacks comes as a permission of ours, or as a name that is not there.
    if is_of_the_account(said.text):
        return _explained(Misconfigured, said)
    meaning = meaning_of(said.code, said.operation, said.text, status)
    # Who is to take it may be unknown by itself: then the role is not what is wrong.
    if said.operation == TAKING and meaning not in {*_PASSES, Meaning.NOBODY}:
        return role_not_taken(said.detail)
    return _MAKERS[meaning](said)


def _throttled(said: _Said) -> TunesmithError:
    return Throttled(
        "AWS asked to slow down.",
        retry_after=_SLOW_DOWN,
        hint="I go on by myself.",
        detail=said.detail,
        cause=Cause.AWS_PATIENCE,
    )


def _passing(said: _Said) -> TunesmithError:
    return _lost(said.operation, "AWS had an error of its own.", said.detail)


def _not_ready(said: _Said) -> TunesmithError:
    return Unavailable(
        "The model is not ready, or took too long.", hint="Try again in a moment.", detail=said.detail
    )


def _denied(said: _Said) -> TunesmithError:
    refused = denial_in(said.text) or denied(action_of(said.operation))
    return Misconfigured(
        "AWS does not allow me to do this.",
        hint=refused.mend,
        detail=said.detail,
        cause=f"AWS does not allow {refused.action}",
    )


def _key(said: _Said) -> TunesmithError:
    refused = denial_in(said.text)
    return Misconfigured(
        "The key of KMS that this is encrypted with cannot be used.",
        hint=refused.mend
        if refused
        else "The operator looks at it in KMS: whether it is enabled, and lets me use it.",
        detail=said.detail,
        cause="a key of KMS cannot be used",
    )


def _nobody(said: _Said) -> TunesmithError:
    return no_aws_identity(said.detail)


def _invalid(said: _Said) -> TunesmithError:
    if not is_known(said.text):
        return Refused(
            "AWS does not take a value of this request.",
            hint="The raw text says which; correct it and try again.",
            detail=said.detail,
        )
    if _NO_ROLE in said.text.lower():
        return _explained(RoleNotReady, said)
    who = explain(said.text).who
    return _explained(Misconfigured if who is Who.OPERATOR else Refused, said)


def _missing(said: _Said) -> TunesmithError:
    return NotFound(
        "AWS has nothing of that name.",
        hint="It may have been deleted, or be in another region: `/tune jobs all` and `/tune models` list what I know.",
        detail=said.detail,
    )


def _conflict(said: _Said) -> TunesmithError:
    if said.operation == "DeleteCustomModel":
        return Refused(
            "Something at Bedrock still uses this model: throughput, a deployment, or a job.",
            hint="End that first; what was made elsewhere is in the Bedrock console.",
            detail=said.detail,
        )
    if said.operation.startswith("Delete"):
        return Throttled(
            "It is still being created or changed.",
            retry_after=30.0,
            hint="I go on by myself.",
            detail=said.detail,
        )
    return Refused(
        "The name is in use, or its state does not allow this.",
        hint="Choose another name, or wait until it is ready and try again.",
        detail=said.detail,
    )


def _quota(said: _Said) -> TunesmithError:
    return _explained(QuotaReached, said)


_MAKERS = {
    Meaning.THROTTLED: _throttled,
    Meaning.PASSING: _passing,
    Meaning.NOT_READY: _not_ready,
    Meaning.DENIED: _denied,
    Meaning.NOBODY: _nobody,
    Meaning.KEY: _key,
    Meaning.INVALID: _invalid,
    Meaning.MISSING: _missing,
    Meaning.CONFLICT: _conflict,
    Meaning.QUOTA: _quota,
}


def _lost(operation: str, message: str, detail: str) -> TunesmithError:
    kind = UnknownOutcome if operation in CHANGES else Unavailable
    return kind(message, hint=_AGAIN, detail=detail, cause=Cause.AWS_AWAY)


def _explained(kind: type[Refused] | type[Misconfigured], said: _Said) -> TunesmithError:
    meaning = explain(said.detail)
    return kind(meaning.cause, hint=meaning.mend, detail=said.detail)
