"""The limiter in memory: the twin of ``storage.redis_pacing.RedisLimiter``."""

from collections import defaultdict
from collections.abc import Mapping

from bot.clock import Clock
from bot.errors import Unavailable
from bot.following.pacing import BUDGETS, Budget

LATE, OVERDUE = 30.0, 2.0


class InMemoryLimiter:
    """A ``Limiter`` on a test's clock. ``down = True`` makes it raise ``Unavailable``."""

    def __init__(self, clock: Clock, budgets: Mapping[str, Budget] = BUDGETS) -> None:
        self._clock = clock
        self._budgets = budgets
        self._calls: dict[str, list[float]] = defaultdict(list)
        self._waiting: dict[str, dict[str, float]] = defaultdict(dict)
        self._expected: dict[str, dict[str, float]] = defaultdict(dict)
        self._held: dict[str, float] = {}
        self.down = False

    def ask(self, method: str, who: str) -> float:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")
        now = self._clock.now().timestamp()
        held = max(0.0, self._held.get(method, 0.0) - now)
        budget = self._budgets.get(method)
        if budget is None:
            return held
        calls = self._calls[method] = [at for at in self._calls[method] if now - budget.seconds < at <= now]
        waiting, expected = self._waiting[method], self._expected[method]
        late = {each for each, at in expected.items() if at <= now - LATE}
        for each in late | {each for each, since in waiting.items() if since > now}:
            waiting.pop(each, None)
            expected.pop(each, None)
        waiting.setdefault(who, now)
        ranks = sorted(waiting, key=lambda each: (waiting[each], each))
        before = sum(expected.get(each, now) > now - OVERDUE for each in ranks[: ranks.index(who)])
        free = budget.calls - len(calls)
        if any(now - OVERDUE <= at <= now + 600 for at in self._expected[budget.behind].values()):
            held = max(held, budget.seconds)
        if not held and before < free:
            del waiting[who]
            expected.pop(who, None)
            calls.append(now)
            return 0.0
        wait = max(held, 0.001)
        if before >= free:
            rounds, place = divmod(before - free, budget.calls)
            ends = (calls[place] if place < len(calls) else now) + budget.seconds
            wait = max(wait, ends - now + rounds * budget.seconds)
        expected[who] = now + wait
        return wait

    def hold(self, method: str, seconds: float) -> None:
        if self.down:
            raise Unavailable("I can't reach my state store (Redis) right now.")
        until = self._clock.now().timestamp() + min(seconds, 600.0)
        self._held[method] = max(self._held.get(method, 0.0), until)
