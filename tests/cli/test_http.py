"""The HTTP door refuses at the start what the other one refuses."""

from collections.abc import Iterator

import pytest
from redis import Redis

from bot import config
from bot.cli import http
from bot.clock import SystemClock
from bot.errors import Misconfigured
from bot.faults import FaultRegister
from bot.logs import FaultWatch

ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
    "TUNESMITH_BUCKETS": "us-west-2=tunes",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/tunesmith",
}


WATCH = FaultWatch(FaultRegister(), SystemClock())


class Listening(Exception):
    """The start went as far as opening the port."""


@pytest.fixture(autouse=True)
def no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def listen(_: object, port: int, *, host: str) -> None:
        raise Listening(port)

    monkeypatch.setattr(http, "HttpServer", listen)


@pytest.fixture
def forgetful(redis_client: Redis) -> Iterator[None]:
    before = redis_client.config_get("maxmemory-policy")["maxmemory-policy"]
    redis_client.config_set("maxmemory-policy", "allkeys-lru")
    yield
    redis_client.config_set("maxmemory-policy", str(before))


@pytest.mark.redis_server
@pytest.mark.usefixtures("forgetful")
def test_a_redis_that_forgets_is_refused(redis_url: str) -> None:
    with pytest.raises(Misconfigured, match="noeviction"):
        http.serve(
            config.load(ENVIRONMENT | {"REDIS_URL": redis_url}, http=True),
            8080,
            FaultWatch(FaultRegister(), SystemClock()),
        )


@pytest.mark.redis_server
def test_a_good_redis_is_taken(redis_url: str) -> None:
    with pytest.raises(Listening, match="8080"):
        http.serve(
            config.load(ENVIRONMENT | {"REDIS_URL": redis_url}, http=True),
            8080,
            FaultWatch(FaultRegister(), SystemClock()),
        )


def test_a_redis_that_is_away_is_waited_for_by_the_health_check() -> None:
    with pytest.raises(Listening, match="8080"):
        http.serve(
            config.load(ENVIRONMENT | {"REDIS_URL": "redis://127.0.0.1:1/0"}, http=True),
            8080,
            FaultWatch(FaultRegister(), SystemClock()),
        )
