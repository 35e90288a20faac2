"""The log as a process has it, with what watches faults, on a clock that is moved by hand."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.faults import FaultRegister
from bot.logs import TOLD_BY_US, VENDORS, FaultFilter, FaultWatch
from tests.doubles.clock import FakeClock


class Lines(logging.Handler):
    """What would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def texts(self) -> list[str]:
        return [record.getMessage() for record in self.records]

    @property
    def tracebacks(self) -> int:
        return sum(1 for record in self.records if record.exc_info)


class LogBench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.lines = Lines()
        register = FaultRegister()
        self.lines.addFilter(FaultFilter(register, self.clock))
        self.watch = FaultWatch(register, self.clock)
        self.told: list[str] = []
        self.watch.tell_operator = self.told.append

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.watch.look()


@contextmanager
def log_bench() -> Iterator[LogBench]:
    """Have what is logged at INFO and above filtered as a process does, and kept."""
    made = LogBench()
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    root.addHandler(made.lines)
    # A bot that ran in this process earlier has quietened others' loggers for good.
    quietened = {each: each.level for each in map(logging.getLogger, (TOLD_BY_US, *VENDORS))}
    for each in quietened:
        each.setLevel(logging.NOTSET)
    try:
        yield made
    finally:
        for each, level in quietened.items():
            each.setLevel(level)
        root.removeHandler(made.lines)
        root.setLevel(before)
