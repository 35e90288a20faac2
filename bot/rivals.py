"""Other bots on the same AWS account: which are at work, and whether there is a second one of the same name.

A second one on another Redis: both follow and end the same throughput, and share Slack's events.

It happens when a copy of the settings is started elsewhere. Neither sees the other in Redis, so each leaves its mark in
the bucket, now and then; whoever finds another's there twice running is not alone. One that only replaced its Redis
finds its own again at the second look. By the same marks, bots of other names know of each other that they are at work.
"""

import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.errors import FaultText, TunesmithError
from bot.lately import Lately

log = logging.getLogger(__name__)

EVERY = 300.0
"""Seconds between two looks: two requests to S3 each."""
AT_WORK = timedelta(seconds=3 * EVERY)
"""How old the mark of a bot may be that is at work."""
MOST = 1_000
"""Bots of which it is remembered whether they are at work."""
ASKED = 60.0
"""Seconds for which it is remembered whether a bot is at work."""
RUNNING = 2
"""Marks of others in a row that are no accident."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What a bot may be called (TUNESMITH_REDIS_PREFIX): it was read off a tag, which others may write."""


_TWO = (
    "A second bot with the prefix {} is at work on this AWS account, with another Redis: both end the same throughput, "
    "and each hears of half of what people ask. Stop one of them, or give it a Slack app and a TUNESMITH_REDIS_PREFIX "
    "of its own."
)


class Marks(Protocol):
    """Where marks are left: small objects in a bucket, by region and name."""

    def put(self, region: str, name: str, content: bytes) -> None:
        """Leave a mark in the place of the one before."""

    def get(self, region: str, name: str) -> bytes | None:
        """Return the mark, or None when there is none."""


class Rivals:
    """Looks for a second bot of this name.

    Args:
        marks: where marks are left.
        region: of the bucket.
        name: the bot's, which is its prefix in Redis.
        identity: what this bot's Redis is known by; raises our errors while that is away.
        clock: for how often.
    """

    def __init__(
        self, marks: Marks, region: str, name: str, identity: Callable[[], str], clock: Clock
    ) -> None:
        self._marks = marks
        self._region = region
        self._name = name
        self._identity = identity
        self._clock = clock
        self._next = float("-inf")
        self._others = 0

    def try_it(self) -> str:
        """Look if it is time, and tell the log of another one, which tells the operator. Nothing keeps from work."""
        if self._clock.monotonic() >= self._next:
            self._next = self._clock.monotonic() + EVERY
            try:
                self._look()
            except TunesmithError as trouble:
                log.debug("nobody looked for a second bot: %s", trouble.sentence)
        if self._others >= RUNNING:
            # At each try: the log writes it once, and tells when it is over.
            log.warning("%s", FaultText(_TWO.format(self._name), "a second bot"))
        return ""

    def _look(self) -> None:
        mine = self._identity()
        seen = _store_of(self._marks.get(self._region, self._name))
        self._others = self._others + 1 if seen not in ("", mine) else 0
        mark = {"store": mine, "at": self._clock.now().isoformat()}
        self._marks.put(self._region, self._name, json.dumps(mark).encode())


class MarkedNeighbours:
    """``bot.spending.comparing.Neighbours``, by the marks that bots leave in the first of their buckets."""

    def __init__(self, marks: Marks, region: str, clock: Clock) -> None:
        self._marks = marks
        self._region = region
        self._clock = clock
        self._known: Lately[str, tuple[float, bool]] = Lately(MOST)

    def at_work(self, bot: str) -> bool:
        """Return whether a bot of that name has left its mark lately, or nobody can tell just now."""
        if not _NAME.fullmatch(bot):
            return False
        now = self._clock.monotonic()
        asked, known = self._known.get(bot) or (float("-inf"), False)
        if now - asked > ASKED:
            known = self._ask(bot)
            self._known.put(bot, (now, known))
        return known

    def _ask(self, bot: str) -> bool:
        try:
            at = _left_at(self._marks.get(self._region, bot))
        except TunesmithError as trouble:
            log.debug("nobody knows whether the bot %s is at work: %s", bot, trouble.sentence)
            return True
        return at is not None and abs(self._clock.now() - at) < AT_WORK


def _left_at(mark: bytes | None) -> datetime | None:
    with suppress(ValueError, AttributeError, TypeError, RecursionError):
        at = datetime.fromisoformat(json.loads(mark or b"").get("at"))
        return at if at.tzinfo else None
    return None


def _store_of(mark: bytes | None) -> str:
    """Return whose mark it is; empty for one that cannot be read, since anybody may write to the bucket."""
    with suppress(ValueError, AttributeError, TypeError, RecursionError):
        store = json.loads(mark or b"").get("store", "")
        return store if isinstance(store, str) else ""
    return ""
