"""A proxy for Slack or AWS: one request at a time on each connection, named, counted, disturbed, handed on."""

import contextlib
import http.client
import select
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.chaos.harness.exits import Answered, Cut, Exits, reset

Name = Callable[[str, str, bytes], str | None]
"""What a request is called: from its method, path and body. None: nobody counts it."""

_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class HttpProxy:
    """Listens on loopback and hands on to ``upstream``, a URL without path.

    ``told_as`` is the address that the server believes to have; in its answers it becomes this proxy's own.
    """

    def __init__(self, upstream: str, kind: str, name: Name, exits: Exits) -> None:
        address = urlsplit(upstream).netloc

        class Handler(_Handler):
            target, upstream_kind, name_of, gate = address, kind, staticmethod(name), exits

        self._handler = Handler
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=f"{kind}-proxy")
        self._thread.start()
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def told_as(self, url: str) -> None:
        """Have the server's answers name this proxy where they name ``url``."""
        self._handler.addresses = (url.encode(), self.url.encode())

    def stop(self) -> None:
        """Listen no more; what is connected ends with its process."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that were reset: killing processes is what this is for."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    target: str
    upstream_kind: str
    name_of: Name
    gate: Exits
    addresses = (b"", b"")

    def setup(self) -> None:
        self.life = self.gate.life
        super().setup()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        if self.headers.get("Upgrade"):
            self._tunnel()
            return
        self._pass_on()

    def _pass_on(self) -> None:
        body = self._body()
        try:
            name = self.name_of(self.command, self.path, body)
            status, headers, answer = self.gate.call(
                self.life, self.upstream_kind, name, lambda: self._forward(body)
            )
        except Answered as instead:
            fault = instead.fault
            status, headers, answer = fault.status, list(fault.headers.items()), fault.body
        except (Cut, OSError, http.client.HTTPException):
            self.close_connection = True
            reset(self.connection)
            return
        self._answer(status, headers, answer)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _pass_on  # noqa: N815 -- the base class's names

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.target, timeout=30)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for key, value in self.headers.items():
                if key.lower() not in {*_HOP, "expect"}:
                    connection.putheader(key, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.putheader("Connection", "close")
            connection.endheaders(body)
            answer = connection.getresponse()
            told = answer.read()
            announced, ours = self.addresses
            if announced:
                there, here = (each.removeprefix(b"http") for each in (announced, ours))
                for scheme in (b"http", b"ws"):
                    for slashes in (b"://", rb":\/\/"):
                        told = told.replace(
                            scheme + there.replace(b"://", slashes), scheme + here.replace(b"://", slashes)
                        )
            return answer.status, answer.getheaders(), told
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        try:
            self.send_response_only(status)
            for key, value in headers:
                if key.lower() not in _HOP or (self.command == "HEAD" and key.lower() == "content-length"):
                    self.send_header(key, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)
        except OSError:  # the process is gone
            self.close_connection = True

    def _tunnel(self) -> None:
        """Hand a WebSocket on as it is, both ways, until one side ends."""
        self.close_connection = True
        host, _, port = self.target.partition(":")
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 5) as server:
            head = f"{self.requestline}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in self.headers.items())
            server.sendall(head.encode("latin-1") + b"\r\n")
            ends = {server: self.connection, self.connection: server}
            while True:
                for side in select.select(list(ends), [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    ends[side].sendall(data)
