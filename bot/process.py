"""A process of the bot, once ``bot.wiring`` has put it together: when it may begin, and how it ends."""

import logging
import threading

from slack_bolt import App

from bot.config import Settings
from bot.errors import Misconfigured
from bot.following.loop import Follower
from storage import checks
from storage.keys import Keys
from storage.shelves import Shelves

_log = logging.getLogger(__name__)


class Bot:
    """One process of the bot: Bolt's app, and the loop that follows what is due."""

    def __init__(self, settings: Settings, app: App, follower: Follower, front: Shelves, keys: Keys) -> None:
        self.app = app
        self._settings = settings
        self._follower = follower
        self._front = front
        self._keys = keys
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._left = 0

    def problems(self) -> list[str]:
        """Return what keeps the bot from working, a sentence each; empty when nothing does."""
        found = checks.check(self._front.client, self._keys, durability=self._durability)
        return [f"{each.sentence} {each.mend}".strip() for each in found if each.required and not each.ok]

    @property
    def _durability(self) -> checks.Durability:
        return "external" if self._settings.redis_durability == "external" else "checked"

    def wait_until_usable(self, stop: threading.Event) -> None:
        """Wait for a Redis that can be trusted; return at once when ``stop`` is set.

        Raises:
            Misconfigured: Redis is there and its settings would lose what is followed.
        """
        wait = 0.5
        while not stop.is_set() and not self.is_usable():
            _log.warning("Redis cannot be reached; trying again in %.1f s", wait)
            stop.wait(wait)
            wait = min(wait * 2, 10.0)

    def is_usable(self) -> bool:
        """Look at Redis once, and return whether it can be reached.

        Raises:
            Misconfigured: Redis is there and its settings would lose what is followed.
        """
        found = checks.check(self._front.client, self._keys, durability=self._durability)
        wrong = [each for each in found if each.required and not each.ok]
        for warning in (each for each in found if not each.required and not each.ok):
            _log.warning("Redis: %s %s", warning.sentence, warning.mend)
        if any(each.name == "reachable" for each in wrong):
            return False
        if wrong:
            sentences = "\n".join(f"  {each.sentence} {each.mend}" for each in wrong)
            raise Misconfigured(f"Redis cannot be trusted with what is followed:\n{sentences}")
        return True

    def start_following(self) -> None:
        """Follow what is due, in threads of this process."""
        self._thread = threading.Thread(target=self._follow, name="follower")
        self._thread.start()

    def _follow(self) -> None:
        self._left = self._follower.run(self._stop)

    def stop(self) -> int:
        """Claim nothing more and let what is in hand finish, for twenty seconds at most.

        Returns:
            How many steps are still in hand. Their threads go on, so the process should then end by ``os._exit``;
            their leases lapse, and another process takes them up.
        """
        self._stop.set()
        self._follower.wake()
        if self._thread is not None:
            self._thread.join()
        return self._left
