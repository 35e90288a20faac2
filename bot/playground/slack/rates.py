"""Slack's rate limits: a sliding window by method and workspace, and one message a second and channel."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW = 60.0  # s


@dataclass(frozen=True)
class Tier:
    """How many calls a minute Slack allows. ``name`` is the one in Slack's reference (t1 to t5)."""

    name: str
    per_minute: int
    per_channel: bool = False
    burst: int = 0


# docs.slack.dev/apis/web-api/rate-limits gives the numbers of tiers 1 to 4 as "N+ per minute"; N is enforced.
TIER_1 = Tier("t1", 1)
TIER_2 = Tier("t2", 20)
TIER_3 = Tier("t3", 50)
TIER_4 = Tier("t4", 100)
SPECIAL = Tier("t5", 600)
"""Slack promises "hundreds of requests per minute" for auth.test and getPermalink."""
POSTING = Tier("t5", 60, per_channel=True, burst=10)
"""About one message a second and channel, with short bursts; the burst's size is not documented."""


class RateLimits:
    """Counts calls on the injected clock. Switched off, it counts nothing and allows everything."""

    def __init__(self, monotonic: Callable[[], float], *, enabled: bool) -> None:
        self.enabled = enabled
        self._now = monotonic
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, method: str, tier: Tier, channel: str = "") -> int | None:
        """Count a call; return None when it is allowed, else the whole seconds to wait before another."""
        if not self.enabled:
            return None
        now = self._now()
        calls = self._calls[method, channel if tier.per_channel else ""]
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        free_at = self._free_at(calls, tier)
        if free_at > now:
            return max(1, math.ceil(free_at - now))
        calls.append(now)
        return None

    @staticmethod
    def _free_at(calls: deque[float], tier: Tier) -> float:
        free_at = 0.0
        if len(calls) >= tier.per_minute:
            free_at = calls[-tier.per_minute] + WINDOW
        if tier.burst and len(calls) >= tier.burst:
            free_at = max(free_at, calls[-tier.burst] + tier.burst * WINDOW / tier.per_minute)
        return free_at

    def forget(self) -> None:
        """Start counting anew."""
        self._calls.clear()
