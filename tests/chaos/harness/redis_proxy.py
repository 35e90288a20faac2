"""A proxy for Redis: one command at a time on each connection, with its whole answer (RESP 2 and 3)."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable
from io import BufferedIOBase
from typing import BinaryIO

from tests.chaos.harness.exits import Answered, Cut, Exits, reset

Stream = BinaryIO | BufferedIOBase

_LINES = b"+-:_#,("
_BULKS = b"$!="
_LISTS = {b"*": 1, b"~": 1, b">": 1, b"%": 2}


def read_reply(stream: BinaryIO) -> bytes:
    """Return one whole reply as it is on the wire.

    Raises:
        ConnectionError: the stream ended.
    """
    head = stream.readline()
    if not head.endswith(b"\r\n"):
        raise ConnectionError("the stream ended")
    kind, count = head[:1], head[1:-2]
    if kind in _LINES:
        return head
    if kind in _BULKS:
        return head if count == b"-1" else head + _exactly(stream, int(count) + 2)
    parts = max(int(count), 0) * _LISTS[kind]
    return head + b"".join(read_reply(stream) for _ in range(parts))


def read_command(stream: Stream) -> tuple[bytes, list[bytes]]:
    """Return one command as it is on the wire, and its words.

    Raises:
        ConnectionError: the stream ended.
    """
    head = stream.readline()
    if not head.startswith(b"*"):
        raise ConnectionError("the stream ended")
    raw, words = [head], []
    for _ in range(int(head[1:-2])):
        line = stream.readline()
        body = _exactly(stream, int(line[1:-2]) + 2)
        raw += [line, body]
        words.append(body[:-2])
    return b"".join(raw), words


def _exactly(stream: Stream, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise ConnectionError("the stream ended")
    return data


Name = Callable[[list[bytes]], str | None]
"""What a command is called, by its words. None: nobody counts it."""


class RedisProxy:
    """Listens on loopback and hands on to a port of loopback. ``seen`` is told of each command and its reply."""

    def __init__(self, port: int, name: Name, exits: Exits, seen: Callable[[list[bytes]], None]) -> None:
        self._open: set[socket.socket] = set()
        everybody = self._open

        class Handler(_Handler):
            target, name_of, gate, tell = port, staticmethod(name), exits, staticmethod(seen)
            connections = everybody

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="redis-proxy")
        self._thread.start()
        self.port = int(self._server.server_address[1])

    def cut(self) -> None:
        """Reset every connection that is open."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    target: int
    name_of: Name
    gate: Exits
    tell: Callable[[list[bytes]], None]
    connections: set[socket.socket]

    def handle(self) -> None:
        life = self.gate.life
        self.connections.add(self.connection)
        try:
            with socket.create_connection(("127.0.0.1", self.target), 5) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with server.makefile("rb") as replies:
                    while True:
                        self._one(life, server.sendall, replies)
        except (Cut, Answered, OSError, ConnectionError):
            reset(self.connection)
        finally:
            self.connections.discard(self.connection)

    def _one(self, life: int, send: Callable[[bytes], None], replies: BinaryIO) -> None:
        raw, words = read_command(self.rfile)
        self.tell(words)

        def forward() -> bytes:
            send(raw)
            return read_reply(replies)

        if life != self.gate.life:
            raise Cut
        self.wfile.write(self.gate.call(life, "redis", self.name_of(words), forward))

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()
