"""Whatever comes to the HTTP door: it answers with a status, keeps answering, and shows nobody a traceback."""

import contextlib
import hashlib
import hmac
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot import metrics
from bot.cli.health import LIVE_PATHS, READY_PATH
from bot.cli.http import EVENTS_PATH, WebApp
from bot.cli.http_server import LARGEST_BODY, HttpServer
from bot.process import Bot

SECRET = "signed by Slack"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
COMMAND = urlencode(
    {"command": "/tune", "text": "jobs", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
)


class Door:
    """A server with a Bolt app behind it that acknowledges everything."""

    def __init__(self, server: HttpServer, taken: list[str]) -> None:
        self.server = server
        self.taken = taken

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=10)

    def send(self, raw: bytes, *, half: bool = False) -> bytes:
        """Send bytes and return all of the answer."""
        with self.connect() as client:
            client.sendall(raw)
            if not half:
                client.shutdown(socket.SHUT_WR)
            return _all_of(client)

    def status(self, raw: bytes) -> int:
        """Send bytes and return the status of the answer; it shows no traceback."""
        answer = self.send(raw)
        assert b"Traceback" not in answer
        return int(answer.split(b" ", 2)[1]) if answer else 0

    def asks(
        self,
        body: bytes = COMMAND.encode(),
        *,
        method: str = "POST",
        path: str = EVENTS_PATH,
        kind: str = FORM,
        timestamp: str | None = None,
        signature: bytes | None = None,
    ) -> int:
        """Send a request, signed unless told otherwise, and return the status."""
        now = timestamp if timestamp is not None else str(int(time.time()))
        signed = signature if signature is not None else sign(now, body)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: bot\r\nConnection: close\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: "
        )
        return self.status(head.encode("latin-1", "replace") + signed + b"\r\n\r\n" + body)

    def is_healthy(self) -> bool:
        return self.asks(b"", method="GET", path=READY_PATH) == 200


def sign(timestamp: str, body: bytes, secret: str = SECRET) -> bytes:
    return (
        b"v0="
        + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest().encode()
    )


def _all_of(client: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # it closes on what it does not want to read
        while piece := client.recv(65536):
            answer += piece
    return answer


@pytest.fixture(scope="module")
def listening() -> Iterator[Door]:
    taken: list[str] = []
    app = App(
        name="tried",
        signing_secret=SECRET,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="UB", bot_token="xoxb-1"
        ),
    )

    def take(ack: Any, body: dict[str, Any]) -> None:
        ack()
        taken.append(str(body.get("text")))

    app.command("/tune")(take)
    bot = SimpleNamespace(
        app=app, signing_secret=SECRET, problems=list, stuck=list, later=lambda work: work()
    )
    server = HttpServer(WebApp(cast("Bot", bot)), 0, host="127.0.0.1", whole=0.5, cleanup=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield Door(server, taken)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def door(listening: Door, caplog: pytest.LogCaptureFixture) -> Iterator[Door]:
    listening.taken.clear()
    with caplog.at_level(logging.INFO):
        yield listening
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def test_a_signed_command_is_taken(door: Door) -> None:
    assert door.asks() == 200
    assert door.taken == ["jobs"]


def ago(seconds: int) -> str:
    return str(int(time.time()) - seconds)


@pytest.mark.parametrize(
    "timestamp",
    [
        "abc",
        "",
        "1e9",
        "NaN",
        "-1",
        "9" * 400,
        "0" * 30,
        "\N{ARABIC-INDIC DIGIT ONE}",
        ago(3600),
        ago(-3600),
        ago(0) + ".5",
    ],
    ids=[
        "word",
        "empty",
        "exponent",
        "nan",
        "negative",
        "huge",
        "zeros",
        "other-digits",
        "old",
        "early",
        "fraction",
    ],
)
def test_a_timestamp_that_is_none_or_not_of_now_is_401(door: Door, timestamp: str) -> None:
    assert door.asks(timestamp=timestamp) == 401
    assert door.taken == []


@pytest.mark.parametrize(
    "signature",
    [b"", b"v0=", b"v1=abc", b"\xff\xfe", "v0=ü".encode(), b"v0=" + b"0" * 64, sign("1", b"x"), b"a" * 4000],
    ids=["empty", "prefix", "version", "bytes", "non-ascii", "zeros", "of-another-body", "long"],
)
def test_a_signature_that_does_not_hold_is_401(door: Door, signature: bytes) -> None:
    """Tried: signatures that are empty, odd, of zeros, endless, or of another body."""
    assert door.asks(signature=signature) == 401
    assert door.taken == []


def test_the_log_says_why_what_somebody_signed_is_not_answered_and_nothing_of_it(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """With a secret of another app, or a clock that is off, a bot would answer nothing and say nothing."""
    now, then = ago(0), ago(400)
    for timestamp, signature, said in (
        (now, sign(now, b"x", "another secret"), "SLACK_SIGNING_SECRET"),
        (then, sign(then, b"x"), "the clock"),
    ):
        caplog.clear()
        assert door.asks(b"x", timestamp=timestamp, signature=signature) == 401
        [line] = [each for each in caplog.messages if each.startswith("a request is not answered")]
        assert said in line
        assert signature.decode() not in line
        assert timestamp not in line


def test_a_wrong_secret_an_altered_body_and_missing_headers_are_401(door: Door) -> None:
    now, body = ago(0), COMMAND.encode()
    assert door.asks(timestamp=now, signature=sign(now, body, "another secret")) == 401
    assert door.asks(body + b"&text=all", timestamp=now, signature=sign(now, body)) == 401
    head = f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: bot\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    assert door.status(head.encode() + body) == 401
    challenge = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
    assert door.asks(challenge, kind=JSON, signature=b"v0=") == 401
    assert door.taken == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b"null"),
        (JSON, b"7"),
        (JSON, b'"text"'),
        (JSON, b"\xff\xfe{}"),
        (JSON, b"[" * 100_000),
        (JSON, b'{"a":' * 50_000),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=[]"),
        (FORM, b"payload=null"),
        (FORM, b"payload=" + b"[" * 100_000),
        (FORM, b"\xff\xfe"),
    ],
    ids=lambda value: value.decode("latin-1")[:20] if isinstance(value, bytes) else value.rpartition("/")[2],
)
def test_a_signed_body_that_cannot_be_read_is_400(door: Door, kind: str, body: bytes) -> None:
    assert door.asks(body, kind=kind) == 400
    assert door.is_healthy()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_404(door: Door, method: str) -> None:
    assert door.asks(method=method) == 404
    assert door.taken == []


@pytest.mark.parametrize(
    "path",
    ["/", "/slack", "/slack/events/", "/slack/events/../events", "/SLACK/EVENTS", "/%00"],
)
def test_other_paths_are_404(door: Door, path: str) -> None:
    assert door.asks(path=path) == 404
    assert door.taken == []


def test_a_body_over_the_limit_is_413_before_it_is_read(door: Door) -> None:
    """Tried: a request that announces more than anybody sends."""
    head = f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: bot\r\nContent-Length: {256 * 1024 * 1024}\r\n\r\n".encode()
    assert door.send(head + b"x" * 1000, half=True).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_over_the_limit_is_413(door: Door) -> None:
    head = f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: bot\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    answer = door.send(head + piece * (LARGEST_BODY // 65536 + 2), half=True)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
    assert door.is_healthy()


@pytest.mark.slow
def test_sixty_half_sent_requests_leave_the_door_open_and_end_with_408(door: Door) -> None:
    """Tried: sixty connections that send half a request and wait."""
    half = f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: bot\r\nContent-Length: 5000\r\n\r\nabc".encode()
    with_half_a_body = [door.connect() for _ in range(30)]
    with_half_a_header = [door.connect() for _ in range(30)]
    try:
        for client in with_half_a_body:
            client.sendall(half)
        for client in with_half_a_header:
            client.sendall(half[:30])
        assert door.is_healthy()
        assert door.asks() == 200
        answers = {_all_of(client)[:12] for client in with_half_a_body + with_half_a_header}
    finally:
        for client in with_half_a_body + with_half_a_header:
            client.close()
    assert answers == {b"HTTP/1.1 408"}


@pytest.mark.parametrize("where", ["problems", "stuck"])
def test_the_probe_at_the_door_tells_what_is_stuck_as_well_as_what_is_away(where: str) -> None:
    bot = SimpleNamespace(**{"problems": list, "stuck": list, where: lambda: ["It is so."]})
    told = list[str]()
    for path in (READY_PATH, *LIVE_PATHS):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET"}
        body = b"".join(WebApp(cast("Bot", bot))(environ, lambda status, _: told.append(status)))  # type: ignore[arg-type]
        assert json.loads(body)["problems"] == (["It is so."] if told[-1].startswith("503") else [])
    alive = "503 Service Unavailable" if where == "stuck" else "200 OK"
    assert told == ["503 Service Unavailable", alive, alive]


def test_a_defect_behind_the_door_is_a_500_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def dispatch(_: object) -> None:
        raise RuntimeError("a secret of ours")

    bot = SimpleNamespace(
        app=SimpleNamespace(dispatch=dispatch), signing_secret=SECRET, problems=list, stuck=list
    )
    body, now, told = COMMAND.encode(), ago(0), list[str]()
    environ = {
        "PATH_INFO": EVENTS_PATH,
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": now,
        "HTTP_X_SLACK_SIGNATURE": sign(now, body).decode(),
        "wsgi.input": SimpleNamespace(read=lambda _: body),
    }
    answer = b"".join(WebApp(cast("Bot", bot))(environ, lambda status, _: told.append(status)))  # type: ignore[arg-type]
    assert told == ["500 Internal Server Error"]
    assert b"secret" not in answer
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_what_is_acknowledged_is_counted_by_what_it_was(door: Door) -> None:
    def told() -> float:
        name = f"{metrics.ACKNOWLEDGEMENTS.name}_count"
        return metrics.registry().get_sample_value(name, {"type": "slash_commands"}) or 0.0

    before = told()
    assert door.asks() == 200
    assert told() == before + 1
