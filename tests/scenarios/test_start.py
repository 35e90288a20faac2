"""Starting with settings that are missing or wrong: all of it is listed, and nothing runs."""

from pathlib import Path

import pytest
from redis import Redis

from bot.playground.redis_server import PrivateRedis
from tests.scenarios.processes import Process

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

COMPLETE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "TUNESMITH_BUCKETS": "us-west-2=some-bucket",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/Tuning",
}


@pytest.mark.parametrize(
    ("door", "token"), [((), "SLACK_APP_TOKEN"), (("--http", "3999"), "SLACK_SIGNING_SECRET")]
)
def test_an_empty_environment_gets_everything_that_is_missing_at_once(
    tmp_path: Path, door: tuple[str, ...], token: str
) -> None:
    with Process("run", *door, folder=tmp_path) as process:
        assert process.ends() == 1

    for name in ("SLACK_BOT_TOKEN", token, "REDIS_URL", "TUNESMITH_BUCKETS", "TUNESMITH_ROLE_ARN"):
        assert f"{name} is not set" in process.output
    assert "5 settings are missing or wrong" in process.output
    assert "OAuth & Permissions" in process.output
    assert ".env" in process.output
    assert "Traceback" not in process.output


def test_what_is_wrong_is_listed_beside_what_is_missing(tmp_path: Path) -> None:
    left_out = ("SLACK_APP_TOKEN", "TUNESMITH_BUCKETS")
    lines = [f"{name}={value}" for name, value in COMPLETE.items() if name not in left_out]
    (tmp_path / ".env").write_text(
        "\n".join([*lines, "TUNESMITH_BUCKETS=nonsense", "REDIS_URL=redis://127.0.0.1:9"])
    )
    changed = {"TUNESMITH_ROLE_ARN": "role/Tuning", "TUNESMITH_BASE_MODEL": "claude-3-hiku"}
    with Process("run", folder=tmp_path, environment=changed) as process:
        assert process.ends() == 1

    assert "SLACK_APP_TOKEN is not set" in process.output
    assert "`nonsense` is not such a pair" in process.output
    assert "claude-3-haiku" in process.output
    assert "TUNESMITH_ROLE_ARN" in process.output
    assert "xoxb-1" not in process.output


@pytest.mark.parametrize("door", [(), ("--http", "3998")], ids=["socket", "http"])
def test_a_redis_that_would_forget_is_refused_with_the_line_that_mends_it(
    tmp_path: Path, door: tuple[str, ...]
) -> None:
    with PrivateRedis(tmp_path / "redis") as server:
        with Redis.from_url(server.url) as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
        with Process(
            "run", *door, folder=tmp_path, environment=COMPLETE | {"REDIS_URL": server.url}
        ) as process:
            assert process.ends() == 1

    assert "Set maxmemory-policy to noeviction" in process.output
    assert "Traceback" not in process.output
