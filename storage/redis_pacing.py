"""The limiter that all processes share, on Redis: by the server's clock, a script a question."""

import uuid
from collections.abc import Mapping

from redis import Redis

from bot.following.pacing import BUDGETS, Budget
from storage import scripts
from storage.keys import KEEP_PACE, Keys
from storage.redis_errors import translated

LATE = 30.0
"""Seconds after its turn until one that waits loses its place: it has ended, or its process has."""
OVERDUE = 2.0
"""Seconds after its turn until others need not wait for it any longer; it still goes first when it comes."""
LONGEST_HOLD = 600.0
"""Seconds: nothing that Slack asks for stops a method for longer without being asked again."""


class RedisLimiter:
    """A ``Limiter`` on Redis."""

    def __init__(
        self, client: Redis, keys: Keys | None = None, budgets: Mapping[str, Budget] = BUDGETS
    ) -> None:
        self._keys = keys or Keys()
        self._budgets = budgets
        self._ask = client.register_script(scripts.text("pace_ask"))
        self._hold = client.register_script(scripts.text("pace_hold"))

    def ask(self, method: str, who: str) -> float:
        """Return 0 and count the call, or how long to wait."""
        budget = self._budgets.get(method, Budget(0, 0))
        places = [self._keys.pace(method, part) for part in ("calls", "waiting", "expected", "held")]
        places += [self._keys.pace(budget.behind, "expected")] if budget.behind else []
        times = [round(each * 1000) for each in (budget.seconds, LATE, KEEP_PACE, OVERDUE)]
        with translated():
            wait = self._ask(keys=places, args=[who, uuid.uuid4().hex, budget.calls, *times])
        return int(wait) / 1000

    def hold(self, method: str, seconds: float) -> None:
        """Stop such calls for a while, everywhere."""
        ms = round(min(seconds, LONGEST_HOLD) * 1000)
        if ms > 0:
            with translated():
                self._hold(keys=[self._keys.pace(method, "held")], args=[ms])
