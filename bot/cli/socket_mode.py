"""The bot by Socket Mode: Slack's connections are opened from here, so nothing has to reach us."""

import logging
import os
import signal
import threading
from types import FrameType

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.config import Settings
from bot.wiring import Bot, build

_log = logging.getLogger(__name__)

WORKERS = 32
"""Envelopes that are answered at once; each waits until its listener has acknowledged, three seconds at most."""
ACK_PATIENCE = 3.0
"""Seconds that an envelope in hand may still take when the process is to end: Slack waits no longer for it."""


class Handler(SocketModeHandler):
    """Bolt's handler, which can be asked to take nothing more and to finish what it has.

    An envelope that is not acknowledged goes to another connection, so nothing is lost by leaving it.
    """

    def __init__(self, bot: Bot, app_token: str) -> None:
        super().__init__(bot.app, app_token, concurrency=WORKERS)
        self._idle = threading.Condition()
        self._in_hand = 0
        self._draining = False

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer an envelope, unless the process is about to end."""
        with self._idle:
            if self._draining:
                return
            self._in_hand += 1
        try:
            super().handle(client, req)  # type: ignore[arg-type] # the SDK's own two classes disagree
        finally:
            with self._idle:
                self._in_hand -= 1
                self._idle.notify_all()

    def drain(self) -> None:
        """Take nothing more, let what is in hand be acknowledged, and close the connection."""
        with self._idle:
            self._draining = True
            self._idle.wait_for(lambda: self._in_hand == 0, ACK_PATIENCE)
        self._stop_reading()
        self.close()  # type: ignore[no-untyped-call]

    def _stop_reading(self) -> None:
        """End the SDK's reader first: it takes the half of a message that closing cuts off for a whole one."""
        client = self.client
        client.auto_reconnect_enabled = False
        client.closed = True
        client.message_queue.put("")  # wakes it, so that it sees that it is closed


def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then let what is in hand finish."""
    stop = threading.Event()
    _stop_on_signals(stop)
    bot = build(settings)
    bot.wait_until_usable(stop)
    bot.start_following()
    handler = Handler(bot, _app_token(settings))
    _connect(handler, stop)
    if not stop.is_set():
        _log.info("ready")
    stop.wait()
    _log.info("stopping: finishing what is in hand")
    handler.drain()
    if left := bot.stop():
        _log.warning("%d steps would not end; another process, or the next start, takes them up", left)
        logging.shutdown()
        os._exit(0)


def _app_token(settings: Settings) -> str:
    assert settings.slack_app_token is not None  # config.load has seen to it
    return settings.slack_app_token.get_secret_value()


def _connect(handler: Handler, stop: threading.Event) -> None:
    """Connect, and try again for as long as it takes: what is due goes on being followed meanwhile."""
    wait = 1.0
    while not stop.is_set():
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 -- the client raises its own, the socket's and the API's errors
            _log.warning("Slack cannot be reached (%s); trying again in %.0f s", error, wait)
            stop.wait(wait)
            wait = min(wait * 2, 30.0)
        else:
            return


def _stop_on_signals(stop: threading.Event) -> None:
    def handle(number: int, _frame: FrameType | None) -> None:
        _log.info("%s received", signal.Signals(number).name)
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
