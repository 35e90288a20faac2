"""Spans of calls to AWS, by botocore's own events: service, operation, region and status; no parameter, no address."""

from collections.abc import Mapping
from typing import Any

from bot import tracing
from bot.tracing import SpanKind, Value

_SPAN = "tunesmith_span"
"""In botocore's context of a call, which it hands from its beginning to its end."""


def trace_calls(client: Any, region: str) -> None:
    """Have each call of a client be a span, where spans are sent. Tries that botocore repeats are one call."""
    if not tracing.is_on():
        return

    def begins(model: Any, context: dict[str, Any], **_: Any) -> None:
        method = f"{model.service_model.service_id}/{model.name}"
        told: dict[str, Value] = {"rpc.system.name": "aws-api", "rpc.method": method, "cloud.region": region}
        context[_SPAN] = tracing.beside(method, SpanKind.CLIENT, told)

    def ends(http_response: Any, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        if made := context.pop(_SPAN, None):
            status, error = int(http_response.status_code), parsed.get("Error") or {}
            known: dict[str, Value] = {"http.response.status_code": status}
            if request := parsed.get("ResponseMetadata", {}).get("RequestId"):
                known["aws.request_id"] = str(request)
            made.end(known, str(error.get("Code") or status) if status >= 300 else "")

    def fails(exception: Exception, context: dict[str, Any], **_: Any) -> None:
        if made := context.pop(_SPAN, None):
            made.end({}, type(exception).__name__)

    events = client.meta.events
    events.register("before-call", begins)
    events.register("after-call", ends)
    events.register("after-call-error", fails)
