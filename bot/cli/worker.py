"""The bot without a door: it does what other processes wrote down, and hears of Slack's people by Redis alone."""

import logging
import threading

from bot.cli.beginning import begin
from bot.cli.ending import end_process, stop_on_signals, wait_for
from bot.cli.health import probes
from bot.config import Settings
from bot.logs import FaultWatch, watched
from bot.run_only import Only
from bot.wiring import build

_log = logging.getLogger(__name__)


def serve(settings: Settings, watch: FaultWatch) -> None:
    """Run until SIGTERM or SIGINT, then let what is in hand finish.

    Raises:
        Misconfigured: Redis is there and its settings would lose what is followed, or the port for probes is taken.
    """
    stop = threading.Event()
    stop_on_signals(stop.set)
    bot = build(settings, only=Only.WORKER)
    watch.tell_operator = bot.tell_operator
    with watched(watch), probes(bot, settings.health_port, settings.health_address):
        bot.wait_until_usable(stop)
        if not stop.is_set():
            bot.start_following()
            begin(bot)
        wait_for(stop)
        _log.info("stopping: finishing what is in hand")
        end_process(bot.stop())
