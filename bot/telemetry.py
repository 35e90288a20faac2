"""OpenTelemetry's side of ``bot.tracing``: the one module that imports it, loaded where spans are wanted.

Where they go, how many, with which headers: OpenTelemetry's own environment names, which its SDK reads by itself
(OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_BSP_…). Spans are
handed over in a thread of the SDK's; what it cannot get rid of is dropped, and nobody waits.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot import __version__

log = logging.getLogger(__name__)

NAME = "tunesmith"
_W3C = TraceContextTextMapPropagator()


class Telling(SpanExporter):
    """Exports by another, and says in the log that it does not get through: once, by the log's register of faults."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export them, or drop them. Never raises."""
        try:
            result = self._inner.export(spans)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the bot goes on
            result = SpanExportResult.FAILURE
            log.debug("spans were not taken: %r", error)
        if result is not SpanExportResult.SUCCESS:
            log.warning("Spans do not get to the OpenTelemetry collector, and are dropped; the bot goes on.")
        return result

    def shutdown(self) -> None:
        """End the other one."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what the other one holds back."""
        return self._inner.force_flush(timeout_millis)


class Beside:
    """A span that is around nothing, since what it is of begins in one call and ends in another."""

    def __init__(self, made: Span) -> None:
        self._made = made
        self._begun = time.monotonic()
        self._has_begun_to_answer = False

    def first(self) -> None:
        """Say that the first of an answer has come, the first time that this is said."""
        if not self._has_begun_to_answer:
            self._has_begun_to_answer = True
            passed = round(time.monotonic() - self._begun, 3)
            self._made.set_attribute("gen_ai.response.time_to_first_chunk", passed)

    def end(self, attributes: Mapping[str, str | int | float] | None = None, error: str = "") -> None:
        """End it; with a class or code of what went wrong it has failed."""
        self._made.set_attributes(dict(attributes or {}))
        if error:
            _fails(self._made, error)
        self._made.end()


class Telemetry:
    """Spans into one processor."""

    def __init__(self, processor: SpanProcessor) -> None:
        named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": NAME}
        self._provider = TracerProvider(
            resource=Resource.create({**named, "service.version": __version__}), shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(NAME, __version__)

    def span(
        self,
        name: str,
        kind: str,
        attributes: Mapping[str, str | int | float],
        parent: str,
        *,
        only_within: bool,
    ) -> AbstractContextManager[None]:
        """Return a span around what is done in it."""
        if only_within and not trace.get_current_span().get_span_context().is_valid:
            return nullcontext()
        return self._around(name, kind, attributes, parent)

    @contextmanager
    def _around(
        self, name: str, kind: str, attributes: Mapping[str, str | int | float], parent: str
    ) -> Iterator[None]:
        within = _W3C.extract({"traceparent": parent}) if parent else None
        # Neither its words nor its traceback: either may hold what somebody typed, or an address.
        with self._tracer.start_as_current_span(
            name,
            within,
            SpanKind[kind],
            dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as made:
            try:
                yield
            except BaseException as error:
                _fails(made, type(error).__name__)
                raise

    def beside(self, name: str, kind: str, attributes: Mapping[str, str | int | float]) -> "Beside":
        """Begin a span that is around nothing."""
        return Beside(self._tracer.start_span(name, None, SpanKind[kind], dict(attributes)))

    def note(self, attributes: Mapping[str, str | int | float]) -> None:
        """Add to the span that is around."""
        trace.get_current_span().set_attributes(dict(attributes))

    def failed(self, error: BaseException) -> None:
        """Say that the span that is around failed."""
        _fails(trace.get_current_span(), type(error).__name__)

    def carried(self, work: Callable[[], object]) -> Callable[[], object]:
        """Return the work, done within the span that is around now."""
        here = context.get_current()

        def within() -> object:
            token = context.attach(here)
            try:
                return work()
            finally:
                context.detach(token)

        return within

    def traceparent(self) -> str:
        """Return the span that is around."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent", "")

    def ids(self) -> Mapping[str, str]:
        """Return the IDs of the span that is around."""
        here = trace.get_current_span().get_span_context()
        if not here.is_valid:
            return {}
        return {
            "trace_id": trace.format_trace_id(here.trace_id),
            "span_id": trace.format_span_id(here.span_id),
        }

    def end(self, seconds: float) -> None:
        """Send what is left, for so long at most: a collector that hangs keeps no process."""
        ending = threading.Thread(target=self._provider.shutdown, name="last-spans", daemon=True)
        ending.start()
        ending.join(seconds)


def exporting() -> Telemetry:
    """Return spans that go where the environment says, by OTLP over HTTP."""
    # It logs each try, and each with a traceback: what matters of that is told once, above.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    return Telemetry(BatchSpanProcessor(Telling(OTLPSpanExporter())))


def _fails(made: Span, error: str) -> None:
    made.set_attribute("error.type", error[:120])
    made.set_status(Status(StatusCode.ERROR))
