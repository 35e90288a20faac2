"""Probes on a port of their own: ``/livez`` says whether a restart would help, ``/readyz`` whether the bot can work.

They answer whatever the other door does, and by Socket Mode too. Liveness looks at this process alone: with Redis or
Slack away, restarting every replica would mend nothing and lose what is in hand.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

from bot.errors import Misconfigured

LIVE_PATH = "/livez"
READY_PATHS = ("/readyz", "/healthz")
TIMEOUT = 5.0
"""Seconds that a client has for its request."""

_log = logging.getLogger(__name__)


class Probed(Protocol):
    """What is asked."""

    def stuck(self) -> list[str]:
        """Return why only a restart helps, a sentence each; empty when nothing is stuck."""

    def problems(self) -> list[str]:
        """Return what keeps the bot from working, a sentence each; empty when nothing does."""


def told(problems: list[str]) -> tuple[HTTPStatus, bytes]:
    """Return the status and the JSON that a probe is answered with."""
    status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
    return status, json.dumps({"ok": not problems, "problems": problems}).encode()


def readiness(bot: Probed) -> list[str]:
    """Return all that keeps the bot from working: what is stuck, and what is away; empty when nothing is."""
    return bot.stuck() + bot.problems()


@contextmanager
def probes(bot: Probed, port: int | None) -> Iterator[int]:
    """Answer probes while it lasts, on all addresses; give the port, 0 when none is wanted.

    Raises:
        Misconfigured: the port is taken.
    """
    if port is None:
        yield 0
        return
    try:
        server = _Server(("", port), _handler(bot))
    except OSError as error:
        raise Misconfigured(
            f"The port {port} for probes cannot be opened ({error.strerror}).",
            hint="Set TUNESMITH_HEALTH_PORT to one that is free.",
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


def _handler(bot: Probed) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT

        def do_GET(self) -> None:
            if self.path == LIVE_PATH:
                self._tell(bot.stuck())
            elif self.path in READY_PATHS:
                self._tell(readiness(bot))
            else:
                self.send_error(404)

        def _tell(self, problems: list[str]) -> None:
            status, body = told(problems)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: probes come every few seconds."""

    return Handler
