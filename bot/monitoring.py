"""The page of figures for Prometheus: what this process counted, and what the store says of all of them together.

The store is read at most once in some seconds, in a thread of its own, and not waited for longer than a moment: a
scrape must answer while Redis hangs, since that is when somebody looks.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from bot import metrics
from bot.clock import Clock
from bot.errors import TunesmithError
from bot.metrics import Metric

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FRESH = 5.0
"""Seconds for which what the store said is told again: several Prometheus servers may scrape."""
PATIENCE = 2.0
"""Seconds that a scrape waits for the store."""


class Figure(NamedTuple):
    """One value of a metric, with the values of its labels."""

    metric: Metric
    value: float
    labels: Sequence[str] = ()


Look = Callable[[], Iterable[Figure]]
"""Reads figures; may raise our own errors."""


class Monitoring:
    """What a scrape is answered with.

    Args:
        looks: read what the store knows; all or none of it is told.
        clock: for how fresh it is.
        patience: seconds that a scrape waits for the store.
    """

    def __init__(self, looks: Sequence[Look], clock: Clock, patience: float = PATIENCE) -> None:
        self._looks = tuple(looks)
        self._clock = clock
        self._patience = patience
        self._guard = threading.Lock()
        self._looking: threading.Thread | None = None
        self._figures: list[Figure] | None = None
        self._at = float("-inf")
        metrics.begin()

    def page(self) -> bytes:
        """Return all figures as Prometheus reads them. Never raises for what is away."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 -- as bot.metrics

        shared = CollectorRegistry()
        shared.register(_Collector(self._all()))
        return generate_latest(metrics.registry()) + generate_latest(shared)

    def _all(self) -> list[Figure]:
        known = self._of_store() if self._looks else []
        up = [Figure(metrics.STORE_UP, float(known is not None))] if self._looks else []
        return [*up, *(known or [])]

    def _of_store(self) -> list[Figure] | None:
        """Return what the store says, None when it does not answer in time. One look at a time, however many ask."""
        with self._guard:
            if self._clock.monotonic() - self._at <= FRESH:
                return self._figures
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, name="figures", daemon=True)
                self._looking.start()
            looking = self._looking
        looking.join(self._patience)
        with self._guard:
            return self._figures if self._clock.monotonic() - self._at <= FRESH else None

    def _look(self) -> None:
        try:
            found: list[Figure] | None = [each for look in self._looks for each in look()]
        except TunesmithError as away:
            log.warning("figures were not read: %s", away.sentence)
            found = None
        except Exception:
            log.exception("figures were not read")
            found = None
        with self._guard:
            self._figures, self._at = found, self._clock.monotonic()


class _Collector:
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Any]:
        """Yield one family a metric."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 -- as bot.metrics

        for metric in dict.fromkeys(each.metric for each in self._figures):
            family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
            for each in self._figures:
                if each.metric is metric:
                    known = [metrics.value_of(*pair) for pair in zip(metric.labels, each.labels, strict=True)]
                    family.add_metric(known, each.value)
            yield family
