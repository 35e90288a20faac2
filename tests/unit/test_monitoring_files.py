"""The alerts and the dashboard name metrics that there are; promtool, where it is installed, evaluates the alerts."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot.cli.monitoring_files import ALERTS, dashboard, query, rules
from bot.metrics import METRICS, Source, Type, value_of

SERIES = {
    name: each
    for each in METRICS
    for name in (
        [f"{each.name}_bucket", f"{each.name}_count"] if each.type is Type.HISTOGRAM else [each.name]
    )
}
MADE_OF = [
    *((each.name, each.expression) for each in ALERTS),
    *((each.name, query(each)) for each in METRICS),
]


def test_every_expression_is_of_metrics_labels_and_values_that_there_are() -> None:
    wrong: list[tuple[str, str]] = []
    for name, expression in MADE_OF:
        named = re.findall(r"tunesmith_\w+", expression)
        labels = {label for each in named if each in SERIES for label in SERIES[each].labels} | {"le", "job"}
        used = {
            word for group in re.findall(r"by \(([^)]*)\)", expression) for word in re.split(r",\s*", group)
        }
        values = [
            (label, value)
            for label, said in re.findall(r'(\w+)=~"([^"]+)"', expression)
            for value in said.split("|")
        ]
        wrong += [(name, each) for each in named if each not in SERIES]
        wrong += [(name, label) for label in used - labels]
        wrong += [(name, value) for label, value in values if value_of(label, value) != value]
        assert named
    assert wrong == []


def test_what_the_store_says_is_never_summed_over_processes() -> None:
    summed = [
        name
        for name, expression in MADE_OF
        for each in METRICS
        if each.source is Source.STORE and re.search(rf"sum[^(]*\(({each.name})", expression)
    ]
    assert summed == []


def test_the_dashboard_has_a_panel_for_each_metric_and_none_over_another() -> None:
    panels = json.loads(dashboard())["panels"]
    assert len(panels) == len(METRICS)
    places = {(each["gridPos"]["x"], each["gridPos"]["y"]) for each in panels}
    assert (
        len(places)
        == len({each["id"] for each in panels})
        == len({each["title"] for each in panels})
        == len(METRICS)
    )


# Alerts: for each, series by which it fires, by which it does not, and by which it has fired and is over

GONE = {f'{each}{{job="a"}}': "1x10 _x50" for each in ("tunesmith_workers", "tunesmith_store_up")}
"""Of a bot of which no process is left."""
LATE = {
    'tunesmith_acknowledgement_seconds_bucket{job="a",type="interactive",le="2.0"}': "0+1x30 30+60x30",
    'tunesmith_acknowledgement_seconds_bucket{job="a",type="interactive",le="3.0"}': "0+60x30 1800+60x30",
    'tunesmith_acknowledgement_seconds_bucket{job="a",type="interactive",le="+Inf"}': "0+60x30 1800+60x30",
}
Series = dict[str, str]
FIRES: dict[str, tuple[list[Series], Series, Series]] = {
    "TunesmithNotAtWork": (
        [
            {},
            {'tunesmith_store_up{job="a"}': "0x60"},
            {'tunesmith_workers{job="a"}': "0x60", 'tunesmith_store_up{job="a"}': "1x60"},
            GONE,
            # of two, the one that is at work says nothing of the other
            GONE | {'tunesmith_workers{job="b"}': "1x60", 'tunesmith_store_up{job="b"}': "1x60"},
        ],
        {'tunesmith_workers{job="a"}': "1x60", 'tunesmith_store_up{job="a"}': "1x60"},
        {'tunesmith_workers{job="a"}': "_x30 1x30", 'tunesmith_store_up{job="a"}': "0x30 1x30"},
    ),
    "TunesmithDeadlineMissed": (
        [{'tunesmith_deadlines_missed{job="a"}': "1x60"}],
        {'tunesmith_deadlines_missed{job="a"}': "0x60"},
        {'tunesmith_deadlines_missed{job="a"}': "1x30 0x30"},
    ),
    "TunesmithNotReady": (
        [
            {
                'tunesmith_not_ready{job="a",instance="1"}': "0x60",
                'tunesmith_not_ready{job="a",instance="2"}': "1x60",
            }
        ],
        {'tunesmith_not_ready{job="a",instance="1"}': "0x60"},
        {'tunesmith_not_ready{job="a",instance="1"}': "1x30 0x30"},
    ),
    "TunesmithQueueWaits": (
        [{'tunesmith_queue_age_seconds{job="a",kind="job"}': "400x60"}],
        {'tunesmith_queue_age_seconds{job="a",kind="job"}': "20x60"},
        {'tunesmith_queue_age_seconds{job="a",kind="job"}': "400x30 0x30"},
    ),
    "TunesmithSlackUnanswered": (
        [LATE, {'tunesmith_unacknowledged_total{job="a",type="interactive"}': "0+6x60"}],
        {
            'tunesmith_acknowledgement_seconds_bucket{job="a",type="interactive",le="2.0"}': "0+60x60",
            'tunesmith_acknowledgement_seconds_bucket{job="a",type="interactive",le="+Inf"}': "0+60x60",
            'tunesmith_unacknowledged_total{job="a",type="interactive"}': "0+1x60",
        },
        LATE,
    ),
    "TunesmithVendorFails": (
        [{'tunesmith_vendor_errors_total{job="a",vendor="aws",error="Unavailable"}': "0+60x60"}],
        {
            'tunesmith_vendor_errors_total{job="a",vendor="aws",error="Throttled"}': "0+60x60",
            'tunesmith_vendor_errors_total{job="a",vendor="slack",error="Unavailable"}': "0+1x60",
        },
        {'tunesmith_vendor_errors_total{job="a",vendor="aws",error="Unavailable"}': "0+60x30 1800+0x30"},
    ),
}
DURING, AFTER = "25m", "58m"


def cases() -> Iterator[dict[str, Any]]:
    assert FIRES.keys() == {each.name for each in ALERTS}
    at_work = {'tunesmith_workers{job="z"}': "1x60", 'tunesmith_store_up{job="z"}': "1x60"}
    for name, (bad, good, mended) in FIRES.items():
        for series, fires in (
            *((each, {DURING: 1}) for each in bad),
            (good, {DURING: 0}),
            (mended, {DURING: 1, AFTER: 0}),
        ):
            given = series if name == "TunesmithNotAtWork" else at_work | series
            yield {
                "interval": "1m",
                "input_series": [
                    {"series": each, "values": _steps(values)} for each, values in given.items()
                ],
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)',
                        "eval_time": when,
                        "exp_samples": [{"labels": "{}", "value": count}],
                    }
                    for when, count in fires.items()
                ],
            }


def _steps(values: str) -> str:
    """Write out what stays: ``1x30`` is a value and thirty more of it."""
    return re.sub(r"(?<![\d+_.])(\d+)x", r"\1+0x", values)


@pytest.mark.slow
def test_each_alert_fires_when_it_should_and_else_not(tmp_path: Path) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("NO ALERT IS EVALUATED: promtool is missing (Debian: apt install prometheus)")
    (tmp_path / "alerts.yaml").write_text(rules(), encoding="utf-8")
    tests = {"rule_files": ["alerts.yaml"], "evaluation_interval": "1m", "tests": list(cases())}
    (tmp_path / "tests.yaml").write_text(json.dumps(tests), encoding="utf-8")
    for command in (["check", "rules", "alerts.yaml"], ["test", "rules", "tests.yaml"]):
        ran = subprocess.run(
            [program, *command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_rules_are_yaml_with_words_for_whoever_is_woken() -> None:
    [group] = yaml.safe_load(rules())["groups"]
    assert [each["alert"] for each in group["rules"]] == [each.name for each in ALERTS]
    assert all(
        each["annotations"]["description"] and each["labels"]["severity"] in ("page", "ticket")
        for each in group["rules"]
    )
