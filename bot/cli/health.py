"""Probes on a port of their own: ``/healthz`` says whether a restart would help, ``/readyz`` whether the bot can work.

They answer in threads of their own, whatever the other door does, and by Socket Mode too. Liveness looks at this
process alone: with Redis or Slack away, restarting every replica would mend nothing and lose what is in hand. What is
ready is looked at once in some seconds, however many ask. ``/metrics`` has the figures for Prometheus.
"""

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Protocol

from bot.errors import Misconfigured
from bot.monitoring import CONTENT_TYPE

LIVE_PATHS = ("/healthz", "/livez")
READY_PATH = "/readyz"
METRICS_PATH = "/metrics"
FRESH = 3.0
"""Seconds for which the same readiness is told again: several probes may ask."""
TIMEOUT = 5.0
"""Seconds that a client has for its request."""

_log = logging.getLogger(__name__)


class Probed(Protocol):
    """What is asked."""

    def stuck(self) -> list[str]:
        """Return why only a restart helps, a sentence each; empty when nothing is stuck."""

    def problems(self) -> list[str]:
        """Return what keeps the bot from working, a sentence each; empty when nothing does."""

    def metrics(self) -> bytes:
        """Return the page of figures for Prometheus."""


class Readiness:
    """Whether a bot can work, looked at once in some seconds. One look at a time, for which the others wait."""

    def __init__(self, bot: Probed, now: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._now = now
        self._guard = Lock()
        self._problems: list[str] = []
        self._at = float("-inf")

    def problems(self) -> list[str]:
        """Return all that keeps the bot from working: what is stuck, and what is away; empty when nothing is."""
        with self._guard:
            if self._now() - self._at > FRESH:
                self._problems = self._bot.stuck() + self._bot.problems()
                self._at = self._now()
            return self._problems


def told(problems: list[str]) -> tuple[HTTPStatus, bytes]:
    """Return the status and the JSON that a probe is answered with."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
    return status, json.dumps({"ok": not problems, "problems": problems}).encode()


@contextmanager
def probes(bot: Probed, port: int | None, address: str = "127.0.0.1") -> Iterator[int]:
    """Answer probes while it lasts, at an address of this machine; give the port, 0 when none is wanted.

    Raises:
        Misconfigured: the port is taken, or the address is none of this machine's.
    """
    if port is None:
        yield 0
        return
    try:
        server = (_Server6 if ":" in address else _Server)((address, port), _handler(bot))
    except OSError as error:
        raise Misconfigured(
            f"The port {port} for probes cannot be opened at {address} ({error.strerror}).",
            hint="Set TUNESMITH_HEALTH_PORT to one that is free, and TUNESMITH_HEALTH_ADDRESS to an address of this "
            "machine's, or to 0.0.0.0 for all of them.",
        ) from error
    thread = Thread(target=server.serve_forever, args=(0.1,), name="probes", daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def handle_error(self, _: object, client_address: object) -> None:
        """Say nothing: a probe that went away is nobody's fault."""
        _log.debug("a probe went away: %s", client_address)


class _Server6(_Server):
    address_family = socket.AF_INET6


def _handler(bot: Probed) -> type[BaseHTTPRequestHandler]:
    readiness = Readiness(bot)

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in LIVE_PATHS:
                self._tell(bot.stuck())
            elif path == READY_PATH:
                self._tell(readiness.problems())
            elif path == METRICS_PATH:
                self._send(HTTPStatus.OK, CONTENT_TYPE, bot.metrics())
            else:
                self.send_error(404)

        def _tell(self, problems: list[str]) -> None:
            status, body = told(problems)
            self._send(status, "application/json", body)

        def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: probes come every few seconds."""

    return Handler
