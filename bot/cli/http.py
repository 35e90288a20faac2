"""The bot behind HTTP: Slack's signed requests at ``/slack/events``, and probes at ``/healthz`` and ``/readyz``.

Nothing is parsed before its signature holds, and whatever comes, the answer is a status without a traceback: 401 for
what Slack did not sign, 400 for what cannot be read, 404 for the rest; 408, 413 and 431 are the server's own.
"""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest

from bot import tracing
from bot.cli.beginning import begin
from bot.cli.ending import end_process, stop_on_signals
from bot.cli.health import LIVE_PATHS, READY_PATH, Readiness, probes, told
from bot.cli.http_server import HttpServer
from bot.config import Settings
from bot.errors import Unavailable
from bot.logs import FaultWatch, watched
from bot.metrics import acknowledged
from bot.run_only import Only
from bot.tracing import SpanKind
from bot.wiring import Bot, build
from handlers.listeners import ACKNOWLEDGED
from handlers.shapes import is_routable

_log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"

TIMELY = 300
"""Seconds that a request's timestamp may differ from our clock: docs.slack.dev/authentication/verifying-requests."""

_JUDGED = "socket_mode"
"""Bolt's mode for what has been judged to be Slack's before it gets there."""

Headers = list[tuple[str, str]]


class WebApp:
    """The WSGI application: Slack's requests to Bolt, probes to the health checks, 404 for the rest.

    Args:
        bot: answers.
        now: seconds since the epoch, to judge timestamps by.
    """

    def __init__(self, bot: Bot, now: Callable[[], float] = time.time) -> None:
        self._bot = bot
        self._now = now
        self._readiness = Readiness(bot)
        self._knows_us = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Never raises."""
        try:
            status, headers, body = self._answer(environ)
        except Exception as error:  # noqa: BLE001 -- a defect: logged whole, and told to nobody outside
            _log.error("a request failed; Slack sends it again", exc_info=error)
            status, headers, body = _plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        start_response(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, Headers, bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path in (*LIVE_PATHS, READY_PATH) and method in ("GET", "HEAD"):
            return self._health(path)
        if path != EVENTS_PATH or method != "POST":
            return _plain(HTTPStatus.NOT_FOUND)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if not self._is_signed(environ, body):
            return _plain(HTTPStatus.UNAUTHORIZED)
        begun = self._now()
        request = _bolt_request(environ, body, may_be_quick=self._knows_us)
        if request is None:
            _log.warning("a signed request could not be read (%d bytes)", len(body))
            return _plain(HTTPStatus.BAD_REQUEST)
        what = _type_of(request.body)
        with tracing.span(f"slack {what}", SpanKind.SERVER, {"tunesmith.delivery": what}):
            status, headers, answer = self._dispatched(request)
            tracing.note({"http.response.status_code": int(status)})
            acknowledged(what, status, self._now() - begun)
        return status, headers, answer

    def _dispatched(self, request: BoltRequest) -> tuple[HTTPStatus, Headers, bytes]:
        if request.mode == _JUDGED and self._is_taken(request):
            return HTTPStatus.OK, [], b""
        answer = self._bot.app.dispatch(request)
        # While Slack has not said who we are, Bolt fails what comes, so that it is not acknowledged and lost.
        self._knows_us = self._knows_us or request.context.authorize_result is not None
        return _of_bolt(answer)

    def _is_taken(self, request: BoltRequest) -> bool:
        """Have it done in its turn, or return False where too much is in hand: then its listener says so."""
        request.context[ACKNOWLEDGED] = True
        try:
            self._bot.later(partial(self._bot.app.dispatch, request))
        except Unavailable:
            del request.context[ACKNOWLEDGED]
            return False
        return True

    def _is_signed(self, environ: WSGIEnvironment, body: bytes) -> bool:
        """Return whether Slack signed these very bytes, lately. The log says why not, where somebody signed them."""
        given = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        wrong = self._wrong_with(given, environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""), body)
        if wrong and given:
            _log.warning("a request is not answered: %s", wrong)
        return not wrong

    def _wrong_with(self, given: str, timestamp: str, body: bytes) -> str:
        """Return why a signature does not hold; empty: it does. Nothing of the request is in the words."""
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
            return "it says no time"
        if abs(self._now() - int(timestamp)) > TIMELY:
            return "its time and this machine's are more than five minutes apart; `tunesmith doctor` looks at the clock"
        mac = hmac.new(self._bot.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
        # WSGI's headers are latin-1; as bytes, what is no ASCII compares as different and raises nothing.
        if hmac.compare_digest(f"v0={mac.hexdigest()}".encode(), given.encode("utf-8", "replace")):
            return ""
        return "its signature is another one; SLACK_SIGNING_SECRET may be another app's, or an old one"

    def _health(self, path: str) -> tuple[HTTPStatus, Headers, bytes]:
        status, body = told(self._readiness.problems() if path == READY_PATH else self._bot.stuck())
        return status, [("Content-Type", "application/json")], body


def _plain(status: HTTPStatus) -> tuple[HTTPStatus, Headers, bytes]:
    return status, [("Content-Type", "text/plain; charset=utf-8")], f"{status.phrase}\n".encode()


def _bolt_request(environ: WSGIEnvironment, body: bytes, *, may_be_quick: bool) -> BoltRequest | None:
    """Return the request for Bolt, or None when it holds nothing that can be read.

    What is acknowledged before Bolt looks at it (where that ``may_be_quick``) is handed over as it was read here: a
    press brings its whole message along, which takes as long to read as all else before the acknowledgement. Bolt does
    not judge its signature anew either, by the time at which it gets to it.
    """
    given = WsgiHttpRequest(environ)
    try:
        text = body.decode("utf-8")
        payload = _payload(text, environ.get("CONTENT_TYPE", ""))
        if not isinstance(payload, dict) or not is_routable(payload):
            return None  # to a person Slack says that the app did not take it
        quick = may_be_quick and _is_acknowledged_first(payload)
        return BoltRequest(
            body=payload if quick else text,
            query=given.query_string,
            headers=given.get_headers(),
            mode=_JUDGED if quick else "http",
        )
    except (ValueError, RecursionError):
        return None


def _is_acknowledged_first(payload: Mapping[str, object]) -> bool:
    """Return whether nothing but a 200 is Slack's answer, whatever comes of it: to commands, presses and shortcuts.

    A form's answer is in the body, and an event is acknowledged once it is written down.
    """
    if "command" in payload:
        return "ssl_check" not in payload
    return payload.get("type") in ("block_actions", "message_action", "shortcut")


def _type_of(payload: Mapping[str, object]) -> str:
    """Return what Socket Mode calls it."""
    if "command" in payload:
        return "slash_commands"
    return "events_api" if "event" in payload else "interactive"


def _payload(text: str, content_type: str) -> object:
    """Return what the body holds: JSON, or a form whose ``payload`` is JSON, as Bolt reads it.

    Raises:
        ValueError: it is no such thing.
        RecursionError: it is nested too deeply.
    """
    if content_type.startswith("application/json") or text.startswith("{"):
        return json.loads(text)
    form = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


def _of_bolt(answer: BoltResponse) -> tuple[HTTPStatus, Headers, bytes]:
    headers = [
        (name, value)
        for name, values in answer.headers.items()
        for value in values
        if name.lower() != "content-length"
    ]
    return HTTPStatus(answer.status), headers, (answer.body or "").encode()


def serve(settings: Settings, port: int, watch: FaultWatch, only: Only | None = None) -> None:
    """Run until SIGTERM or SIGINT, then let what is in hand finish. More replicas are more processes of this command.

    A Redis that is away is waited for, which the health check tells.

    Raises:
        Misconfigured: Redis is there and its settings would lose what is followed, or the port is taken.
    """
    bot = build(settings, only=only)
    watch.tell_operator = bot.tell_operator
    bot.is_usable()
    server = HttpServer(WebApp(bot), port, host=settings.http_address)
    stop_on_signals(server.stop)
    with watched(watch), probes(bot, settings.health_port, settings.health_address):
        bot.start_following()
        _log.info("listening on port %d", server.port)
        begin(bot)
        server.run(bot.begin_to_stop)
        _log.info("stopping: finishing what is in hand")
        end_process(bot.stop())
