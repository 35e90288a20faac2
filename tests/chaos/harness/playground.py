"""The stand-ins, a private Redis and the replicas between them."""

import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import boto3
from redis import Redis

from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack import SlackStandIn
from handlers import manifest
from storage.keys import Keys
from tests.chaos.harness.boundaries import Register, Scheme, undisturbed
from tests.chaos.harness.front_door import FrontDoor
from tests.chaos.harness.replica import Replica, Starter
from tests.chaos.harness.waiting import PREFIX, Waiting

AWS_KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIACHAOSCHAOSCHAOS0",
    "AWS_SECRET_ACCESS_KEY": "chaos/secret+of+nobody/but+this+playground",
    "AWS_SESSION_TOKEN": "chaos-session-token-that-is-told-to-nobody",
}
"""Keys that are like no other word, so that they are found wherever they get to."""


class Playground(Waiting):
    """A context manager. ``data`` is its own folder; ``replicas`` processes of the bot share its one workspace."""

    def __init__(
        self,
        *,
        replicas: int = 1,
        scheme: Scheme = undisturbed,
        starter: Starter | None = None,
        settings: Mapping[str, str] | None = None,
        aws_speed: float = 0.0,
        http: bool = False,
    ) -> None:
        """``settings`` are added to the bot's; ``aws_speed`` is AWS's seconds in one of ours.

        With ``http`` Slack's requests come to the replicas in turn; else they open Socket Mode's connections.
        """
        self._http = http
        super().__init__()
        self._settings, self._aws_speed = dict(settings or {}), aws_speed
        self.register = Register()
        self.register.scheme = scheme
        self.register.happen = lambda happening: happening(self)
        self.data = Path(tempfile.mkdtemp(prefix="tunesmith-chaos-"))
        self.log = self.data / "bot.log"
        self._count = replicas
        self._starter = starter
        self._rooms = ExitStack()
        self.replicas: list[Replica] = []
        self.store_lock = threading.Lock()
        """Held while something happens to the store."""
        self.losses = 0
        """How often the store was emptied."""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._rooms.close()  # one that did not start must not be in the way of all that follow
            raise
        return self

    def _begin(self) -> None:
        enter = self._rooms.enter_context
        self._rooms.callback(shutil.rmtree, self.data, ignore_errors=True)
        self.redis = enter(PrivateRedis(self.data / "redis"))
        self.bedrock = enter(BedrockStandIn(clock=SimulatedClock(speed=self._aws_speed)))
        self._door = FrontDoor() if self._http else None
        if self._door:
            self._rooms.callback(self._door.stop)
        self.slack = enter(
            SlackStandIn(
                manifest=manifest.build("http", self._door.url)
                if self._door
                else manifest.build("socket", None),
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
            replica = Replica(
                number, self._starter, self.register, upstreams, buckets, self.lapse, behind_http=self._http
            )
            self._rooms.callback(replica.stop)
            self.replicas.append(replica)
        self.slack.announce(self.replicas[0].slack.url)
        for replica in self.replicas[1:]:
            replica.slack.told_as(self.replicas[0].slack.url)
        for replica in self.replicas:
            replica.start(self.environment(replica), self.log)
        if self._door:
            self._door.ports = [each.door.port for each in self.replicas if each.door]
        if not self.slack.wait_for(lambda: self.reachable, 30):
            raise TimeoutError("the bot cannot be reached")

    @property
    def reachable(self) -> bool:
        """Whether Slack reaches every replica, or the one that is left."""
        return self.slack.connected and all(each.listening for each in self.replicas)

    @property
    def frozen(self) -> bool:
        """Whether a replica is frozen."""
        return any(each.frozen for each in self.replicas)

    def environment(self, replica: Replica) -> dict[str, str]:
        """Return the bot's settings, with the addresses of the replica's exits."""
        aws = {
            key: value.replace(self.bedrock.endpoint_url, replica.aws.url)
            for key, value in self.bedrock.environment().items()
        }
        return (
            aws
            | AWS_KEYS
            | {
                "HOME": str(self.data),
                "SLACK_API_URL": f"{replica.slack.url}/api/",
                "SLACK_BOT_TOKEN": self.slack.bot_token,
                **self._proof,
                "REDIS_URL": replica.redis_url,
                "TUNESMITH_REDIS_PREFIX": PREFIX,
                "TUNESMITH_BUCKETS": ",".join(f"{r}={name}" for r, name in self.bedrock.buckets.items()),
                "TUNESMITH_ROLE_ARN": self.bedrock.role_arn,
                "TUNESMITH_TRAINERS": ",".join(
                    self.slack.person(each).id for each in ("trainer", "approver")
                ),
                "TUNESMITH_APPROVERS": self.slack.person("approver").id,
                "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=22",
                "TUNESMITH_APPROVAL_LIMIT_USD": "100",
                "TUNESMITH_POLL_SECONDS": "1",
            }
            | self._settings
        )

    @property
    def _proof(self) -> dict[str, str]:
        """What the bot and Slack know each other by."""
        if self._door:
            return {"SLACK_SIGNING_SECRET": self.slack.signing_secret}
        return {"SLACK_APP_TOKEN": self.slack.app_token}

    def objects(self) -> list[str]:
        """Return the keys of everything in the buckets."""
        found = []
        for region, bucket in self.bedrock.buckets.items():
            s3 = boto3.client(
                "s3",
                region_name=region,
                endpoint_url=self.bedrock.endpoint_url,
                aws_access_key_id="checker",
                aws_secret_access_key="checker",
            )
            found += [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
            s3.close()
        return found

    def status_of(self, resource: str) -> str:
        """Return how a thing stands, for a failure's text."""
        row = self.raw.hgetall(f"{Keys(PREFIX).root}:resource:{resource}")
        return json.dumps(row)[:1500]

    @property
    def kills(self) -> int:
        """How often a process was killed."""
        return sum(replica.kills for replica in self.replicas)
