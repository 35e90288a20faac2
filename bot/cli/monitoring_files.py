"""The alerts for Prometheus and the dashboard for Grafana, made from the metrics' declarations: ``docs/deploy``."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.metrics import METRICS, Metric, Source, Type

WIDTH, HEIGHT, COLUMNS = 12, 8, 2
"""Of a panel, in Grafana's grid of 24 columns."""
LINK = "https://github.com/tunesmith/tunesmith/blob/main/docs/operations.md#alerts"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that somebody should be woken or asked for: when, for how long, and what they do then."""

    name: str
    expression: str
    lasts: str
    severity: str
    """``page``: money or answers are lost meanwhile. ``ticket``: in working hours."""
    summary: str
    mend: str


SEEN = "tunesmith_store_up[1h]"
"""What every process tells of itself, whatever is away: so a bot that told it lately is one that should be at work."""

ALERTS: tuple[Alert, ...] = (
    Alert(
        "TunesmithNotAtWork",
        f"(max by (job) (tunesmith_workers) or 0 * max by (job) (max_over_time({SEEN}))"
        f" or 0 * absent_over_time({SEEN})) < 1",
        "5m",
        "page",
        "No process does any work, or Redis does not answer: releases of throughput wait.",
        "Look at /readyz of a worker and at its log. While Redis is away, running workers release what is over all the "
        "same; with no worker, end throughput in the AWS console.",
    ),
    Alert(
        "TunesmithDeadlineMissed",
        "max by (job) (tunesmith_deadlines_missed) > 0",
        "2m",
        "page",
        "Throughput is billed beyond its deadline.",
        "The log says what keeps it from being deleted. Delete it in the AWS console if that takes longer; the bot "
        "sees that it is gone.",
    ),
    Alert(
        "TunesmithNotReady",
        "max by (job) (tunesmith_not_ready) > 0",
        "10m",
        "ticket",
        "A process lacks what it cannot work without: people are not heard, or nothing gets on at AWS.",
        "/readyz of each process, and one line of its log, name what it is: the Slack token, the connection to Slack, "
        "the AWS identity, or a bucket.",
    ),
    Alert(
        "TunesmithQueueWaits",
        "max by (job, kind) (tunesmith_queue_age_seconds) > 300",
        "5m",
        "ticket",
        "Work of the kind {{ $labels.kind }} has waited for more than five minutes.",
        "Start more workers, or see in the log what holds them up.",
    ),
    Alert(
        "TunesmithSlackUnanswered",
        "sum by (job) (rate(tunesmith_unacknowledged_total[5m])) > 0.05"
        " or histogram_quantile(0.95, sum by (job, le) (rate(tunesmith_acknowledgement_seconds_bucket[5m]))) > 2",
        "5m",
        "ticket",
        "Slack's deliveries are answered too late, or not: people read that the app did not respond.",
        "Start more listeners, and see whether Redis is slow: each delivery is recorded there first.",
    ),
    Alert(
        "TunesmithVendorFails",
        "sum by (job, vendor) (rate(tunesmith_vendor_errors_total"
        '{error=~"Unavailable|UnknownOutcome|Misconfigured|NoIdentity"}[10m])) > 0.1',
        "10m",
        "ticket",
        "Calls to {{ $labels.vendor }} fail again and again.",
        "The log has the cause in one line.",
    ),
)
"""Each is of one bot: several on one Prometheus are told apart by ``job``, so that none hides behind another."""


def rules() -> str:
    """Return the alerts as a rule file of Prometheus: YAML, of which JSON strings are a part."""
    lines = ["# Written by `./tunesmith gen`.", "groups:", "  - name: tunesmith", "    rules:"]
    for each in ALERTS:
        lines += [
            f"      - alert: {each.name}",
            f"        expr: {json.dumps(each.expression)}",
            f"        for: {each.lasts}",
            "        labels:",
            f"          severity: {each.severity}",
            "        annotations:",
            f"          summary: {json.dumps(each.summary)}",
            f"          description: {json.dumps(each.mend)}",
            f"          runbook_url: {LINK}",
        ]
    return "\n".join(lines) + "\n"


def dashboard() -> str:
    """Return the dashboard, a panel a metric, as Grafana imports it."""
    body = {
        "title": "Tunesmith",
        "uid": "tunesmith",
        "schemaVersion": 39,
        "editable": True,
        "tags": ["tunesmith"],
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
            ]
        },
        "panels": list(_panels()),
    }
    return json.dumps(body, indent=2) + "\n"


def query(metric: Metric) -> str:
    """Return what a panel shows of a metric: what each process counts is summed, what the store says never is.

    Several bots have a line each.
    """
    by = ", ".join(_apart(metric))
    if metric.type is Type.COUNTER:
        return f"sum by ({by}) (rate({metric.name}[$__rate_interval]))"
    if metric.type is Type.HISTOGRAM:
        return f"histogram_quantile(0.95, sum by (le, {by}) (rate({metric.name}_bucket[$__rate_interval])))"
    return f"{'sum' if metric.source is Source.PROCESS else 'max'} by ({by}) ({metric.name})"


def _apart(metric: Metric) -> tuple[str, ...]:
    return ("job", *metric.labels)


def _panels() -> Iterator[dict[str, Any]]:
    source = {"type": "prometheus", "uid": "${source}"}
    for number, metric in enumerate(METRICS):
        legend = " ".join(f"{{{{{label}}}}}" for label in _apart(metric))
        yield {
            "id": number + 1,
            "type": "timeseries",
            "title": _title(metric),
            "description": metric.help,
            "datasource": source,
            "gridPos": {
                "x": number % COLUMNS * WIDTH,
                "y": number // COLUMNS * HEIGHT,
                "w": WIDTH,
                "h": HEIGHT,
            },
            "fieldConfig": {"defaults": {"unit": _unit(metric), "min": 0}, "overrides": []},
            "targets": [
                {
                    "refId": "A",
                    "datasource": source,
                    "expr": query(metric),
                    "legendFormat": legend,
                }
            ],
        }


def _title(metric: Metric) -> str:
    words = re.sub(r"_(total|seconds)$", "", metric.name.removeprefix("tunesmith_")).replace("_", " ")
    suffix = {Type.COUNTER: " a second", Type.HISTOGRAM: ", 95th percentile"}.get(metric.type, "")
    return f"{words[:1].upper()}{words[1:]}{suffix}"


def _unit(metric: Metric) -> str:
    if "dollars" in metric.name:
        return "currencyUSD"
    if metric.name.endswith("_seconds"):
        return "s"
    return "ops" if metric.type is Type.COUNTER else "short"
