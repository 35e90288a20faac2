"""Slack and AWS for the chaos run, in a Redis of their own that nobody kills, with a log of all that happened.

Every process sees the same world. Its failures come from the caller's random numbers: asked to slow down, lost on the
way there, lost on the way back.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis

from bot.controller.model import Message
from bot.errors import NotFound, Throttled, UnknownOutcome

POST = """
local n = redis.call('INCR', 'next')
local time = redis.call('TIME')
local ts = string.format('%d.%06d', time[1], n)
redis.call('HSET', 'messages', ARGV[1] .. '|' .. ts, ARGV[2])
redis.call('RPUSH', 'log', cjson.encode({'post', ARGV[1], ts, ARGV[2]}))
return ts
"""
UPDATE = """
local place = ARGV[1] .. '|' .. ARGV[2]
local old = redis.call('HGET', 'messages', place)
if not old then return 0 end
local message = cjson.decode(old)
message['text'] = ARGV[3]
redis.call('HSET', 'messages', place, cjson.encode(message))
return 1
"""
DELETE = """
if redis.call('HDEL', 'messages', ARGV[1] .. '|' .. ARGV[2]) == 1 then
  redis.call('RPUSH', 'log', cjson.encode({'delete', ARGV[1], ARGV[2]}))
end
"""
RELEASE = """
local time = redis.call('TIME')
if redis.call('SREM', 'held', ARGV[1]) == 0 then return 0 end
redis.call('HSET', 'released', ARGV[1], time[1] + time[2] / 1000000)
return 1
"""


@dataclass(frozen=True)
class Kept:
    """One message that is there."""

    channel: str
    ts: str
    thread: str
    marker: str
    text: str


class World:
    """A ``Messages`` and a ``Cloud``, shared by processes. ``harm`` is the share of calls that go wrong."""

    def __init__(self, client: Redis, random_numbers: random.Random, harm: float = 0.0) -> None:
        self._redis = client
        self._random = random_numbers
        self._harm = harm

    # Messages

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        self._before()
        text = json.dumps({"text": message.text, "marker": str(uuid.UUID(marker)), "thread": thread_ts or ""})
        ts = str(self._redis.eval(POST, 0, channel, text))
        self._after()
        return ts

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        self._before()
        return [
            each.ts
            for each in self.messages()
            if (each.channel, each.marker, each.thread) == (channel, marker, thread_ts or "")
        ]

    def direct(self, user: str) -> str:
        return f"D{user}"

    def update(self, channel: str, ts: str, message: Message) -> None:
        self._before()
        if not self._redis.eval(UPDATE, 0, channel, ts, message.text):
            raise NotFound("message_not_found")
        self._after()

    def delete(self, channel: str, ts: str) -> None:
        self._before()
        self._redis.eval(DELETE, 0, channel, ts)
        self._after()

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        raise NotImplementedError("nobody whispers here")

    # Cloud

    def phase(self, name: str) -> str:
        self._before()
        ends: Any = self._redis.hget("ends", name)
        return "completed" if self.now() >= float(ends) else "training"

    def release(self, name: str) -> None:
        self._before()
        if not self._redis.eval(RELEASE, 0, name):
            raise NotFound("no such throughput")
        self._after()

    # What the run looks at

    def begin(self, jobs: dict[str, float]) -> None:
        """Make jobs that train for so many seconds and hold throughput until it is released."""
        now = self.now()
        self._redis.hset("ends", mapping={name: now + seconds for name, seconds in jobs.items()})
        self._redis.sadd("held", *jobs)

    def now(self) -> float:
        told: Any = self._redis.time()
        return float(told[0]) + float(told[1]) / 1e6

    def messages(self) -> list[Kept]:
        kept: Any = self._redis.hgetall("messages")
        read = [(*place.split("|"), json.loads(text)) for place, text in kept.items()]
        return sorted(
            (Kept(channel, ts, told["thread"], told["marker"], told["text"]) for channel, ts, told in read),
            key=lambda each: float(each.ts.split(".")[1]),
        )

    def log(self) -> list[list[str]]:
        lines: Any = self._redis.lrange("log", 0, -1)
        return [json.loads(line) for line in lines]

    def still_held(self) -> int:
        left: Any = self._redis.scard("held")
        return int(left)

    def released_early(self) -> list[str]:
        released: Any = self._redis.hgetall("released")
        ends: Any = self._redis.hgetall("ends")
        return [name for name, at in released.items() if float(at) < float(ends[name])]

    def _before(self) -> None:
        dice = self._random.random()
        if dice < self._harm:
            raise Throttled("slow down", retry_after=0.2)
        if dice < 1.6 * self._harm:
            raise UnknownOutcome("lost on the way there")

    def _after(self) -> None:
        if self._random.random() < self._harm:
            raise UnknownOutcome("lost on the way back")
