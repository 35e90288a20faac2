"""Spans: none and nothing loaded unless they are wanted; a collector that is away or hangs is nobody's matter."""

import ast
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.trace import StatusCode

from bot import tracing
from bot.errors import Misconfigured, Unavailable
from bot.questions.answerer import Question
from bot.questions.answering import Asking
from bot.telemetry import Telemetry, Telling
from tests.doubles.asking import ROUTER, FakeAnswerers, FakeInference
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.log import log_bench
from tests.scenarios.spans import kept, turned_on

QUESTION = Question("Ev1", "Where to?", "C1", "U1", "T1", "1.0")
ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.slow
def test_off_there_is_one_thing_that_does_nothing_and_one_module_would_load_the_rest() -> None:
    assert not tracing.is_on()
    assert tracing.span("turn job") is tracing.span(
        "chat.update", tracing.SpanKind.CLIENT, {"rpc.method": "x"}
    )
    assert tracing.beside("chat", tracing.SpanKind.CLIENT, {}) is None
    assert (tracing.ids(), tracing.traceparent(), tracing.carried(list)) == ({}, "", list)
    loading = {
        str(path.relative_to(ROOT))
        for room in ("bot", "handlers", "storage")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any(
            name.startswith("opentelemetry")
            for name in [getattr(node, "module", None) or "", *(each.name for each in node.names)]
        )
    }
    assert loading == {"bot/telemetry.py"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, False),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_SERVICE_NAME": "mine"}, False),
    ],
)
def test_spans_are_wanted_by_opentelemetrys_own_names(environment: dict[str, str], wanted: bool) -> None:
    assert tracing.wanted(environment) is wanted


def test_who_wants_spans_and_has_no_packages_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.telemetry")
    monkeypatch.delattr("bot.telemetry")
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(Misconfigured, match="OpenTelemetry is not installed") as told:
        tracing.begin(ENDPOINT)
    assert "tunesmith[otel]" in told.value.hint
    assert not tracing.is_on()


def test_a_setting_that_opentelemetry_does_not_take_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENDPOINT | {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "100000"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match="one of its settings") as told:
        tracing.begin(os.environ)
    assert "max_export_batch_size" in told.value.detail
    assert not tracing.is_on()


class _Away(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        raise ConnectionError("https://collector.example/?token=secret")


class _Hangs(SpanExporter):
    def __init__(self) -> None:
        self.forever = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.forever.wait()
        return SpanExportResult.SUCCESS


def test_a_collector_that_is_away_is_one_line_in_the_log() -> None:
    with log_bench() as bench, turned_on(Telemetry(SimpleSpanProcessor(Telling(_Away())))):
        for _ in range(20):
            with tracing.span("turn job"):
                pass
    assert [each for each in bench.lines.texts if "OpenTelemetry" in each] == [
        "Spans do not get to the OpenTelemetry collector, and are dropped; the bot goes on."
    ]
    assert "secret" not in str(bench.lines.texts)


def test_a_collector_that_hangs_keeps_nobody_waiting_not_even_at_the_end() -> None:
    hanging = _Hangs()
    telemetry = Telemetry(BatchSpanProcessor(hanging, max_queue_size=8, max_export_batch_size=4))
    with turned_on(telemetry):
        for _ in range(100):
            with tracing.span("turn job"):
                pass
        telemetry.end(0.01)
    hanging.forever.set()


def test_of_an_error_its_class_is_told_and_of_a_value_no_more_than_a_name() -> None:
    with kept() as spans:
        with (
            pytest.raises(Unavailable),
            tracing.span("turn job", attributes={"tunesmith.kind": "x" * 500, "text": "hi"}),
        ):
            raise Unavailable("what somebody typed", detail="https://hooks.example/secret")
        with tracing.span("turn lease"):
            tracing.failed(Unavailable("what somebody typed"))
    for each in spans.all:
        told = dict(each.attributes or {})
        assert each.status.status_code is StatusCode.ERROR
        assert told.pop("error.type") == "Unavailable"
        assert told in ({"tunesmith.kind": "x" * tracing.LONGEST}, {})
    assert spans.holding({"words": "what somebody typed", "address": "hooks.example"}) == set()


class _Notes:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def keep(self, thing: str, traceparent: str) -> None:
        if thing == "job:away":
            raise Unavailable("the store is away")
        self.kept[thing] = traceparent

    def of(self, thing: str) -> str:
        return self.kept.get(thing, "")


def test_what_is_asked_for_is_done_within_the_span_of_who_asked_and_a_store_that_is_away_costs_only_that() -> (
    None
):
    with kept() as spans:
        tracing.carry_by(_Notes())
        try:
            tracing.carry("job:early")  # within no span
            with tracing.span("listener"):
                tracing.carry("job:1", "job:away")
            for thing in ("job:1", "job:away", "job:early"):
                with tracing.span(f"turn {thing}", parent=tracing.asker(thing)):
                    pass
        finally:
            tracing.carry_by(None)
    [listener] = spans.of("listener")
    parents = {each.name: each.parent.span_id if each.parent else None for each in spans.all}
    assert listener.context
    assert parents == {
        "listener": None,
        "turn job:1": listener.context.span_id,
        "turn job:away": None,
        "turn job:early": None,
    }


def test_an_answer_tells_when_its_first_words_came_and_how_it_failed() -> None:
    inference = FakeInference()
    asking = Asking(inference, InMemoryConversations(), FakeAnswerers())
    inference.line_up(["Well"], ["Well"], [Unavailable("Bedrock is away: Where to?")])
    with kept() as spans:
        list(asking.pieces(QUESTION, ROUTER, "1.0"))
        hung_up = asking.pieces(QUESTION, ROUTER, "1.0")
        next(hung_up)
        hung_up.close()
        with pytest.raises(Unavailable):
            list(asking.pieces(QUESTION, ROUTER, "1.0"))
    told = [dict(each.attributes or {}) for each in spans.of("chat")]
    first = [each.pop("gen_ai.response.time_to_first_chunk", None) is not None for each in told]
    assert first == [True, True, False]
    ours = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "aws.bedrock"}
    assert told == [ours, ours, ours | {"error.type": "Unavailable"}]
    assert spans.holding({"the question": QUESTION.text}) == set()
