"""What the bot cannot work without beside Redis: the Slack token, the AWS identity, the buckets; tried again and again.

A fault is logged whenever it is met, which the log writes once (:mod:`bot.logs`), and is known to whoever probes and to
Prometheus.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

from bot import metrics
from bot.clock import Clock
from bot.errors import FaultText, Throttled, TunesmithError
from bot.log_lines import OVER

log = logging.getLogger(__name__)

Trial = Callable[[], str]
"""Tries one thing and returns what is wrong with it in a sentence, empty when nothing is; may raise our own errors."""

EVERY = 60.0
"""Seconds between two tries of everything."""
SOON = 5.0
"""Seconds after which what did not work is tried again; then twice as many each time, up to a minute."""
PATIENCE = 15.0
"""Seconds that one try of everything may take."""
UNTRIED = "I have just begun, and have not tried yet what I need."
"""Not ready, as long as nobody knows better: whoever rolls an update out ends the process before by that answer."""


class Readiness:
    """Tries things and remembers what is wrong.

    Args:
        trials: by what they are about, for the log: ``the Slack token``.
        clock: measures how long a try takes.
    """

    def __init__(self, trials: Mapping[str, Trial], clock: Clock) -> None:
        self._trials = dict(trials)
        self._clock = clock
        self._at_once: frozenset[str] = frozenset()
        self._faults: dict[str, str] = {}
        self._is_tried = False
        self._lock = threading.Lock()

    def also(self, what: str, trial: Trial, *, at_once: bool = False) -> None:
        """Try one thing more from now on, that is known only once the process has begun.

        ``at_once``: its trial never waits, so that it is tried whenever somebody asks, too.
        """
        with self._lock:
            self._trials = {**self._trials, what: trial}
            self._at_once |= {what} if at_once else set()

    def problems(self) -> list[str]:
        """Return what was wrong at the last try, a sentence for each cause; that there was none yet. Never waits."""
        with self._lock:
            if not self._is_tried:
                return [UNTRIED]
            quick = {what: self._trials[what] for what in self._at_once}
        for what, trial in quick.items():
            if (fault := _outcome(trial)) is not None:
                self._note(what, fault)
        with self._lock:
            found = [self._faults[what] for what in self._trials if what in self._faults]
        return list({_cause(each): each for each in found}.values())

    def try_all(self) -> list[str]:
        """Try everything at once, log it, and return what is wrong. Never raises."""
        trials = self._trials
        pool = ThreadPoolExecutor(max(1, len(trials)), thread_name_prefix="readiness")
        begun = {what: pool.submit(_outcome, trial) for what, trial in trials.items()}
        deadline = self._clock.monotonic() + PATIENCE
        for what, future in begun.items():
            try:
                fault = future.result(max(0.0, deadline - self._clock.monotonic()))
            except TookTooLong:
                fault = f"There was no answer within {PATIENCE:.0f} s when I tried {what}."
            if fault is not None:
                self._note(what, fault)
        pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._is_tried = True
        return self.problems()

    def keep_trying(self, stop: threading.Event) -> None:
        """Try everything once a minute until ``stop`` is set, and sooner at first what did not work."""
        soon = SOON
        while not stop.wait(soon if (wrong := self.problems()) else EVERY):
            soon = min(EVERY, soon * 2) if self.try_all() and wrong else SOON

    def _note(self, what: str, fault: str) -> None:
        with self._lock:
            before = self._faults.pop(what, "")
            if fault:
                self._faults[what] = fault
            metrics.put(metrics.NOT_READY, len(self._faults))
            is_over = bool(before) and not any(
                _cause(each) == _cause(before) for each in self._faults.values()
            )
        if is_over:
            # Known at once, so that nobody waits until it was not met for long.
            log.error("not ready: %s", before, extra={OVER: True})
        if fault:
            # At each try: the log writes it once, tells of its end, and has the operator told of what lasts.
            log.error("not ready: %s", fault)


def _cause(fault: str) -> str:
    return fault.fault if isinstance(fault, FaultText) else fault


def _outcome(trial: Trial) -> str | None:
    """Return what is wrong, empty when nothing is; None when the vendor asked for patience, which tells neither."""
    try:
        return trial()
    except Throttled:
        return None
    except TunesmithError as error:
        said = error.sentence
        text = f"{said} ({error.detail})" if error.detail else said
        return said.saying(text) if isinstance(said, FaultText) else FaultText(text, error.message)
    except Exception as error:  # noqa: BLE001 -- a defect in a trial is a fault of that trial, and told as one
        return f"{type(error).__name__}: {error}"
