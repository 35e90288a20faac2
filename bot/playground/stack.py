"""The whole playground: a private Redis, the Bedrock stand-in, the Slack stand-in, and the bot between them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from bot.errors import Unavailable
from bot.playground.bedrock import BedrockStandIn, Durations, SimulatedClock
from bot.playground.bot_process import BotProcess
from bot.playground.passing_time import rewind
from bot.playground.redis_server import PrivateRedis
from bot.playground.shared_redis import SharedRedis
from bot.playground.slack import SlackStandIn

CLAIM = 31.0
"""Seconds: longer than a process has anything in hand for that takes a step at a time (``bot.controller``)."""
TRIES = 3
"""Starts of the bot that may end by themselves before the demo gives up."""
LOOK, SLOW, PATIENCE = 0.5, 15.0, 600.0
"""Seconds between two looks at whether the bot still lives, until a start is called slow, and that it may take."""
BUCKETS = {"us-west-2": "northwind-tunes-us-west-2", "us-east-1": "northwind-tunes-us-east-1"}


@dataclass(frozen=True, slots=True)
class Options:
    """How the playground runs. ``speed`` is simulated seconds of Bedrock's clock in one real second."""

    data_dir: Path
    port: int = 0
    speed: float = 60.0
    shared_redis: SharedRedis | None = None
    """A Redis to use instead of a private one."""
    chunk_delay: float = 0.03
    """Seconds between the pieces of a streamed answer, so that a person sees it grow."""


class Stack:
    """Everything of the demo. Its state lies in ``data_dir``: killed and started again, it goes on where it was."""

    def __init__(self, manifest: dict[str, Any], options: Options) -> None:
        self.options = options
        options.data_dir.mkdir(parents=True, exist_ok=True)
        self.clock = SimulatedClock(speed=options.speed)
        self.redis = None if options.shared_redis else PrivateRedis(options.data_dir / "redis")
        self.bedrock = BedrockStandIn(
            clock=self.clock,
            data_dir=options.data_dir / "bedrock",
            buckets=BUCKETS,
            chunk_delay=options.chunk_delay,
            # Long enough at the demo's speed for a person to watch the stages, short enough not to wait for them.
            durations=Durations(training_least=1500),
        )
        self.slack = SlackStandIn(
            manifest=manifest,
            data_dir=options.data_dir / "slack",
            bedrock=self.bedrock,
            port=options.port,
        )
        self.bot: BotProcess | None = None
        self._redis_url = ""

    def start(self) -> None:
        """Start all of it; the bot last, with the addresses of the rest."""
        redis = self._start_redis()
        self.bedrock.start()
        self.slack.start()
        self.bot = BotProcess(self.environment(redis), self.options.data_dir / "bot.log")
        self.bot.start()

    def wait_until_ready(self, slow: Callable[[], None] = lambda: None) -> None:
        """Wait until the bot has connected, for as long as it is coming up; ``slow`` is called once if that takes long.

        How long a start takes is the machine's affair: one that lives is waited for, and one that keeps ending is not.

        Raises:
            Unavailable: it ended each time it was started, or did not connect in all that time.
        """
        assert self.bot is not None
        begun, told = time.monotonic(), False
        while (waited := time.monotonic() - begun) < PATIENCE and self.bot.starts <= TRIES:
            if self.slack.wait_for(lambda: self.slack.connected, LOOK):
                return
            if not told and waited > SLOW:
                slow()
                told = True
        log = self.options.data_dir / "bot.log"
        if self.bot.starts > TRIES:
            raise Unavailable("The bot ends each time it is started.", hint=f"Its log says why: {log}")
        minutes = f"{PATIENCE / 60:.0f} minutes"
        raise Unavailable(
            f"The bot did not come up within {minutes}.", hint=f"Its log says how far it came: {log}"
        )

    def kill_the_bot(self) -> int | None:
        """``kill -9`` in the middle of it, and half a minute at the store; return the ID of the process that died.

        What it had in hand is another's only when its claim has lapsed. Nobody waits for that here: while no bot runs,
        the store's times are moved back by so much, which is the same.
        """
        assert self.bot is not None
        victim = self.bot.pid
        self.bot.kill()
        shared = self.options.shared_redis
        url, prefix = (shared.url, shared.prefix) if shared else (self._redis_url, "tunesmith")
        with Redis.from_url(url) as client:
            rewind(client, f"{{{prefix}}}", CLAIM)
        return victim

    def stop(self) -> None:
        """Stop all of it in order; what is kept stays in the folder."""
        if self.bot is not None:
            self.bot.stop()
        self.slack.stop()
        self.bedrock.stop()
        if self.redis is not None:
            self.redis.stop()

    def _start_redis(self) -> dict[str, str]:
        """Return the bot's settings for Redis."""
        shared = self.options.shared_redis
        if shared is not None:
            return shared.environment()
        assert self.redis is not None
        self._redis_url = self.redis.start()
        return {"REDIS_URL": self._redis_url}

    def environment(self, redis: Mapping[str, str]) -> dict[str, str]:
        """Return the bot's settings: the same names as anywhere, with the playground's addresses."""
        channel = self.slack.channel_id("claims-ai")
        return {
            **self.bedrock.environment(),
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            **redis,
            "TUNESMITH_BUCKETS": ",".join(f"{region}={bucket}" for region, bucket in BUCKETS.items()),
            "TUNESMITH_ROLE_ARN": self.bedrock.role_arn,
            "TUNESMITH_TRAINERS": f"{self.slack.person('trainer').id},{self.slack.person('approver').id}",
            "TUNESMITH_APPROVERS": self.slack.person("approver").id,
            # Nobody publishes these two. What an operator would have from AWS is made up here, and labelled so.
            "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=22",
            "TUNESMITH_APPROVAL_LIMIT_USD": "50",
            "TUNESMITH_BUDGETS": f"all=1000,{channel}=250",
            # Anybody may read it here, so it proves nothing but that the chain works.
            "TUNESMITH_AUDIT_KEY": "the key of a demo, which seals no real decision",
            # An hour of Bedrock is a minute here: polls a minute apart would miss whole stages.
            "TUNESMITH_POLL_SECONDS": "1",
        }
