"""A process of the bot, once ``bot.wiring`` has put it together: when it may begin, and how it ends."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_bolt import App

from bot.audit.words import UNSEALED, UNSEALED_MEND
from bot.config import Settings
from bot.controller.controller import Controller
from bot.errors import Cause, FaultText, Misconfigured
from bot.leases.watchdog import Watchdog
from bot.listening import ListenerThreads
from bot.monitoring import Monitoring
from bot.operators import Operators
from bot.readiness import Readiness, Trial
from bot.scratch import Scratch
from storage import checks
from storage.keys import Keys
from storage.stores import Stores

_log = logging.getLogger(__name__)

_LAST_LOOK = 2.0
"""Seconds that a look for what is over may still take when the process ends: it is done again elsewhere."""
STUCK = 60.0
"""Seconds after which a loop that has not turned is stuck: a turn takes some seconds with a Redis that hangs."""
LISTENERS_DRAIN = 5.0
"""Seconds that what was acknowledged to Slack may still take at the end."""
ENDING = 22.0
"""Seconds from the signal until whatever is still in hand is cut off: so that the process is gone within 25, whichever
thread hangs. Kubernetes and ECS kill after 30 unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a process is made of."""

    settings: Settings
    app: App
    """Bolt's."""
    controller: Controller
    """The loop."""
    watchdog: Watchdog
    """What ends what is over while Redis is silent."""
    front: Stores
    """Redis, on the quick client."""
    keys: Keys
    listeners: ListenerThreads
    """Where Bolt does what it has acknowledged."""
    readiness: Readiness
    """What is tried beside Redis."""
    scratch: Scratch
    """Where files are while they are in hand; removed at the end."""
    operators: Operators
    """Who hears of faults."""
    monitoring: Monitoring
    """The figures for Prometheus."""
    follows: bool = True
    """Whether this process does the work; else it listens alone, and others do."""
    watches: Mapping[str, Callable[[threading.Event], None]] = field(default_factory=dict)
    """What is waited for beside the loop while it is followed, each in a thread of its own, by its name."""
    end_work: Callable[[], None] = lambda: None
    """Ends what works on files in processes of its own, so that its things are given back at once."""


class Bot:
    """One process of the bot: Bolt's app, and the loop that follows what is due."""

    def __init__(self, dependencies: Dependencies) -> None:
        self.app = dependencies.app
        self.tell_operator = dependencies.operators.tell
        self._settings = dependencies.settings
        self._controller = dependencies.controller
        self._watchdog = dependencies.watchdog
        self._front = dependencies.front
        self._keys = dependencies.keys
        self._listeners = dependencies.listeners
        self._readiness = dependencies.readiness
        self._scratch = dependencies.scratch
        self._end_work = dependencies.end_work
        self._follows = dependencies.follows
        self._watches = dependencies.watches
        self.metrics = dependencies.monitoring.page
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._watching: threading.Thread | None = None
        self._left = 0
        self._ends_at = 0.0

    @property
    def signing_secret(self) -> str:
        """What Slack signs its requests by; empty by Socket Mode."""
        secret = self._settings.slack_signing_secret
        return secret.get_secret_value() if secret else ""

    def later(self, work: Callable[[], object]) -> None:
        """Do what was acknowledged, in its turn. Raises ``Unavailable`` where too much is in hand."""
        self._listeners.later(work)

    def needs(self, what: str, trial: Trial, *, at_once: bool = False) -> None:
        """Try one thing more, again and again, of what this process cannot work without.

        ``at_once``: it asks nobody, and is looked at whenever somebody asks whether the bot is ready.
        """
        self._readiness.also(what, trial, at_once=at_once)

    def problems(self) -> list[str]:
        """Return what keeps the bot from working, a sentence each; empty when nothing does.

        Redis and the connection to Slack are looked at now; the token, the AWS identity and the buckets were tried
        within the last minute.
        """
        found = self._look_at_redis()
        wrong = [f"{each.sentence} {each.mend}".strip() for each in found if each.required and not each.ok]
        return wrong + self._readiness.problems()

    def stuck(self) -> list[str]:
        """Return why only a restart helps, a sentence each; empty when nothing is stuck."""
        if self._thread is None or self._stop.is_set():
            return []
        if not self._thread.is_alive():
            return ["The loop that follows jobs and leases has ended."]
        still = self._controller.still_for()
        return (
            [f"The loop that follows jobs and leases has not turned for {still:.0f} s."]
            if still > STUCK
            else []
        )

    def announce_ready(self) -> None:
        """Try what the bot needs, say in the log whether it is ready, and go on trying once a minute."""
        if self._settings.audit_key is None:
            _log.warning("%s", FaultText(f"{UNSEALED} {UNSEALED_MEND}", "an audit without a key"))
        problems = self._readiness.try_all()
        if problems:
            _log.warning("started, and not ready for the reasons above (%d); I go on trying", len(problems))
        else:
            _log.info("ready")
        threading.Thread(
            target=self._readiness.keep_trying, args=(self._stop,), name="readiness", daemon=True
        ).start()

    @property
    def _durability(self) -> checks.Durability:
        return "external" if self._settings.redis_durability == "external" else "checked"

    def _look_at_redis(self) -> list[checks.Checked]:
        return checks.check(
            self._front.client,
            self._keys,
            durability=self._durability,
            has_budgets=bool(self._settings.budgets),
        )

    def wait_until_usable(self, stop: threading.Event) -> None:
        """Wait for a Redis that can be trusted; return at once when ``stop`` is set.

        Raises:
            Misconfigured: Redis is there and its settings would lose what is followed.
        """
        self.start_watching()
        wait = 0.5
        while not stop.is_set() and (reason := self._away()):
            # At each try: the log writes it once, tells the operator of what lasts, and tells when it is over.
            _log.warning("Redis cannot be used: %s I go on trying.", reason)
            stop.wait(wait)
            wait = min(wait * 2, 10.0)

    def is_usable(self) -> bool:
        """Look at Redis once, and return whether it can be reached.

        Raises:
            Misconfigured: Redis is there and its settings would lose what is followed.
        """
        return not self._away()

    def _away(self) -> str:
        """Return why Redis cannot be reached, empty when it can.

        Raises:
            Misconfigured: Redis is there and its settings would lose what is followed.
        """
        found = self._look_at_redis()
        away = next((each for each in found if each.name == "reachable" and not each.ok), None)
        if away is not None:
            return FaultText(away.sentence, Cause.REDIS_AWAY, is_outage=True)
        for warning in (each for each in found if not each.required and not each.ok):
            _log.warning("Redis: %s %s", warning.sentence, warning.mend)
        wrong = [f"  {each.sentence} {each.mend}" for each in found if each.required and not each.ok]
        if wrong:
            raise Misconfigured("Redis cannot be trusted with what is followed:\n" + "\n".join(wrong))
        return ""

    def start_watching(self) -> None:
        """End what is over while Redis is silent, in a thread of this process. Calling it again changes nothing.

        A process that listens alone has no rights for that, and leaves it to the workers.
        """
        if self._follows and self._watching is None:
            watch, stop = self._watchdog.run, self._stop
            self._watching = threading.Thread(target=watch, args=(stop,), name="watchdog", daemon=True)
            self._watching.start()

    def start_following(self) -> None:
        """Follow what is due, in threads of this process, unless it listens alone."""
        if not self._follows:
            return
        self.start_watching()
        self._thread = threading.Thread(target=self._follow, name="controller")
        self._thread.start()
        for name, watch in self._watches.items():
            # Daemons, and waited for by nobody: one may be in the middle of a wait of twenty seconds for what may come,
            # and whatever comes then is handed to another process.
            threading.Thread(target=watch, args=(self._stop,), name=name, daemon=True).start()

    def _follow(self) -> None:
        self._left = self._controller.run(self._stop)

    def begin_to_stop(self) -> None:
        """Claim nothing more and have long work give its leases back: the first thing to do when told to end."""
        if self._ends_at:
            return
        self._ends_at = time.monotonic() + ENDING
        self._stop.set()
        self._end_work()
        self._controller.wake()

    def stop(self) -> int:
        """Let what is in hand finish, until ``ENDING`` seconds after ``begin_to_stop`` at most, and remove our files.

        Returns:
            How many steps and listeners are still in hand. Their threads go on, so the process should then end by
            ``os._exit``; leases lapse, and another process takes the steps up.
        """
        self.begin_to_stop()
        if self._thread is not None:
            self._thread.join(self._until_cut_off())
            # A store that hangs holds the loop itself: it is then one more thing that would not end.
            self._left = self._left or int(self._thread.is_alive())
        if self._watching is not None:
            self._watching.join(min(_LAST_LOOK, self._until_cut_off()))
        left = self._left + self._listeners.drain(min(LISTENERS_DRAIN, self._until_cut_off()))
        self._scratch.remove()
        return left

    def _until_cut_off(self) -> float:
        return max(0.1, self._ends_at - time.monotonic())
