"""Spans at the few seams that matter, where an operator has set an exporter; otherwise nothing is loaded for them.

They are our own. An instrumentation of whole libraries would record addresses (a ``response_url`` is a secret), bodies
and statements. What a span may tell is ``ATTRIBUTES`` and nothing else: names, kinds, IDs and counts that the log has
too, never a token, an address, a question, an answer or a row. Of an error its class is told, never its words.

Names and units are OpenTelemetry's semantic conventions where these have one; what is ours begins with ``tunesmith.``.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from bot.errors import Misconfigured, TunesmithError

if TYPE_CHECKING:
    from bot.telemetry import Beside, Telemetry

Value = str | int | float

ATTRIBUTES: Final[Mapping[str, str]] = {
    "aws.request_id": "AWS's own ID of the call, for its support",
    "cloud.region": "the region that was called",
    "db.operation.batch.size": "how many commands one round trip had",
    "db.operation.name": "the command",
    "db.stored_procedure.name": "which of our scripts it ran",
    "db.system.name": "`redis`",
    "error.type": "the class of what went wrong, or a vendor's code for it",
    "gen_ai.operation.name": "`chat`",
    "gen_ai.provider.name": "`aws.bedrock`",
    "gen_ai.response.time_to_first_chunk": "seconds from the question to the model until its first words",
    "http.response.status_code": "how a delivery, or a call to AWS, was answered",
    "rpc.method": "the method: `chat.postMessage`, `Bedrock/GetCustomModel`",
    "rpc.system.name": "`slack` or `aws-api`",
    "tunesmith.answer": "how an answer ended: whole, stopped, failed, interrupted",
    "tunesmith.delivery": "what Slack calls it: `slash_commands`, `interactive`, `events_api`",
    "tunesmith.kind": "the durable kind that a turn is of",
    "tunesmith.resource": "the durable thing, as the log names it",
    "tunesmith.trace": "the `trace` that lines of the log have",
}
"""All that a span may tell, and what it means."""

LONGEST: Final = 120
"""Characters of a value at most."""
PATIENCE: Final = 2.0
"""Seconds that the last spans may take when the process ends."""
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""The environment names that say where spans go; without either there are none."""


class SpanKind(StrEnum):
    """A span's kind, as OpenTelemetry names it."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"


class Notes(Protocol):
    """What carries a span from who asked for a thing to who does it, in another thread or process. Raises ours."""

    def keep(self, thing: str, traceparent: str) -> None:
        """Keep within which span it was asked for, for a while."""

    def of(self, thing: str) -> str:
        """Return within which span it was asked for; empty: nobody knows."""


class _State:
    """What this process has begun with; None: no spans."""

    on: "Telemetry | None" = None
    notes: Notes | None = None


def wanted(environment: Mapping[str, str]) -> bool:
    """Return whether spans are to be sent, by OpenTelemetry's own names."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower() != "otlp":
        return False
    return any(environment.get(each, "").strip() for each in ENDPOINTS)


def begin(environment: Mapping[str, str] = os.environ) -> None:
    """Send spans from now on, if that is wanted.

    Raises:
        Misconfigured: it is, and the packages for it are not installed, or one of their settings is wrong.
    """
    if not wanted(environment):
        return
    try:
        from bot import telemetry  # noqa: PLC0415 -- loaded only where it is wanted
    except ImportError as error:
        raise Misconfigured(
            "Spans are to be sent (OTEL_EXPORTER_OTLP_ENDPOINT), and OpenTelemetry is not installed.",
            hint="Install `tunesmith[otel]`, or take that setting away.",
        ) from error
    try:
        use(telemetry.exporting())
    except ValueError as error:
        raise Misconfigured(
            "OpenTelemetry does not take one of its settings (OTEL_…).",
            hint="Correct it, or take it away.",
            detail=str(error),
        ) from error


def use(made: "Telemetry | None") -> None:
    """Have spans go there from now on; None: nowhere."""
    _State.on = made


def end() -> None:
    """Send what is left, within ``PATIENCE`` seconds."""
    if _State.on:
        _State.on.end(PATIENCE)


def is_on() -> bool:
    """Return whether there are spans at all, for what would cost something to find out."""
    return _State.on is not None


_NOTHING: Final = nullcontext()


def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, Value] | None = None,
    *,
    parent: str = "",
    only_within: bool = False,
) -> AbstractContextManager[None]:
    """Return a span around what is done in it; it fails with what is raised through it.

    Args:
        name: few different ones: a kind, a method.
        kind: as OpenTelemetry names it.
        attributes: by names of ``ATTRIBUTES``.
        parent: a ``traceparent``, where it is not what is around.
        only_within: whether there is none unless there is one around.
    """
    if _State.on is None:
        return _NOTHING
    return _State.on.span(name, kind, shown(attributes or {}), parent, only_within=only_within)


def note(attributes: Mapping[str, Value]) -> None:
    """Add what has come to be known of the span that is around."""
    if _State.on is not None:
        _State.on.note(shown(attributes))


def failed(error: BaseException) -> None:
    """Say of the span that is around that it failed, where what was raised is caught in it."""
    if _State.on is not None:
        _State.on.failed(error)


def beside(name: str, kind: SpanKind, attributes: Mapping[str, Value]) -> "Beside | None":
    """Begin a span that is around nothing, to be ended by its ``end``; None: there is none."""
    return None if _State.on is None else _State.on.beside(name, kind, shown(attributes))


def carry_by(notes: Notes | None) -> None:
    """Have spans carried over the work queue from now on."""
    _State.notes = notes


def carry(*things: object) -> None:
    """Note that these are asked for within the span that is around, before they are. Never raises."""
    if _State.on is None or _State.notes is None or not (here := _State.on.traceparent()):
        return
    for each in things:
        with suppress(TunesmithError):
            _State.notes.keep(str(each), here)


def asker(thing: object) -> str:
    """Return within which span a thing was lately asked for; empty: nobody knows. Never raises."""
    if _State.on is None or _State.notes is None:
        return ""
    with suppress(TunesmithError):
        return _State.notes.of(str(thing))
    return ""


def carried(work: Callable[[], object]) -> Callable[[], object]:
    """Return the work, to be done in another thread within the span that is around now."""
    return work if _State.on is None else _State.on.carried(work)


def traceparent() -> str:
    """Return the span that is around, in the words of the W3C's header; empty: there is none."""
    return "" if _State.on is None else _State.on.traceparent()


def ids() -> Mapping[str, str]:
    """Return ``trace_id`` and ``span_id`` for a line of the log; nothing where there is no span."""
    return {} if _State.on is None else _State.on.ids()


def shown(attributes: Mapping[str, Value]) -> dict[str, Value]:
    """Return the attributes as they may be told: those that are declared, and no more of each than a name has."""
    known = {name: each for name, each in attributes.items() if name in ATTRIBUTES}
    return {name: each[:LONGEST] if isinstance(each, str) else each for name, each in known.items()}
