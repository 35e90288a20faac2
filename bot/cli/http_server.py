"""The server behind ``run --http``: waitress, which gives a thread only to requests that have arrived whole.

A threaded server that reads in its threads is silenced by as many half-sent requests as it has threads, health checks
included, and gunicorn's gthread has no setting against that. Here one loop reads all connections, so that a client
which is slow, or sends nothing more, costs a file descriptor until its time is over, and nobody else anything.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from bot.errors import Misconfigured

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's own requests stay under some hundred kilobytes; a larger one is refused before it is read (413)."""
LARGEST_HEADERS = 32 * 1024
"""Bytes of all headers together (431 above it)."""
THREADS = 32
"""Requests that are answered at once; each is over as soon as its listener has acknowledged."""
CONNECTIONS = 1000
"""Open connections; further ones wait to be accepted."""
IDLE = 20
"""Seconds without a byte after which a connection is closed."""
WHOLE = 30.0
"""Seconds in which a request has to arrive whole, however lively its bytes come; then it is answered with 408."""
CLEANUP = 5
"""Seconds between two looks for connections whose time is over."""
GRACE = 5.0
"""Seconds that requests in hand have at the end."""

_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 16\r\n\r\nRequest timeout\n"
)


class _Channel(HTTPChannel):  # type: ignore[misc] # waitress is not typed
    """One connection, which knows since when the request that it is reading is on its way."""

    began: float | None = None

    def received(self, data: bytes) -> bool:
        """Take bytes in."""
        if self.request is None:
            self.began = time.time()
        return bool(super().received(data))

    @property
    def is_reading(self) -> bool:
        """Whether a request has begun to arrive and is not whole."""
        return self.request is not None

    @property
    def is_busy(self) -> bool:
        """Whether it holds a request that is not answered, or an answer that is not sent."""
        return bool(self.requests or self.total_outbufs_len or self.is_reading)

    def give_up(self) -> None:
        """Say that the request took too long, and close the connection."""
        with self.outbuf_lock:
            self.outbufs[-1].append(_TOO_SLOW)
            self.current_outbuf_count += len(_TOO_SLOW)
            self.total_outbufs_len += len(_TOO_SLOW)
            self.close_when_flushed = True


class HttpServer(TcpWSGIServer):  # type: ignore[misc] # waitress is not typed
    """Listens from when it is made; ``run`` answers until it is told to stop.

    Raises:
        Misconfigured: the port is taken, or may not be opened.
    """

    channel_class = _Channel

    def __init__(
        self,
        application: WSGIApplication,
        port: int,
        *,
        host: str = "0.0.0.0",  # noqa: S104 -- in a container there is no other address
        whole: float = WHOLE,
        cleanup: int = CLEANUP,
    ) -> None:
        """``whole`` and ``cleanup`` are seconds; port 0 takes any that is free."""
        adjustments = Adjustments(
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            cleanup_interval=cleanup,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADERS,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=True,
            ident="",
        )
        # It tells of every request that waits for a thread, and of every client that went away.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._whole = whole
        self._stop = threading.Event()
        try:
            super().__init__(application, adj=adjustments, sockinfo=adjustments.listen[0])
        except OSError as error:
            raise Misconfigured(
                f"Port {port} cannot be opened ({error.strerror}).",
                hint="Another process may use it: choose another one with --http PORT.",
            ) from error

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.effective_port)

    def maintenance(self, now: float) -> None:
        """Close what is idle, and what takes too long to arrive."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            late = channel.began is not None and now - channel.began > self._whole
            if channel.is_reading and not channel.requests and (channel.will_close or late):
                channel.will_close = False
                channel.give_up()

    def run(self, stopping: Callable[[], object] = lambda: None) -> None:
        """Answer until ``stop`` is called, call ``stopping``, then finish what is in hand."""
        while not self._stop.is_set():
            self._turn(1.0)
        stopping()
        self._finish()

    def stop(self) -> None:
        """Have ``run`` end, from any thread or from a signal's handler."""
        self._stop.set()
        with contextlib.suppress(OSError):  # it has ended just now
            self.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)

    def _finish(self) -> None:
        """Take no new connection, answer what has arrived or is arriving, and close."""
        wasyncore.dispatcher.close(self)  # the listening socket alone
        deadline = time.monotonic() + GRACE
        while self._close_idle() and time.monotonic() < deadline:
            self._turn(0.1)
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.task_dispatcher.shutdown()
        self.trigger.close()

    def _close_idle(self) -> bool:
        """Close the connections that hold nothing, and return whether there are others."""
        for channel in list(self.active_channels.values()):
            if not channel.is_busy:
                channel.handle_close()
        return bool(self.active_channels)
