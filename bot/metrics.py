"""Every metric that the bot has, each declared once: the docs, the dashboard and the alerts are made from these.

Names and units are Prometheus's own way (prometheus.io/docs/practices/naming). No label holds a person, a channel, a
name or a word that somebody typed: each has few values that are known beforehand, and whatever else is told by one
word. prometheus_client is loaded when a first figure is told, since importing it takes longer than a short command.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from bot import errors

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

Raised = TypeVar("Raised", bound=Exception)

OTHER = "other"
"""What a label says of a value that was not known beforehand."""
KIND = re.compile(r"[a-z]{1,20}")
"""What the names of durable kinds look like; they are found by discovery, and there are some fifteen."""
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0)
"""Bounds of a histogram. Slack waits three seconds for an acknowledgement."""


class Type(StrEnum):
    """Prometheus's types, as far as they are used."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Source(StrEnum):
    """Whose figure it is."""

    PROCESS = "each process"
    """Each tells its own: they are summed."""
    STORE = "the store"
    """Every process reads the same in Redis: of these the largest counts, and never the sum."""


def _error_names() -> frozenset[str]:
    def below(kind: type[Exception]) -> Iterable[str]:
        yield kind.__name__
        for each in kind.__subclasses__():
            yield from below(each)

    return frozenset(name.strip("_") for name in below(errors.TunesmithError))


LABELS: Mapping[str, Callable[[], frozenset[str]]] = {
    "type": lambda: frozenset({"events_api", "interactive", "slash_commands"}),
    "vendor": lambda: frozenset({"aws", "redis", "slack"}),
    "error": _error_names,
    "why": lambda: frozenset({"failed", "away", "throttled", "interrupted", "given_up"}),
    "result": lambda: frozenset(result for each in METRICS for result in each.results),
}
"""The values of each label; ``kind`` alone is known by how it looks."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it counts, in which unit, and by what it is told apart."""

    name: str
    type: Type
    help: str
    labels: tuple[str, ...] = ()
    source: Source = Source.PROCESS
    buckets: tuple[float, ...] = field(default=SECONDS)
    results: tuple[str, ...] = ()
    """Those that it has of all values of ``result``."""


ACKNOWLEDGEMENTS = Metric(
    "tunesmith_acknowledgement_seconds",
    Type.HISTOGRAM,
    "Until a delivery of Slack's was acknowledged; Slack waits three seconds.",
    ("type",),
)
UNACKNOWLEDGED = Metric(
    "tunesmith_unacknowledged_total",
    Type.COUNTER,
    "Deliveries of Slack's that were not acknowledged, so that Slack sends them again or tells a person.",
    ("type",),
)
DELIVERIES = Metric(
    "tunesmith_deliveries_total",
    Type.COUNTER,
    "Commands, presses and events: taken in, delivered again and answered before, left to Slack to send again, or "
    "refused while too much was in hand.",
    ("result",),
    results=("taken", "again", "left", "refused"),
)
TICKS = Metric(
    "tunesmith_ticks_total",
    Type.COUNTER,
    "Looks at the work queue: ok, or away where the store did not answer.",
    ("result",),
    results=("ok", "away"),
)
STEPS = Metric("tunesmith_step_seconds", Type.HISTOGRAM, "How long steps of reconcilers took.", ("kind",))
RETRIES = Metric(
    "tunesmith_retries_total",
    Type.COUNTER,
    "Steps that are tried again later, or not any more (given_up).",
    ("kind", "why"),
)
VENDOR_ERRORS = Metric(
    "tunesmith_vendor_errors_total",
    Type.COUNTER,
    "Calls that a vendor refused, lost or did not answer, by what that is to the bot.",
    ("vendor", "error"),
)
JOB_EVENTS = Metric(
    "tunesmith_job_events_total",
    Type.COUNTER,
    "Messages in the queues of Bedrock's events: about jobs that are followed (taken), about others, or none at all.",
    ("result",),
    results=("taken", "foreign", "malformed"),
)
STREAMS = Metric(
    "tunesmith_streams_total",
    Type.COUNTER,
    "Answers that were written as they came, by how they ended.",
    ("result",),
    results=("whole", "stopped", "failed", "interrupted"),
)
STREAMS_OPEN = Metric("tunesmith_streams_open", Type.GAUGE, "Answers that are being written now.")
FAULTS_OPEN = Metric("tunesmith_faults_open", Type.GAUGE, "Faults in the log that are not over.")
NOT_READY = Metric(
    "tunesmith_not_ready",
    Type.GAUGE,
    "Things that a process cannot work without and that did not work at the last try, as its /readyz names them: the "
    "Slack token, the connection to Slack, the AWS identity, the buckets.",
)
STORE_UP = Metric(
    "tunesmith_store_up", Type.GAUGE, "1 when Redis answered the last look for these figures, else 0."
)
QUEUE_DUE = Metric(
    "tunesmith_queue_due",
    Type.GAUGE,
    "Resources that are due and that nobody has taken.",
    ("kind",),
    Source.STORE,
)
QUEUE_AGE = Metric(
    "tunesmith_queue_age_seconds",
    Type.GAUGE,
    "For how long the oldest of them has been due; 0 when nothing is.",
    ("kind",),
    Source.STORE,
)
LEASE_DOLLARS = Metric(
    "tunesmith_lease_dollars_per_hour",
    Type.GAUGE,
    "What AWS bills an hour for throughput that is leased now, as far as prices are known.",
    source=Source.STORE,
)
LEASES_UNPRICED = Metric(
    "tunesmith_leases_unpriced",
    Type.GAUGE,
    "Leases that are billed at a price that nobody knows.",
    source=Source.STORE,
)
DEADLINES_MISSED = Metric(
    "tunesmith_deadlines_missed",
    Type.GAUGE,
    "Leases whose time is over for more than two minutes and that are not released.",
    source=Source.STORE,
)
PROCESSES = Metric(
    "tunesmith_workers",
    Type.GAUGE,
    "Processes that looked at the work queue within the last minute.",
    source=Source.STORE,
)

METRICS: tuple[Metric, ...] = (
    ACKNOWLEDGEMENTS, UNACKNOWLEDGED, DELIVERIES, TICKS, STEPS, RETRIES, VENDOR_ERRORS, JOB_EVENTS, STREAMS,
    STREAMS_OPEN, FAULTS_OPEN, NOT_READY, STORE_UP, QUEUE_DUE, QUEUE_AGE, LEASE_DOLLARS, LEASES_UNPRICED,
    DEADLINES_MISSED, PROCESSES,
)  # fmt: skip
"""All of them, in the order in which people read them."""


def value_of(label: str, value: str) -> str:
    """Return the value as the label has it: one that was not known beforehand is ``other``."""
    if label == "kind":
        return value if KIND.fullmatch(value) else OTHER
    return value if value in _values(label) else OTHER


@cache
def _values(label: str) -> frozenset[str]:
    return LABELS[label]()


# Telling figures

_guard = threading.Lock()


@cache
def registry() -> "CollectorRegistry":
    """Return where this process's own figures are."""
    from prometheus_client import CollectorRegistry, disable_created_metrics  # noqa: PLC0415 -- see above

    disable_created_metrics()  # type: ignore[no-untyped-call]
    return CollectorRegistry()


@cache
def _made(metric: Metric) -> Any:
    from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415 -- see above

    if metric.type is Type.HISTOGRAM:
        return Histogram(metric.name, metric.help, metric.labels, registry=registry(), buckets=metric.buckets)
    make: Any = Counter if metric.type is Type.COUNTER else Gauge
    return make(metric.name, metric.help, metric.labels, registry=registry())


def _of(metric: Metric, values: tuple[str, ...]) -> Any:
    with _guard:  # two threads that tell a first figure would make it twice
        made = _made(metric)
    known = [value_of(label, value) for label, value in zip(metric.labels, values, strict=True)]
    return made.labels(*known) if known else made


def count(metric: Metric, *values: str) -> None:
    """Count one more. ``values`` are those of its labels, in their order."""
    _of(metric, values).inc()


def observe(metric: Metric, seconds: float, *values: str) -> None:
    """Take a duration into a histogram."""
    _of(metric, values).observe(seconds)


def change(metric: Metric, by: float) -> None:
    """Move a gauge without labels."""
    _of(metric, ()).inc(by)


def put(metric: Metric, value: float) -> None:
    """Set a gauge without labels."""
    _of(metric, ()).set(value)


def acknowledged(what: str, status: int, seconds: float) -> None:
    """Count a delivery by how it was answered: 200 acknowledges it."""
    if status == 200:
        observe(ACKNOWLEDGEMENTS, seconds, what)
    else:
        count(UNACKNOWLEDGED, what)


def vendor_error(vendor: str, error: Raised) -> Raised:
    """Count what a vendor's failure is to us, and return it to be raised."""
    count(VENDOR_ERRORS, vendor, type(error).__name__)
    return error


def begin() -> None:
    """Have every figure without labels, and every known value of a label, told from the start, as 0."""
    for metric in METRICS:
        if metric.source is not Source.PROCESS or metric is STORE_UP:
            continue
        if not metric.labels:
            _of(metric, ())
        elif len(metric.labels) == 1 and metric.labels != ("kind",):
            for value in metric.results or sorted(_values(metric.labels[0])):
                _of(metric, (value,))
