"""How a process of the bot logs: a fault in one line, and one more when it is over.

Everything that is logged passes :class:`FaultFilter`, the vendors' own loggers too, so that no call site has to know.
What is the same fault: the same cause, where one of our errors tells it (``FaultText``); the same kind of exception
from the same place; else the same words, numbers and IDs aside.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot import metrics
from bot.clock import Clock
from bot.errors import Cause, FaultText, Misconfigured, Unavailable
from bot.faults import MOST, Fault, FaultRegister, News, What
from bot.lately import Lately
from bot.log_lines import FORMATS, OVER

LOOK_EVERY = 10.0
"""Seconds between two looks at which faults are over."""
OPERATORS_PATIENCE = 60.0
"""Seconds that a fault lasts before the operator is told: what passes at once is nobody's business."""
VENDORS = ("botocore", "boto3", "urllib3", "slack_sdk", "slack_bolt")
"""Whose libraries log by themselves."""
TOLD_BY_US = "slack_sdk.web"
"""The library that logs each answer that it cannot read, and raises it for an adapter of ours, which tells it."""
CONNECTION = "slack_sdk.socket_mode"
"""The library that keeps the connection to Slack: what it complains of is Slack being away."""
ALWAYS = "always"
"""``extra={ALWAYS: True}``: a line that somebody may look for, by a reference; only its traceback is left out."""

_VARYING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{6,}\b|\d+")
_log = logging.getLogger(__name__)

TellOperator = Callable[[str], object]
"""Tells the operator something in Slack; raises when that is not possible."""


class FaultFilter(logging.Filter):
    """Lets the first record of each fault through and counts the others."""

    def __init__(self, register: FaultRegister, clock: Clock) -> None:
        super().__init__()
        self._register = register
        self._clock = clock

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be written."""
        met = None if record.name == __name__ else met_by(record)
        if met is None:
            return True
        cause, now = met.cause, self._clock.monotonic()
        if getattr(record, OVER, False):
            self._register.end(met.key, now)
            return False
        is_outage = cause is not None and cause.is_outage
        # What is neither an outage nor a vendor's wish for patience has a cause that somebody mends.
        by_hand = cause is not None and not (is_outage or cause.is_patience)
        if self._register.meet(
            met.key, met.text, now, serious=met.serious, is_outage=is_outage, is_by_hand=by_hand
        ):
            _told_as_a_fault(cause, record)
            if met.key == Cause.SLACK_AWAY and cause is None:
                _as_an_outage(record)
            return True
        if getattr(record, ALWAYS, False):
            record.exc_info = record.exc_text = None
            return True
        return False


def _as_an_outage(record: logging.LogRecord) -> None:
    """Have what the library says of a connection that broke, and is made anew, be as grave as any outage."""
    record.levelno = min(record.levelno, logging.WARNING)
    record.levelname = logging.getLevelName(record.levelno)


@dataclass(frozen=True, slots=True)
class Met:
    """A fault as one record tells it: what is the same for all its records, its words, whether it matters to people."""

    key: str
    text: str
    serious: bool
    cause: FaultText | None = None
    """What one of our errors tells of it: everything with the same cause is one fault."""


def _told_as_a_fault(cause: FaultText | None, record: logging.LogRecord) -> None:
    """Have the one line of a fault whose cause is known tell it, and how grave it is, whichever line met it first.

    *It is put off* is no news by itself, and that Redis is away is; a vendor that asks for patience never is. Where it
    was met is no news either: a traceback would be that of whoever happened to be first.
    """
    if cause is None:
        return
    message = record.getMessage()
    if cause not in message:
        record.msg, record.args = "%s: %s", (message, cause)
    record.exc_info = record.exc_text = None
    # An outage is as grave whichever line met it first: somebody's look whether all is well, or a step that waits.
    gravest = logging.WARNING if cause.is_outage else record.levelno
    record.levelno = logging.INFO if cause.is_patience else max(gravest, logging.WARNING)
    record.levelname = logging.getLevelName(record.levelno)


def met_by(record: logging.LogRecord) -> Met | None:
    """Return the fault that a record tells of, or None when it tells of none."""
    error = record.exc_info[1] if record.exc_info else None
    arguments = record.args if isinstance(record.args, tuple) else ()
    for each in (error, *arguments):
        told = each.sentence if isinstance(each, (Misconfigured, Unavailable)) else each
        if isinstance(told, FaultText):
            return Met(told.fault, str(told), serious=not told.is_patience, cause=told)
    if record.levelno < logging.WARNING:
        return None
    text = record.getMessage().partition("\n")[0]
    if record.name.startswith(CONNECTION):
        return Met(Cause.SLACK_AWAY, text, serious=False)
    # What a vendor's library logs as an error is told again by the adapter over it, in words for people.
    serious = record.levelno >= logging.ERROR and record.name.partition(".")[0] not in VENDORS
    if error is not None:
        return Met(f"{type(error).__name__} at {record.pathname}:{record.lineno}", text, serious)
    return Met(f"{record.name}: {_VARYING.sub('#', record.getMessage())}", text, serious)


class FaultWatch:
    """Tells of faults that are over, and the operator of those that last: once, and once when they are over."""

    def __init__(self, register: FaultRegister, clock: Clock) -> None:
        self._register = register
        self._clock = clock
        self._told: set[str] = set()
        self._times_over: Lately[str, int] = Lately(MOST)
        self._ends: list[News] = []
        self.tell_operator: TellOperator | None = None
        """How the operator is told; None: nobody is, beside the log."""

    def look(self) -> None:
        """Look once. Never raises."""
        now = self._clock.monotonic()
        news = self._register.look(now)
        metrics.put(metrics.FAULTS_OPEN, self._register.open())
        for what, fault in news:
            level = logging.INFO if what is What.OVER else logging.WARNING
            _log.log(level, "%s", _in_the_log(what, fault))
            if what is What.OVER and fault.key in self._told:
                self._told.discard(fault.key)
                self._ends.append(
                    self._news(fault, f"That is over after {_lasted(fault)}: {fault.text}", what)
                )
                self._times_over.put(fault.key, (self._times_over.get(fault.key) or 0) + 1)
        self._ends = [each for each in self._ends[-MOST:] if not self._tell(each)]
        for fault in self._register.lasting(OPERATORS_PATIENCE):
            text = f"Something is wrong, and I go on trying: {fault.text}"
            if fault.key not in self._told and self._tell(self._news(fault, text, What.BEGAN)):
                self._told.add(fault.key)

    def _news(self, fault: Fault, text: str, what: What) -> News:
        # Counted, so that what breaks once more within the hour is told once more.
        return News(text, f"{what} {self._times_over.get(fault.key) or 0} {fault.key}")

    def _tell(self, text: News) -> bool:
        """Tell the operator, and return whether they were told: with Slack away it is tried at the next look."""
        if self.tell_operator is None:
            return False
        try:
            self.tell_operator(text)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the log has the fault
            _log.debug("the operator could not be told: %r", error)
            return False
        return True

    def run(self, stop: threading.Event) -> None:
        """Look again and again until ``stop`` is set."""
        while not stop.wait(LOOK_EVERY):
            self.look()


def _in_the_log(what: What, fault: Fault) -> str:
    word = "over after" if what is What.OVER else "still so after"
    times = "once" if fault.times == 1 else f"{fault.times} times"
    return f"{word} {_lasted(fault)}, {times}: {fault.text}"


def _lasted(fault: Fault) -> str:
    return f"{fault.minutes:.0f} min" if fault.minutes >= 1 else f"{fault.minutes * 60:.0f} s"


def configure(level: str, clock: Clock, written: str = "text") -> FaultWatch:
    """Have everything of this process logged to standard error, from ``level`` on, and return what watches faults.

    ``written`` is the format: text, or json.
    """
    logging.basicConfig(level=level)
    # The vendors' libraries tell of every request at INFO, some of them with what was in it.
    for noisy in VENDORS:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger(TOLD_BY_US).setLevel(logging.CRITICAL)
    register = FaultRegister()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(FORMATS[written]())
        handler.addFilter(FaultFilter(register, clock))
    return FaultWatch(register, clock)


@contextmanager
def watched(watch: FaultWatch) -> Iterator[None]:
    """Look at the faults while it lasts, in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,), name="faults", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
