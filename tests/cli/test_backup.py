"""``tunesmith backup`` and ``restore``, as an operator types them."""

from pathlib import Path

import pytest
from redis import Redis
from typer.testing import CliRunner

from bot.cli import build
from bot.errors import Misconfigured
from storage.keys import Keys

pytestmark = pytest.mark.redis_server

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "TUNESMITH_BUCKETS": "us-west-2=tunes",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/tunesmith",
}


def test_a_bot_is_put_into_a_file_looked_at_and_put_back(
    redis_client: Redis, redis_url: str, redis_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prefix, seen = redis_keys.root.strip("{}"), redis_keys.seen("Ev1")
    for name, value in {**SETTINGS, "REDIS_URL": redis_url, "TUNESMITH_REDIS_PREFIX": prefix}.items():
        monkeypatch.setenv(name, value)
    for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    redis_client.set(seen, "x")

    def typed(*words: str) -> str:
        done = CliRunner().invoke(build(["backup", "restore"]), list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert f"1 keys of `{prefix}`" in typed("backup", "kept.json.gz")
    assert "is whole: 1 keys" in typed("restore", "--check", "kept.json.gz")
    redis_client.delete(seen)
    assert "are back" in typed("restore", "kept.json.gz")
    assert redis_client.get(seen) == "x"

    monkeypatch.setenv("TUNESMITH_REDIS_PREFIX", f"{prefix}-slip")
    with pytest.raises(Misconfigured, match="nothing in Redis under"):
        typed("backup", "empty.json.gz")
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json.gz"]
