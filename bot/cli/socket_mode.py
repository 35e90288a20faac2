"""The bot by Socket Mode: Slack's connections are opened from here, so nothing has to reach us."""

import logging
import signal
import threading
from types import FrameType

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.config import Settings
from bot.wiring import build

_log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then let what is in hand finish."""
    stop = threading.Event()
    _stop_on_signals(stop)
    bot = build(settings)
    bot.wait_until_usable(stop)
    bot.start_following()
    handler = SocketModeHandler(bot.app, _app_token(settings), concurrency=32)
    _connect(handler, stop)
    if not stop.is_set():
        _log.info("ready")
    stop.wait()
    _log.info("stopping: finishing what is in hand")
    handler.close()
    bot.stop()


def _app_token(settings: Settings) -> str:
    assert settings.slack_app_token is not None  # config.load has seen to it
    return settings.slack_app_token.get_secret_value()


def _connect(handler: SocketModeHandler, stop: threading.Event) -> None:
    """Connect, and try again for as long as it takes: what is due goes on being followed meanwhile."""
    wait = 1.0
    while not stop.is_set():
        try:
            handler.connect()
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
