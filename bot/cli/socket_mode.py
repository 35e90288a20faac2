"""The bot by Socket Mode: Slack's connections are opened from here, so nothing has to reach us."""

import json
import logging
import select
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot import tracing
from bot.adapters.slack_errors import slack_call
from bot.cli.beginning import begin
from bot.cli.ending import end_process, stop_on_signals, wait_for
from bot.cli.health import probes
from bot.config import Settings
from bot.errors import FaultText, TunesmithError
from bot.logs import CONNECTION, FaultWatch, watched
from bot.metrics import acknowledged, value_of
from bot.run_only import Only
from bot.tracing import SpanKind
from bot.wiring import Bot, build
from handlers.shapes import tidied

_log = logging.getLogger(__name__)

WORKERS = 32
"""Envelopes that are answered at once; each waits until its listener has acknowledged, three seconds at most."""
ACK_PATIENCE = 3.0
"""Seconds that envelopes in hand may still take when the process is to end: Slack waits no longer for one."""
CLOSING_PATIENCE = 2.0
"""Seconds that the SDK's threads have to notice that they are to end; they are daemons."""
DEAF_FOR = 20.0
"""Seconds without a connection through which events can come, until that is a fault: the SDK looks each ten."""


class EnvelopeClient(SocketModeClient):
    """The SDK's client, made to lose no envelope.

    The SDK logs a traceback for what is no envelope and never acknowledges it, so that Slack sends it again; its
    ``close`` waits for listeners without a limit; and when Slack asks for another connection in place of this one, it
    tries once, and holds on to one through which nothing comes any more.
    """

    def __init__(self, **arguments: Any) -> None:
        self._quiet = threading.Condition()
        self._in_hand = 0
        self._closing = False
        self._replacing = threading.Lock()
        self._outdated: Any = None
        """The connection in whose place Slack asked for another."""
        super().__init__(**arguments)

    def enqueue_message(self, message: str) -> None:
        """Take a message that was read: from now on it is in hand. On a closed socket it is not ours any more."""
        with self._quiet:
            if self._closing:
                return
            self._in_hand += 1
        super().enqueue_message(message)

    def process_message(self) -> None:
        """Hand the next message to a worker. Raises nothing: a message that cannot be read is logged in a line."""
        raw = self.message_queue.get()
        if not raw:
            return  # only the word that wakes us
        try:
            message = _envelope(raw)
            if message is None or message.get("type") == "disconnect":
                self._done()
            else:
                self.message_workers.submit(self._process, message, raw)
            if message is not None and message.get("type") == "disconnect":
                self._outdated = self.current_session
                self._replace()
        except Exception as error:  # noqa: BLE001 -- the socket's, the API's and the pool's errors; the monitor reconnects
            _log.warning("a message of Slack's was not processed: %s", error)

    def hears(self) -> bool:
        """Return whether events can arrive: by a connection in whose place Slack has not asked for another."""
        return self.is_connected() and not self._is_outdated()

    def _is_outdated(self) -> bool:
        return self._outdated is not None and self.current_session is self._outdated

    def _replace(self) -> None:
        """Open another connection in place of one that Slack wants replaced, which stays until there is one.

        Raises:
            Exception: Slack, or the way there, did not let us.
        """
        if not self._replacing.acquire(blocking=False):
            return  # at it already; the monitor comes again
        try:
            if self._is_outdated():
                self.connect_to_new_endpoint(force=True)
        finally:
            self._replacing.release()

    def _monitor_current_session(self) -> None:
        """Connect anew where the connection broke, as the SDK does, and where one that is to be replaced still is."""
        super()._monitor_current_session()  # type: ignore[no-untyped-call]
        if self._closing:
            return
        try:
            self._replace()
        except Exception as error:  # noqa: BLE001 -- the socket's and the API's errors; it is tried again at the next turn
            _log.warning("another connection to Slack could not be opened: %s", _in_words(error))

    def _process(self, message: dict[str, Any], raw: str) -> None:
        try:
            if _is_readable(message):
                self.run_message_listeners(message, raw)
            else:
                self._dismiss(message)
        finally:
            self._done()

    def _dismiss(self, message: dict[str, Any]) -> None:
        """Acknowledge what nobody can make anything of: Slack would only send it again."""
        envelope_id = message.get("envelope_id")
        if message.get("type") == "hello":
            return
        _log.warning(
            "an envelope of Slack's holds nothing that can be read (type %.40r)", message.get("type")
        )
        if isinstance(envelope_id, str) and envelope_id:
            self.send_socket_mode_response(SocketModeResponse(envelope_id=envelope_id))

    def _done(self) -> None:
        with self._quiet:
            self._in_hand -= 1
            self._quiet.notify_all()

    def finish(self, patience: float) -> int:
        """Close at the first moment in which nothing is in hand, and return how much would not end in time.

        Until then everything that arrives is answered as ever, and the socket is closed before anything is turned
        away: what comes too late is Slack's to give to another connection, or to send again.
        """
        deadline = time.monotonic() + patience
        with self._quiet:
            while (self._in_hand or self._is_arriving()) and time.monotonic() < deadline:
                self._quiet.wait(0.01)
            left, self._closing = self._in_hand, True
        self.close()
        return left

    def _is_arriving(self) -> bool:
        """Return whether there is something to read that the reader has not taken yet."""
        session = self.current_session
        sock = session.sock if session is not None else None
        if sock is None:
            return False
        try:
            pending = getattr(sock, "pending", lambda: 0)()  # what TLS has read and nobody has taken out yet
            return bool(pending or select.select([sock], [], [], 0)[0])
        except (OSError, ValueError):
            return False  # closed already

    def close(self) -> None:
        """Close the connection and end the threads. Waits for no listener."""
        with self._quiet:
            self._closing = True
        self.closed = True
        self.auto_reconnect_enabled = False
        runners = (self.current_session_runner, self.current_app_monitor, self.message_processor)
        for runner in runners:
            runner.event.set()  # before the session is told to end: its runner would begin it again
        self.current_session_state.terminated = True
        self.disconnect()
        self.message_queue.put("")  # wakes the processor, so that it sees that it is to end
        for runner in runners:
            if runner.is_alive() and runner.thread is not threading.current_thread():
                runner.thread.join(CLOSING_PATIENCE)
        self.message_workers.shutdown(wait=False)


def _envelope(raw: str) -> dict[str, Any] | None:
    """Return the message, or None when it cannot be read, which is logged."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        _log.warning("a message of Slack's cannot be read (%d characters)", len(raw))
        return None
    return message


def _is_readable(message: dict[str, Any]) -> bool:
    """Return whether it is an envelope that a listener can be asked about."""
    envelope_id = message.get("envelope_id")
    return (
        isinstance(envelope_id, str)
        and bool(envelope_id)
        and isinstance(message.get("type"), str)
        and isinstance(message.get("payload"), dict)
    )


class Handler(BaseSocketModeHandler):
    """Gives envelopes to Bolt, and can be asked to finish what it has and to take nothing more."""

    client: EnvelopeClient

    def __init__(self, bot: Bot, app_token: str) -> None:
        self.app = bot.app
        self.app_token = app_token
        self.client = EnvelopeClient(
            app_token=app_token,
            logger=logging.getLogger(CONNECTION),
            web_client=bot.app.client,
            proxy=bot.app.client.proxy,
            ping_interval=10,
            concurrency=WORKERS,
        )
        self.client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer an envelope. Raises nothing."""
        begun = time.time()
        try:
            req.payload = tidied(req.payload)
            what = value_of("type", req.type)
            with tracing.span(f"slack {what}", SpanKind.SERVER, {"tunesmith.delivery": what}):
                answer = run_bolt_app(self.app, req)
                send_response(client, req, answer, begun)
                tracing.note({"http.response.status_code": answer.status})
            acknowledged(req.type, answer.status, time.time() - begun)
        except SlackClientError as error:
            acknowledged(req.type, 0, 0.0)
            _log.warning("an envelope could not be acknowledged; Slack sends it again: %s", error)
        except Exception as error:  # noqa: BLE001 -- a defect: the SDK would log it as its own
            _log.error("an envelope of type %.40r failed", req.type, exc_info=error)

    def drain(self) -> int:
        """Take nothing more, let what is in hand be acknowledged, close, and return what would not end in time."""
        return self.client.finish(ACK_PATIENCE)


class Listening:
    """Whether Slack reaches us, as the process's readiness tries it.

    The SDK connects anew by itself, for ever, and only logs that it does not get through: while the token is revoked,
    Socket Mode is switched off, or a proxy lets no socket pass, a bot would look well and hear of nothing.
    """

    def __init__(self, client: EnvelopeClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._since = float("-inf")
        """Since when nothing is known to reach us; there has been no connection yet."""

    def try_it(self) -> str:
        """Return what is wrong: at once while there never was a connection, and later when there is none for a while.

        Slack asks for another connection now and then, and one that breaks is made anew: that alone is no fault.
        """
        now = self._now()
        if self._client.hears():
            self._since = float("inf")
        elif self._since == float("inf"):
            self._since = now
        return _DEAF if now - self._since >= DEAF_FOR else ""


_DEAF = FaultText(
    "There is no connection to Slack, so nothing that people write reaches me. Look whether Socket Mode is switched on "
    "for the app, SLACK_APP_TOKEN is one of its tokens with `connections:write`, and the network lets `wss://` pass.",
    "no connection to Slack",
)


def serve(settings: Settings, watch: FaultWatch, only: Only | None = None) -> None:
    """Run until SIGTERM or SIGINT, then let what is in hand finish.

    Raises:
        Misconfigured: Redis is there and its settings would lose what is followed, or the port for probes is taken.
    """
    stop = threading.Event()
    stop_on_signals(stop.set)
    bot = build(settings, only=only)
    watch.tell_operator = bot.tell_operator
    with watched(watch), probes(bot, settings.health_port, settings.health_address):
        bot.wait_until_usable(stop)
        if not stop.is_set():
            bot.start_following()
        handler = Handler(bot, _app_token(settings))
        bot.needs("the connection to Slack", Listening(handler.client).try_it, at_once=True)
        begun = cache(lambda: begin(bot))
        _connect(handler, stop, begun)
        if not stop.is_set():
            begun()
        wait_for(stop)
        _log.info("stopping: finishing what is in hand")
        bot.begin_to_stop()
        left = handler.drain()
        end_process(bot.stop() + left)


def _app_token(settings: Settings) -> str:
    assert settings.slack_app_token is not None  # config.load has seen to it
    return settings.slack_app_token.get_secret_value()


def _connect(handler: Handler, stop: threading.Event, begun: Callable[[], object]) -> None:
    """Connect, and try again for as long as it takes: what is due goes on being followed meanwhile.

    ``begun`` is called when that takes more than one try, so that whoever probes is told what is wrong.
    """
    wait = 1.0
    while not stop.is_set():
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 -- the client raises its own, the socket's and the API's errors
            _log.warning("not connected, and trying again: %s", _in_words(error))
            begun()
            stop.wait(wait)
            wait = min(wait * 2, 30.0)
        else:
            return


def _in_words(error: Exception) -> str:
    """Return what kept us from connecting: a fault of Slack's, or whatever the libraries raised."""
    try:
        with slack_call("apps.connections.open", writes=False):
            raise error
    except TunesmithError as fault:
        return fault.sentence
    except Exception:  # noqa: BLE001 -- the socket's and the SDK's own errors
        return str(error)
