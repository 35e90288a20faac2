"""How Slack's requests reach the replicas that run behind HTTP: each new connection goes to the next of them."""

import contextlib
import itertools
import select
import socket
import socketserver
import threading
from collections.abc import Sequence
from urllib.parse import parse_qs


def kind_of(method: str, path: str, body: bytes) -> str | None:
    """Name a request to the bot by what Slack brings: an event, a command, or something that somebody pressed."""
    if method != "POST":
        return None
    if body.startswith(b"{"):
        return "door event"
    return "door press" if "payload" in parse_qs(body.decode("utf-8", "replace")) else "door command"


class FrontDoor:
    """A balancer without health checks, on loopback: a replica that is down is a connection that is reset.

    ``ports`` are those of the replicas' doors, in turn.
    """

    def __init__(self) -> None:
        self.ports: Sequence[int] = ()
        turns = itertools.count()

        def next_port() -> int:
            return self.ports[next(turns) % len(self.ports)]

        class Handler(_Handler):
            target = staticmethod(next_port)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="front-door")
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(socketserver.BaseRequestHandler):
    target: staticmethod  # type: ignore[type-arg]

    def handle(self) -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.target()), 5) as server,
        ):
            ends = {server: self.request, self.request: server}
            while True:
                for side in select.select(list(ends), [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    ends[side].sendall(data)
