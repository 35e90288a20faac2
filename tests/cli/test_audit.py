"""What `tunesmith audit` says of what it found, and with which exit status."""

from pathlib import Path

import pytest
from redis import Redis
from typer.testing import CliRunner

from bot.audit.chain import Break, Chain, Verification
from bot.audit.decisions import Decision
from bot.cli import build
from bot.cli.audit import CHANGED, HOLDS, NOT_LOOKED, said_of, status_of
from storage.keys import Keys
from storage.redis_audit import RedisAudit

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "TUNESMITH_BUCKETS": "us-west-2=tunes",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/tunesmith",
}
BROKEN = Verification((Break(2, "changed", "number 2 is another"),), 3, unsealed=0, of_other_keys=3)


def test_the_verdict_counts_its_breaks_and_says_whether_it_had_a_key() -> None:
    told = {
        has_key: said_of(BROKEN, has_key=has_key, asked_s3=True, published=1) for has_key in (True, False)
    }
    assert all("It does not hold, in 1 place." in each for each in told.values())
    assert "3 are under another key" in told[True]
    assert "TUNESMITH_AUDIT_KEY is not set here" in told[False]


def test_what_is_sealed_is_not_called_sound_where_there_is_no_key() -> None:
    sealed = Verification((), 3, unsealed=0, of_other_keys=3)
    assert status_of(sealed, has_key=False) == NOT_LOOKED
    assert status_of(sealed, has_key=True) == HOLDS
    assert status_of(BROKEN, has_key=False) == CHANGED


@pytest.mark.redis_server
def test_changed_and_could_not_look_are_two_exit_statuses(
    redis_client: Redis, redis_url: str, redis_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prefix = redis_keys.root.strip("{}")
    for name, value in {**SETTINGS, "REDIS_URL": redis_url, "TUNESMITH_REDIS_PREFIX": prefix}.items():
        monkeypatch.setenv(name, value)
    for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TUNESMITH_AUDIT_KEY"):
        monkeypatch.delenv(name, raising=False)

    def status(*words: str) -> int:
        return CliRunner().invoke(build(["audit"]), ["audit", *words]).exit_code

    RedisAudit(redis_client, redis_keys, Chain()).append(Decision("refused", "door", "/tune", actor="U1"))
    found = {"sound": status("--offline"), "wrong use": status("--last", "-1")}
    found["no such folder"] = status("--offline", "--export", str(tmp_path / "none" / "kept"))
    redis_client.hset(redis_keys.audit_head, "code", "another")
    found["changed"] = status("--offline")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    found["away"] = status("--offline")
    monkeypatch.setenv("TUNESMITH_BUCKETS", "nowhere")
    found["misconfigured"] = status("--offline")
    assert found == {
        "sound": HOLDS,
        "wrong use": 2,
        "no such folder": NOT_LOOKED,
        "changed": CHANGED,
        "away": NOT_LOOKED,
        "misconfigured": NOT_LOOKED,
    }
