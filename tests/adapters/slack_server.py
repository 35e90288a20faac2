"""A Slack that says what a test tells it to: a few lines of HTTP on loopback, for the adapters."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it arrived; ``arguments`` are form fields or JSON, by name."""

    method: str
    arguments: dict[str, Any]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What is sent back. ``drop`` takes the request and closes the connection without a word."""

    body: Any = field(default_factory=lambda: {"ok": True})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False

    @property
    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Reply = Answer | Callable[[Request], Answer]


def error(name: str, **more: Any) -> Answer:
    """Slack's ``{"ok": false, "error": …}``."""
    return Answer({"ok": False, "error": name, **more})


class SlackServer:
    """Answers each method with what was lined up for it, then with ``always``, then with ``{"ok": true}``."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.always: dict[str, Reply] = {}
        self._next: dict[str, deque[Reply]] = defaultdict(deque)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer._serve(self)

            do_GET = do_POST  # noqa: N815 -- the base class's name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
                pass

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._httpd.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.base_url = f"{self.origin}/api/"

    def line_up(self, method: str, *answers: Reply) -> None:
        self._next[method].extend(answers)

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [each.arguments for each in self.requests if each.method == method]

    @contextmanager
    def running(self) -> Iterator["SlackServer"]:
        thread = threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._httpd.shutdown()
            thread.join()
            self._httpd.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        request = _read(handler)
        self.requests.append(request)
        waiting = self._next[request.method]
        reply = waiting.popleft() if waiting else self.always.get(request.method, Answer())
        answer = reply(request) if callable(reply) else reply
        if answer.drop:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer.payload)),
            **answer.headers,
        }
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.payload)


def _read(handler: BaseHTTPRequestHandler) -> Request:
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    kind = handler.headers.get("Content-Type", "")
    arguments: dict[str, Any] = {}
    if body and kind.startswith("application/json"):
        arguments = json.loads(body)
    elif kind.startswith("application/x-www-form-urlencoded"):
        arguments = {
            name: _decoded(value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)
        }
    path = urlsplit(handler.path).path
    method = path.removeprefix("/api/") if path.startswith("/api/") else path
    return Request(method, arguments, dict(handler.headers.items()), body)


def _decoded(value: str) -> Any:
    """Form fields carry nested values as JSON; a timestamp stays the text that it is."""
    if value[:1] in ("{", "["):
        return json.loads(value)
    return value
