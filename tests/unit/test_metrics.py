"""Figures for Prometheus: each declared, each with few values that are known beforehand, whoever types what."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.controller.controller import Controller
from bot.controller.model import Key, Registration
from bot.errors import Throttled, Unavailable
from bot.kinds import KINDS
from bot.metrics import METRICS, Metric, Type
from bot.monitoring import FRESH, Figure, Monitoring
from tests.doubles.clock import FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.resources import InMemoryResources

HOSTILE = (
    "claims-router",
    "U0TRAINER1",
    "C0CLAIMSAI",
    "What does it cost?",
    "Slash_Commands",
    "",
    "\n",
    "é" * 40,
)


def families(page: bytes) -> dict[str, Any]:
    return {each.name: each for each in text_string_to_metric_families(page.decode())}


def value(metric: Metric, *labels: str) -> float:
    name = f"{metric.name}_count" if metric.type is Type.HISTOGRAM else metric.name
    wanted = dict(zip(metric.labels, labels, strict=True))
    return metrics.registry().get_sample_value(name, wanted) or 0.0


def monitoring(looks: Iterable[Any] = (), **more: Any) -> Monitoring:
    return Monitoring(list(looks), FakeClock(), **more)


def test_names_and_labels_are_in_order() -> None:
    wrong = [
        each.name
        for each in METRICS
        if not each.name.startswith("tunesmith_")
        or each.name.endswith("_total") is not (each.type is Type.COUNTER)
        or not each.help.endswith(".")
        or not {*each.labels} <= {*metrics.LABELS, "kind"}
        or bool(each.results) is not ("result" in each.labels)
    ]
    assert wrong == []
    assert len({each.name for each in METRICS}) == len(METRICS)
    assert all(metrics.KIND.fullmatch(kind) for kind in KINDS)


def test_whatever_is_put_into_a_label_there_are_only_values_that_were_known_before() -> None:
    for metric in METRICS:
        for text in HOSTILE:
            if metric.labels and metric.type is not Type.GAUGE:
                told = [text] * len(metric.labels)
                if metric.type is Type.HISTOGRAM:
                    metrics.observe(metric, 0.1, *told)
                else:
                    metrics.count(metric, *told)
    look = [Figure(each, 1, HOSTILE[:1]) for each in METRICS if each.labels == ("kind",)]
    page = monitoring([lambda: look]).page()
    wrong, series = [], 0
    for family in families(page).values():
        for sample in family.samples:
            series += 1
            for label, said in sample.labels.items():
                if label != "le" and metrics.value_of(label, said) != said and said != metrics.OTHER:
                    wrong.append((family.name, label, said))
    assert wrong == []
    assert series < 1500
    assert not any(each.encode() in page for each in HOSTILE[:4])


def test_every_metric_is_on_the_page_from_the_start() -> None:
    look = [
        Figure(each, 1, ["job"] * len(each.labels)) for each in METRICS if each.source is metrics.Source.STORE
    ]
    metrics.count(metrics.RETRIES, "job", "failed")
    metrics.count(metrics.VENDOR_ERRORS, "aws", "Throttled")
    metrics.observe(metrics.STEPS, 0.1, "job")
    found = families(monitoring([lambda: look]).page())
    assert {each.name.removesuffix("_total") for each in METRICS} == found.keys()
    assert {each.name.removesuffix("_total"): str(each.type) for each in METRICS} == {
        name: family.type for name, family in found.items()
    }


def test_while_the_store_hangs_or_is_away_the_page_says_so_and_has_the_rest() -> None:
    hangs = threading.Event()

    def slow() -> Iterator[Figure]:
        hangs.wait(10)
        yield Figure(metrics.LEASE_DOLLARS, 20)

    def away() -> Iterator[Figure]:
        raise Unavailable("Redis is away.")

    for look in (slow, away):
        found = families(monitoring([look], patience=0.01).page())
        assert found["tunesmith_store_up"].samples[0].value == 0
        assert "tunesmith_lease_dollars_per_hour" not in found
        assert "tunesmith_ticks" in found
    hangs.set()


def test_the_store_is_read_once_however_many_scrape() -> None:
    looks: list[int] = []
    clock = FakeClock()

    def look() -> list[Figure]:
        looks.append(1)
        return [Figure(metrics.LEASE_DOLLARS, len(looks))]

    made = Monitoring([look], clock)
    for _ in range(3):
        assert families(made.page())["tunesmith_lease_dollars_per_hour"].samples[0].value == 1
    clock.advance(FRESH + 1)
    assert families(made.page())["tunesmith_lease_dollars_per_hour"].samples[0].value == 2


@pytest.mark.parametrize(
    ("error", "why"),
    [(Unavailable("x"), "away"), (KeyError("x"), "failed"), (Throttled("x", retry_after=1), "throttled")],
)
def test_steps_and_retries_are_counted_by_kind(error: Exception, why: str) -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    resources.register(Registration(Key("job", "j1"), {}))

    def fail(_: object) -> Any:
        raise error

    before = value(metrics.RETRIES, "job", why), value(metrics.STEPS, "job")
    Controller(resources, {"job": fail}, clock, kinds=BARE).tick()
    assert (value(metrics.RETRIES, "job", why), value(metrics.STEPS, "job")) == (before[0] + 1, before[1] + 1)


def test_what_was_not_counted_yet_is_told_as_none_of_that_metric_alone() -> None:
    metrics.begin()
    told = families(monitoring().page())
    for each in METRICS:
        if each.results:
            found = {sample.labels["result"] for sample in told[each.name.removesuffix("_total")].samples}
            assert found - {metrics.OTHER} <= {*each.results}
            assert {*each.results} <= found
