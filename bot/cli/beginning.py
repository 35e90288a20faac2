"""How a process of the bot begins, once it is put together and what it needs has been looked for."""

import gc
import threading
from typing import Protocol

from bot.cli import memory


class Begun(Protocol):
    """A bot, as far as its beginning goes: ``bot.process.Bot``."""

    def announce_ready(self) -> None:
        """Try what the bot needs, and say in the log whether it is ready."""


def begin(bot: Begun) -> None:
    """Have the bot say that it is ready, and keep what it is made of by then out of what the collector goes through.

    Two hundred thousand things live as long as the process: modules, models, clients, listeners. Looking through them
    for garbage stops every thread for 90 ms, every few seconds under load, and Slack's requests wait meanwhile.
    """
    bot.announce_ready()
    gc.collect()
    gc.freeze()
    threading.Thread(
        target=memory.keep_giving_back, args=(threading.Event(),), name="memory", daemon=True
    ).start()
