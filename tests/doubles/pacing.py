"""The limiter in memory: the twin of ``storage.redis_rate_limits.RedisRateLimiter``."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.controller.ports import Turn
from bot.controller.rate_limits import GOES_ON, RATE_LIMITS, RateLimit, counted_in
from bot.errors import Unavailable

LATE, OVERDUE, LONGEST = 30.0, 2.0, 600.0


@dataclass
class Line:
    """What is kept of one limit: calls made, who waits since when, and who is expected back when."""

    calls: list[float] = field(default_factory=list)
    waiting: dict[str, float] = field(default_factory=dict)
    expected: dict[str, float] = field(default_factory=dict)

    def leave(self, who: str) -> None:
        self.waiting.pop(who, None)
        self.expected.pop(who, None)


@dataclass
class Seen:
    """How it is for somebody in one line."""

    name: str
    wait: float
    line: Line | None = None
    ahead: int = 0
    is_new: bool = False
    waits: bool = False
    is_full: bool = False


class InMemoryRateLimiter:
    """A ``Limiter`` on a test's clock. ``down = True`` makes it raise ``Unavailable``."""

    def __init__(self, clock: Clock, limits: Mapping[str, RateLimit] = RATE_LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._lines: dict[str, Line] = defaultdict(Line)
        self._held: dict[str, float] = {}
        self._had: dict[str, dict[str, tuple[float, int]]] = defaultdict(dict)
        self._further: dict[tuple[str, str], tuple[float, int]] = {}
        self.down = False

    def ask(self, method: str, who: str, within: Sequence[str] = ()) -> float:
        return self.turn(method, who, within).wait

    def turn(self, method: str, who: str, within: Sequence[str] = ()) -> Turn:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")
        now = self._clock.now().timestamp()
        since, left = self._further.get((method, who), (now, 0))
        if left > 0 and 0 <= now - since <= GOES_ON:
            return self._goes_on(method, who, now)
        seen = [self._look(name, limit, who, now) for name, limit in counted_in(self._limits, method, within)]
        longest = max(each.wait for each in seen)
        full = next((each.name for each in reversed(seen) if each.is_full), "")
        waiting = [each.ahead for each in seen if each.waits and each.wait == longest]
        for each in seen:
            if each.line:
                self._keep(each.line, who, now, longest, gone=each.is_new and bool(full or not each.waits))
                if each is seen[0] and who in each.line.waiting and each.wait < longest:
                    each.line.waiting[who] = now + min(longest, LONGEST)
        if not longest and (further := self._limits.get(method, RateLimit(0, 0)).further):
            self._further[method, who] = now, further
        return Turn(longest, waiting[-1] if waiting else 0, full)

    def _goes_on(self, method: str, who: str, now: float) -> Turn:
        wait = self._held_for(method, now)
        if not wait:
            self._lines[method].calls.append(now)
            since, left = self._further[method, who]
            self._further[method, who] = since, left - 1
        return Turn(wait)

    def _look(self, name: str, limit: RateLimit, who: str, now: float) -> "Seen":
        wait = self._held_for(name, now)
        if not limit.calls:
            return Seen(name, wait)
        line = self._lines[name]
        is_new = self._join(line, limit, who, now)
        before, free = self._in_front(line, who, now), limit.calls - len(line.calls)
        if any(now - OVERDUE <= at <= now + 600 for at in self._expected_before(limit)):
            wait = max(wait, limit.seconds)
        waits = wait > 0 or before >= free
        behind = max(0, before - max(0, free))
        if before >= free:
            rounds, place = divmod(max(0, before - free), limit.calls)
            ends = (line.calls[place] if place < len(line.calls) else now) + limit.seconds
            wait = max(wait, ends - now + rounds * limit.seconds, 0.001)
        is_full = waits and is_new and limit.line is not None and behind >= limit.line
        return Seen(name, wait, line, before, is_new, waits, is_full)

    def _keep(self, line: Line, who: str, now: float, longest: float, *, gone: bool) -> None:
        if not longest:
            line.calls.append(now)
        if not longest or gone:
            line.leave(who)
        else:
            line.expected[who] = now + longest

    def weigh(self, place: str, who: str, weight: int, a_minute: int) -> Turn:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")
        now = self._clock.now().timestamp()
        had = self._had[place]
        for old in [each for each, (at, _) in had.items() if not now - 60 < at <= now or each == who]:
            del had[old]
        line = self._lines[place]
        self._join(line, RateLimit(1, 60.0), who, now)
        before, total = self._in_front(line, who, now), sum(each for _, each in had.values())
        if not before and (total + weight <= a_minute or not total):
            had[who] = now, weight
            line.leave(who)
            return Turn(0.0)
        needed, wait = total + weight * (before + 1) - a_minute, 0.2
        for at, each in sorted(had.values()):
            if needed <= 0:
                break
            needed, wait = needed - each, max(at + 60 - now, 0.001)
        if needed > 0:
            wait = max(wait, math.ceil(needed / a_minute) * 60)
        line.expected[who] = now + wait
        return Turn(wait, before)

    def correct(self, place: str, who: str, weight: int) -> None:
        had = self._had[place]
        if who in had:
            had[who] = had[who][0], weight

    def hold(self, method: str, seconds: float) -> None:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")
        now = self._clock.now().timestamp()
        self._held[method] = now + max(self._held_for(method, now), min(seconds, LONGEST))

    def _held_for(self, method: str, now: float) -> float:
        """Return for how long yet; what is further ahead was written before the clock was set back."""
        left = self._held.get(method, 0.0) - now
        return left if 0 < left <= LONGEST else 0.0

    def _join(self, line: Line, limit: RateLimit, who: str, now: float) -> bool:
        """Forget what is past, and put ``who`` into the line; return whether it was not there."""
        line.calls = [at for at in line.calls if now - limit.seconds < at <= now]
        gone = {each for each, at in line.expected.items() if at <= now - LATE}
        for each in gone | {each for each, since in line.waiting.items() if since > now + LONGEST}:
            line.leave(each)
        is_new = who not in line.waiting
        last = max((since for since in line.waiting.values() if since < now + 0.001), default=0.0)
        line.waiting.setdefault(who, max(now, last + 0.000001))
        return is_new

    def _in_front(self, line: Line, who: str, now: float) -> int:
        ranks = sorted(line.waiting, key=lambda each: (line.waiting[each], each))
        return sum(line.expected.get(each, now) > now - OVERDUE for each in ranks[: ranks.index(who)])

    def _expected_before(self, limit: RateLimit) -> Sequence[float]:
        return list(self._lines[limit.behind].expected.values()) if limit.behind else []
