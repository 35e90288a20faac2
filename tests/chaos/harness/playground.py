"""The stand-ins, a private Redis and the replicas between them."""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from redis import Redis, RedisError

from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack import SlackStandIn
from handlers import manifest
from storage.keys import Keys
from tests.chaos.harness.boundaries import Register, Scheme, undisturbed
from tests.chaos.harness.replica import Replica, Starter

PREFIX = "chaos"
RETRIES = 310.0
"""Seconds within which Slack delivers an event again that was not acknowledged, and once more."""
LEASE = 31.0
"""Seconds: longer than any lease of the bot's but for an upload's, which is shifted by as much as it lasts."""

PASS = """
-- Moves what nobody has in hand, and what the dead had in hand, into the past: the same as waiting.
-- ARGV: root, ms, then the claims of the dead.
local root, ms = ARGV[1], tonumber(ARGV[2])
local dead = {}
for n = 3, #ARGV do dead[ARGV[n]] = true end
redis.call('DEL', root .. ':next') -- made again by the next claim
local function earlier(before, at) return before .. string.format('%.3f', tonumber(at) - ms / 1000) end
for _, kind in ipairs(redis.call('SMEMBERS', root .. ':kinds')) do
  local due = root .. ':due:' .. kind
  for _, id in ipairs(redis.call('ZRANGE', due, 0, -1)) do
    local key = root .. ':thing:' .. kind .. ':' .. id
    local held = redis.call('HMGET', key, 'lease', 'holder', 'status')
    local theirs = held[1] ~= '0' and dead[held[2] or '']
    if theirs then
      redis.call('ZADD', due, 0, id)
      redis.call('HSET', key, 'lease', 0)
    elseif held[1] == '0' and #ARGV == 2 then
      redis.call('ZINCRBY', due, string.format('%.0f', -ms), id)
    end
    if held[3] and (theirs or (held[1] == '0' and #ARGV == 2)) then
      redis.call('HSET', key, 'status', (string.gsub(held[3], '("at":%s*)(%d+%.?%d*)', earlier)))
    end
  end
end
if #ARGV == 2 then
  for _, key in ipairs(redis.call('KEYS', root .. ':pace:*')) do
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


class Playground:
    """A context manager. ``data`` is its own folder; ``replicas`` processes of the bot share its one workspace."""

    def __init__(
        self,
        *,
        replicas: int = 1,
        scheme: Scheme = undisturbed,
        starter: Starter | None = None,
        settings: Mapping[str, str] | None = None,
        aws_speed: float = 0.0,
    ) -> None:
        """``settings`` are added to the bot's; ``aws_speed`` is AWS's seconds in one of ours."""
        self._settings, self._aws_speed = dict(settings or {}), aws_speed
        self.register = Register()
        self.register.scheme = scheme
        self.data = Path(tempfile.mkdtemp(prefix="tunesmith-chaos-"))
        self.log = self.data / "bot.log"
        self._count = replicas
        self._starter = starter
        self._rooms = ExitStack()
        self.replicas: list[Replica] = []
        self.time_passes = True
        """Whether waiting may be made quick: not while a process is frozen, whose own clock goes on."""

    def __enter__(self) -> Self:
        enter = self._rooms.enter_context
        self._rooms.callback(shutil.rmtree, self.data, ignore_errors=True)
        self.redis = enter(PrivateRedis(self.data / "redis"))
        self.bedrock = enter(BedrockStandIn(clock=SimulatedClock(speed=self._aws_speed)))
        self.slack = enter(
            SlackStandIn(
                manifest=manifest.build("socket", None),
                rate_limits=False,
                ack_deadline=1.0,
                bedrock=self.bedrock,
            )
        )
        self.raw: Any = Redis.from_url(self.redis.url, decode_responses=True)
        self._rooms.callback(self.raw.close)
        if self._starter is None:
            self._starter = Starter()
            self._rooms.callback(self._starter.stop)
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._rooms.close()

    def _open(self) -> None:
        assert self._starter is not None
        upstreams = {
            "slack": self.slack.url.rstrip("/"),
            "aws": self.bedrock.endpoint_url,
            "redis": self.redis.url,
        }
        buckets = tuple(self.bedrock.buckets.values())
        for number in range(self._count):
            replica = Replica(number, self._starter, self.register, upstreams, buckets, self.lapse)
            self._rooms.callback(replica.stop)
            self.replicas.append(replica)
        self.slack.announce(self.replicas[0].slack.url)
        for replica in self.replicas[1:]:
            replica.slack.told_as(self.replicas[0].slack.url)
        for replica in self.replicas:
            replica.start(self.environment(replica), self.log)
        self.slack.wait_until_connected(30)

    def environment(self, replica: Replica) -> dict[str, str]:
        """Return the bot's settings, with the addresses of the replica's exits."""
        aws = {
            key: value.replace(self.bedrock.endpoint_url, replica.aws.url)
            for key, value in self.bedrock.environment().items()
        }
        return (
            aws
            | {
                "HOME": str(self.data),
                "SLACK_API_URL": f"{replica.slack.url}/api/",
                "SLACK_BOT_TOKEN": self.slack.bot_token,
                "SLACK_APP_TOKEN": self.slack.app_token,
                "REDIS_URL": replica.redis_url,
                "TUNESMITH_REDIS_PREFIX": PREFIX,
                "TUNESMITH_BUCKETS": ",".join(f"{r}={name}" for r, name in self.bedrock.buckets.items()),
                "TUNESMITH_ROLE_ARN": self.bedrock.role_arn,
                "TUNESMITH_APPROVERS": self.slack.person("approver").id,
                "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=22",
                "TUNESMITH_APPROVAL_LIMIT_USD": "100",
                "TUNESMITH_POLL_SECONDS": "1",
            }
            | self._settings
        )

    # Time

    def lapse(self, claims: list[str]) -> None:
        """Have the leases of a dead process end, as they would by themselves half a minute later."""
        if claims:
            self._pass(LEASE, claims)

    def passes(self, seconds: float) -> None:
        """Let time pass for what waits in Redis, and for Slack's retries."""
        if self.time_passes:
            self._pass(seconds, [])
            self.slack.tick(RETRIES)

    def shift(self, seconds: float) -> None:
        """Have Redis's clock jump, as far as what nobody has in hand can tell; negative is back."""
        self._pass(seconds, [])

    def _pass(self, seconds: float, claims: list[str]) -> None:
        keys = Keys(PREFIX)
        with contextlib.suppress(RedisError):  # a server that is away forgets no time
            self.raw.eval(PASS, 1, keys.kinds, keys.root, round(seconds * 1000), *claims)

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

    def unfinished(self) -> list[str]:
        """Return the things that are still being followed, but for those that always are."""
        keys = Keys(PREFIX)
        return [
            f"{kind}:{thing}"
            for kind in sorted(map(str, self.raw.smembers(keys.kinds)))
            if kind not in {"sweep", "poll"}
            for thing in self.raw.zrange(keys.due(kind), 0, -1)
        ]

    def busy(self) -> bool:
        """Return whether a process has something in hand, or should have; False while the server is away."""
        try:
            return self._busy()
        except RedisError:
            return False

    def _busy(self) -> bool:
        keys = Keys(PREFIX)
        seconds, micros = self.raw.time()
        now = seconds * 1000 + micros / 1000
        due = [
            (f"{keys.root}:thing:{kind}:{thing}", at)
            for kind in sorted(map(str, self.raw.smembers(keys.kinds)))
            for thing, at in self.raw.zrange(keys.due(kind), 0, -1, withscores=True)
        ]
        return any(at <= now or self.raw.hget(key, "lease") not in {"0", None} for key, at in due)

    def status_of(self, thing: str) -> str:
        """Return how a thing stands, for a failure's text."""
        row = self.raw.hgetall(f"{Keys(PREFIX).root}:thing:{thing}")
        return json.dumps(row)[:1500]

    @property
    def kills(self) -> int:
        """How often a process was killed."""
        return sum(replica.kills for replica in self.replicas)
