"""Ordered trouble: what a test or a chaos run asks the stand-in to do wrong."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FaultKind: TypeAlias = Literal[
    "rate_limited", "drop_before", "drop_after", "server_error", "error", "delay", "hold"
]


@dataclass(frozen=True)
class Fault:
    """One thing to do wrong at one call. ``seconds`` is a Retry-After or a delay; ``error`` a Slack error name."""

    kind: FaultKind
    seconds: float = 0.0
    error: str = ""
    hold: "Hold | None" = None


@dataclass
class Hold:
    """A call stopped at the door until it is let in: for races without sleeping."""

    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait_until_reached(self, timeout: float = 5.0) -> None:
        """Wait until the call has arrived.

        Raises:
            TimeoutError: it did not come within ``timeout`` seconds.
        """
        if not self.reached.wait(timeout):
            raise TimeoutError("no call arrived")

    def release(self) -> None:
        """Let the call go on."""
        self.released.set()


class Faults:
    """Queues of faults by Web API method (``"*"`` is any method; ``"files.download"`` the file URLs,
    ``"files.upload"`` the upload URL, ``"response_url"`` the response URLs).

    Each fault is used up by one call. ``redirect_downloads`` has each download answered by a redirect first:
    ``"same"`` to another path of this host, or a host name such as ``"localhost"`` or ``"evil.example"``.
    ``truncate_downloads`` cuts each download's body after that many bytes.
    """  # noqa: D205 - the list of names is one sentence

    def __init__(self) -> None:
        self.redirect_downloads: str | None = None
        self.truncate_downloads: int | None = None
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Fault]] = {}

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        """Have the next ``times`` calls of a method go wrong, after those ordered earlier."""
        with self._lock:
            self._queues.setdefault(method, deque()).extend([fault] * times)

    def rate_limit(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """Answer 429 with Retry-After."""
        self.order(method, Fault("rate_limited", seconds=retry_after), times)

    def drop_before(self, method: str, *, times: int = 1) -> None:
        """Cut the connection before the call takes effect."""
        self.order(method, Fault("drop_before"), times)

    def drop_after(self, method: str, *, times: int = 1) -> None:
        """Let the call take effect and cut the connection instead of answering."""
        self.order(method, Fault("drop_after"), times)

    def server_error(self, method: str, *, times: int = 1) -> None:
        """Answer HTTP 500 with an HTML page, without effect."""
        self.order(method, Fault("server_error"), times)

    def error(self, method: str, error: str, *, times: int = 1) -> None:
        """Answer with one of Slack's errors, without effect."""
        self.order(method, Fault("error", error=error), times)

    def delay(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Wait some real seconds before the call is looked at."""
        self.order(method, Fault("delay", seconds=seconds), times)

    def hold(self, method: str) -> Hold:
        """Stop the next call at the door until the returned hold is released."""
        hold = Hold()
        self.order(method, Fault("hold", hold=hold))
        return hold

    def take(self, method: str) -> Fault | None:
        """Use up the next fault for a call of this method, if there is one."""
        with self._lock:
            for name in (method, "*"):
                if queue := self._queues.get(name):
                    return queue.popleft()
            return None

    def clear(self) -> None:
        """Forget all orders; calls that are held go on."""
        with self._lock:
            for queue in self._queues.values():
                for fault in queue:
                    if fault.hold is not None:
                        fault.hold.release()
            self._queues.clear()
            self.redirect_downloads = None
            self.truncate_downloads = None
