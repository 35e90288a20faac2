"""Time, which nobody can hurry, made to pass all the same; and whether there is anything left to wait for."""

import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from redis import RedisError

from bot.kinds import KINDS
from bot.playground.bedrock import BedrockStandIn
from bot.playground.slack import SlackStandIn
from storage.keys import Keys

PREFIX = "chaos"
"""Of the bot's keys in the store."""
RETRIES = 310.0
"""Seconds within which Slack delivers an event again that was not acknowledged, and once more."""
RETRIES_OF_AN_EVENT = 3
_ALWAYS = frozenset(name for name, kind in KINDS.items() if kind.schema.anew)
"""Kinds that stand for a region and are never done."""
LEASE = 31.0
"""Seconds: longer than any lease of the bot's but for an upload's, which is shifted by as much as it lasts."""

PASS = """
-- Moves what nobody has in hand, and what the dead had in hand, into the past: the same as waiting.
-- Slack's own times stay, so that no intent is made older than any grace asks: what was posted for it would seem to
-- have come long after it.
-- ARGV: root, ms, then the claims of the dead.
local root, ms = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local oldest = tonumber(time[1]) - 45
local dead = {}
for n = 3, #ARGV do dead[ARGV[n]] = true end
redis.call('DEL', root .. ':next') -- made again by the next claim
local function earlier(before, at)
  local was = tonumber(at)
  return before .. string.format('%.3f', math.min(was, math.max(was - ms / 1000, oldest)))
end
for _, kind in ipairs(redis.call('SMEMBERS', root .. ':kinds')) do
  local due = root .. ':due:' .. kind
  for _, id in ipairs(redis.call('ZRANGE', due, 0, -1)) do
    local key = root .. ':resource:' .. kind .. ':' .. id
    local held = redis.call('HMGET', key, 'lease', 'holder', 'status')
    local theirs = held[1] ~= '0' and dead[held[2] or '']
    if theirs then
      redis.call('ZADD', due, 0, id)
      redis.call('HSET', key, 'lease', 0)
    elseif held[1] == '0' and #ARGV == 2 then
      redis.call('ZINCRBY', due, string.format('%.0f', -ms), id)
    end
    if held[3] and (theirs or (held[1] == '0' and #ARGV == 2)) then
      local passed = string.gsub(held[3], '("at":%s*)(%d+%.?%d*)', earlier)
      redis.call('HSET', key, 'status', (string.gsub(passed, '("missing_since":%s*)(%d+%.?%d*)', earlier)))
    end
  end
end
if #ARGV == 2 then
  for _, key in ipairs(redis.call('KEYS', root .. ':limit:*')) do
    if redis.call('TYPE', key).ok == 'zset' then
      for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
        redis.call('ZINCRBY', key, string.format('%.0f', -ms), member)
      end
    else
      redis.call('SET', key, string.format('%.0f', tonumber(redis.call('GET', key)) - ms), 'KEEPTTL')
    end
  end
end
"""


STUCK = 2.0
"""Seconds of real time without a commit after which a holder is taken for one that the store has forgotten."""


class Waiting:
    """What of a playground has to do with time. ``raw`` is the store, ``reachable`` whether Slack reaches the bot."""

    raw: Any
    slack: SlackStandIn
    bedrock: BedrockStandIn

    def __init__(self) -> None:
        self.failovers = 0
        """How often the store went back to what it was a moment before."""
        self.full = ""
        """How little the store takes while it is full, as it is set; empty: it is not."""
        self._claims: dict[str, tuple[tuple[Any, ...], float]] = {}

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        """Let the harness itself write to a store that is full."""
        limit = self.full
        if limit:
            self.raw.config_set("maxmemory", "0")
        try:
            yield
        finally:
            if limit and self.full:
                self.raw.config_set("maxmemory", self.full)

    @property
    def reachable(self) -> bool:
        """Whether Slack reaches every replica."""
        raise NotImplementedError

    @property
    def frozen(self) -> bool:
        """Whether a replica is frozen."""
        raise NotImplementedError

    def lapse(self, claims: list[str]) -> None:
        """Have the leases of a dead process end, as they would by themselves half a minute later."""
        if claims:
            self._pass(LEASE, claims)

    def passes(self, seconds: float) -> None:
        """Let time pass for what waits in Redis, and for Slack's retries.

        Not while a process is frozen: its lease, and what it does when it wakes, go by a clock that nobody can hurry,
        and what comes after it would come before it.
        """
        if not self.frozen:
            self._pass(seconds, [])
            if self.reachable:  # minutes that a start takes no part of
                self.slack.tick(RETRIES)

    def _lapse_what_was_forgotten(self) -> None:
        """Have the leases end of which the store forgot what their holder did since: the holder cannot go on.

        Whoever has committed nothing for ``STUCK`` seconds is taken for such a holder. Should it be at work all the
        same, then its lease has ended under its hands, which the fence is for.
        """
        now = time.monotonic()
        with contextlib.suppress(RedisError):
            held = {key: self.raw.hmget(key, "holder", "resource_version", "lease") for key, _ in self._due()}
            claims = {key: (tuple(row), now) for key, row in held.items() if row[2] not in {"0", None}}
            for key, (row, since) in self._claims.items():
                if claims.get(key, ((), 0))[0] == row:
                    claims[key] = row, since
            self._claims = claims
            self.lapse([str(row[0]) for row, since in claims.values() if now - since > STUCK])

    def shift(self, seconds: float) -> None:
        """Have Redis's clock jump, as far as what nobody has in hand can tell; negative is back."""
        self._pass(seconds, [])

    def _pass(self, seconds: float, claims: list[str]) -> None:
        keys = Keys(PREFIX)
        with contextlib.suppress(RedisError):  # a server that is away forgets no time
            self.raw.eval(PASS, 1, keys.kinds, keys.root, round(seconds * 1000), *claims)

    def ages(self, seconds: float) -> None:
        """Let time pass for AWS, and for the deadlines by our own clocks, which nobody can hurry: they come nearer."""
        earlier = timedelta(seconds=seconds)
        world, keys = self.bedrock.world, Keys(PREFIX)
        with world.lock:
            for each in world.throughputs:
                marked = world.tags(each.arn)
                until = datetime.fromisoformat(marked["release-by"]) - earlier
                world.set_tags(each.arn, marked | {"release-by": until.isoformat(timespec="seconds")})
        with contextlib.suppress(RedisError), self._room():
            for resource in self.raw.zrange(keys.due("release"), 0, -1):
                key = f"{keys.root}:resource:release:{resource}"
                spec = json.loads(self.raw.hget(key, "spec"))
                spec["release_by"] = (datetime.fromisoformat(spec["release_by"]) - earlier).isoformat()
                self.raw.hset(key, "spec", json.dumps(spec))
                for kind in ("lease", "release"):
                    self._was_in_service_earlier(f"{keys.root}:resource:{kind}:{resource}", kind, seconds)
        self.bedrock.clock.advance(seconds)

    def _was_in_service_earlier(self, key: str, kind: str, seconds: float) -> None:
        """Have the minutes of a lease run for longer by our own clocks, too: of three, two have to agree.

        Whoever has it in hand may write over it: then it is the same as it was, and ages the next time.
        """

        def change(writes: Any) -> None:
            stored = writes.hget(key, "status")
            writes.multi()
            status = json.loads(stored) if stored else {}
            moment = status.get(kind, {}).get("in_service")
            if moment:
                moment["store"] -= seconds
                local = datetime.fromisoformat(moment["local"]) - timedelta(seconds=seconds)
                moment["local"] = local.isoformat()
                writes.hset(key, "status", json.dumps(status))

        self.raw.transaction(change, key)

    def until(self, holds: Callable[[], Any], patience: float, *, hurry: float = 10.0) -> Any:
        """Wait until something holds, and return it; what the bot itself waits for passes quickly.

        Raises:
            TimeoutError: it did not within so many seconds of real time.
        """
        deadline = time.monotonic() + patience
        found: list[Any] = []

        def look() -> bool:
            value = holds()
            found[:] = [value] if value else []
            return bool(value)

        while True:
            if self.slack.wait_for(look, 0.1):
                return found[0]
            if time.monotonic() > deadline:
                raise TimeoutError
            if not self.busy():
                self.passes(hurry)
            elif self.failovers:
                self._lapse_what_was_forgotten()

    def unfinished(self) -> list[str]:
        """Return the things that are still being followed, but for those that always are."""
        keys = Keys(PREFIX)
        return [
            f"{kind}:{resource}"
            for kind in sorted(map(str, self.raw.smembers(keys.kinds)))
            if kind not in _ALWAYS
            for resource in self.raw.zrange(keys.due(kind), 0, -1)
        ]

    def finished(self) -> bool:
        """Return whether nothing is followed any more but offers; False while the server is away.

        An offer that nobody takes up waits for a day: whoever asked twice has one. So does a question to a model that
        nobody wakes.
        """
        try:
            return all(self._waits_for_people(each) for each in self.unfinished())
        except RedisError:
            return False

    def _waits_for_people(self, resource: str) -> bool:
        kind = resource.partition(":")[0]
        status = self.raw.hget(f"{Keys(PREFIX).root}:resource:{resource}", "status")
        progress: dict[str, Any] = json.loads(status or "{}").get(kind, {})
        is_kept = kind == "kept" and progress.get("end") is None and not progress.get("wake")
        return is_kept or progress.get("phase") == "planned"

    def busy(self) -> bool:
        """Return whether a process has something in hand, or should have; False while the server is away."""
        try:
            return self._busy()
        except RedisError:
            return False

    def gave_up(self) -> bool:
        """Return whether Slack has given up an event, which it does after three retries."""
        lost = Counter(
            each.data["event_id"] for each in self.slack.log.of("ack", acked=False, type="events_api")
        )
        return any(times > RETRIES_OF_AN_EVENT for times in lost.values())

    def swept(self) -> bool:
        """Return whether the account was compared with the store since the store was emptied."""
        return all(each.get("next_at") for each in self._looks())

    def swept_by_its_history(self) -> bool:
        """Return whether it was since the store came back with another history; False while the server is away."""
        try:
            history = f"{self.raw.info('server')['run_id']}:{self.raw.info('replication')['master_replid']}"
            return all(each.get("era") == history for each in self._looks())
        except RedisError:
            return False

    def _looks(self) -> list[dict[str, Any]]:
        """Return how the look at the account stands, for each region."""
        root = f"{Keys(PREFIX).root}:resource:account"
        looks = [self.raw.hget(f"{root}:{each}", "status") for each in self.bedrock.buckets]
        return [json.loads(each or "{}").get("account", {}) for each in looks]

    def _busy(self) -> bool:
        seconds, micros = self.raw.time()
        now = seconds * 1000 + micros / 1000
        return any(at <= now or self.raw.hget(key, "lease") not in {"0", None} for key, at in self._due())

    def _due(self) -> list[tuple[str, float]]:
        """Return the keys of all things that are followed, and when they are due, in ms."""
        keys = Keys(PREFIX)
        return [
            (f"{keys.root}:resource:{kind}:{resource}", at)
            for kind in sorted(map(str, self.raw.smembers(keys.kinds)))
            for resource, at in self.raw.zrange(keys.due(kind), 0, -1, withscores=True)
        ]
