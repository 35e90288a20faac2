"""The limiter that all processes share, on Redis: by the server's clock, a script a question."""

import uuid
from collections.abc import Mapping, Sequence

from redis import Redis

from bot.controller.ports import Turn
from bot.controller.rate_limits import GOES_ON, RATE_LIMITS, RateLimit, counted_in
from storage import scripts
from storage.keys import KEEP_PACE, Keys
from storage.redis_errors import translated

LATE = 30.0
"""Seconds after its turn until one that waits loses its place: it has ended, or its process has."""
OVERDUE = 2.0
"""Seconds after its turn until others need not wait for it any longer; it still goes first when it comes."""
LONGEST_HOLD = 600.0
"""Seconds: nothing that Slack asks for stops a method for longer without being asked again."""


class RedisRateLimiter:
    """A ``RateLimiter`` on Redis."""

    def __init__(
        self, client: Redis, keys: Keys | None = None, limits: Mapping[str, RateLimit] = RATE_LIMITS
    ) -> None:
        self._keys = keys or Keys()
        self._limits = limits
        self._ask = client.register_script(scripts.text("limit_ask"))
        self._weigh = client.register_script(scripts.text("limit_weigh"))
        self._hold = client.register_script(scripts.text("limit_hold"))

    def ask(self, method: str, who: str, within: Sequence[str] = ()) -> float:
        """Return 0 and count the call, or how long to wait."""
        return self.turn(method, who, within).wait

    def turn(self, method: str, who: str, within: Sequence[str] = ()) -> Turn:
        """Return whose turn it is, and count the call when it is."""
        counted = counted_in(self._limits, method, within)
        places = [
            self._keys.pace(name, part)
            for name, _ in counted
            for part in ("calls", "waiting", "expected", "held")
        ]
        places.append(self._keys.pace(method, f"further:{who}"))
        if behind := counted[0][1].behind:
            places.append(self._keys.pace(behind, "expected"))
        times = [round(each * 1000) for each in (LATE, KEEP_PACE, OVERDUE)]
        # A name for each call, since a sorted set holds equal members once: two calls of one asker are two.
        arguments: list[str | int] = [who, uuid.uuid4().hex, *times, len(counted)]
        for _, limit in counted:
            # Redis takes no nil as an argument: below nothing stands for no limit.
            line = -1 if limit.line is None else limit.line
            arguments += [limit.calls, round(limit.seconds * 1000), line]
        arguments += [counted[0][1].further, round(GOES_ON * 1000)]
        with translated():
            wait, ahead, full = self._ask(keys=places, args=arguments)
        return Turn(int(wait) / 1000, int(ahead), counted[int(full) - 1][0] if int(full) else "")

    def weigh(self, place: str, who: str, weight: int, a_minute: int) -> Turn:
        """Take so much of a place's minute, or say how long to wait."""
        wait, ahead = self._weighed(place, who, weight, a_minute, is_right=False)
        return Turn(int(wait) / 1000, int(ahead))

    def correct(self, place: str, who: str, weight: int) -> None:
        """Put right how much it was."""
        self._weighed(place, who, weight, 0, is_right=True)

    def _weighed(
        self, place: str, who: str, weight: int, a_minute: int, *, is_right: bool
    ) -> tuple[str, int]:
        places = [self._keys.pace(place, part) for part in ("calls", "waiting", "expected")]
        late, live, overdue = (round(each * 1000) for each in (LATE, KEEP_PACE, OVERDUE))
        arguments: list[str | int] = [
            who,
            weight,
            max(1, a_minute),
            60_000,
            late,
            live,
            overdue,
            int(is_right),
        ]
        with translated():
            wait, ahead = self._weigh(keys=places, args=arguments)
        return wait, ahead

    def hold(self, method: str, seconds: float) -> None:
        """Stop such calls for a while, everywhere."""
        ms = round(min(seconds, LONGEST_HOLD) * 1000)
        if ms > 0:
            with translated():
                self._hold(keys=[self._keys.pace(method, "held")], args=[ms])
