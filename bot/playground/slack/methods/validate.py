"""blocks.validate: the stand-in's own validator, asked over the wire."""

import json
from typing import Any

from bot.playground.slack.blocks import Finding, validate_message, validate_view
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_4
from bot.playground.slack.state import Json

_KINDS = ("blocks", "message", "view")


@method(
    "blocks.validate",
    tier=TIER_4,
    args=tuple(Arg(kind) for kind in _KINDS),
    errors=("invalid_arguments", "invalid_blocks", "invalid_message", "invalid_view"),
)
def validate(call: Call) -> Json:
    """Check exactly one of blocks, a message or a view, and say what is wrong where."""
    given = [kind for kind in _KINDS if call.maybe(kind) is not None]
    if len(given) != 1:
        message = "must provide exactly one of `blocks`, `view`, or `message`"
        raise SlackError("invalid_arguments", messages=[message])
    kind = given[0]
    findings = _check(kind, _parse(call.text(kind)))
    if findings:
        raise SlackError(f"invalid_{kind}", errors=[_error(kind, finding) for finding in findings])
    return {}


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise SlackError("invalid_arguments", messages=["must be valid JSON"]) from None


def _check(kind: str, value: Any) -> list[Finding]:
    if kind == "view":
        return validate_view(value)
    if kind == "message":
        if not isinstance(value, dict):
            return [Finding("must provide an object", "")]
        return validate_message(value.get("blocks", []))
    return validate_message(value)


def _error(kind: str, finding: Finding) -> Json:
    pointer = finding.pointer.removeprefix("/blocks") if kind == "blocks" else finding.pointer
    return {
        "code": "failed_constraint",
        "message": finding.message,
        "pointer": pointer,
        "constraint": finding.constraint,
    }
