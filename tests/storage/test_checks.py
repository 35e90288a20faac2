"""The start checks, on a real server that is put into each wrong state."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
from redis import Redis

from storage.checks import Checked, Durability, check
from storage.clients import interactive, worker
from storage.keys import Keys
from storage.redis_errors import rights
from tests.doubles.clock import FakeClock

pytestmark = pytest.mark.redis_server


@contextmanager
def configured(client: Redis, name: str, value: str) -> Iterator[None]:
    before = str(client.config_get(name)[name])
    client.config_set(name, value)
    try:
        yield
    finally:
        client.config_set(name, before)
        while client.info("persistence")["aof_rewrite_in_progress"]:
            pass  # a server that is writing its first append-only file refuses to end


def wrong(client: Redis, keys: Keys, durability: Durability = "checked") -> list[Checked]:
    return [finding for finding in check(client, keys, durability=durability) if not finding.ok]


def test_a_private_server_is_sound(redis_client: Redis, redis_keys: Keys) -> None:
    findings = check(redis_client, redis_keys)
    assert [finding.name for finding in findings] == [
        "version",
        "role",
        "form",
        "eviction",
        "memory",
        "durability",
        "scripts",
        "clock",
        "encryption",
    ]
    assert all(finding.ok and finding.sentence and not finding.mend for finding in findings)
    assert list(redis_client.scan_iter(match=f"{redis_keys.root}*")) == []


@pytest.mark.parametrize(("policy", "required"), [("allkeys-lru", True), ("volatile-lru", False)])
def test_eviction_is_found(redis_client: Redis, redis_keys: Keys, policy: str, required: bool) -> None:
    with configured(redis_client, "maxmemory-policy", policy):
        [finding] = wrong(redis_client, redis_keys)
    assert (finding.name, finding.required) == ("eviction", required)
    assert "noeviction" in finding.mend


def test_a_server_without_an_append_only_file_is_found_unless_somebody_vouches(
    redis_client: Redis, redis_keys: Keys
) -> None:
    with configured(redis_client, "appendonly", "no"):
        [finding] = wrong(redis_client, redis_keys)
        assert wrong(redis_client, redis_keys, "external") == []
        assert wrong(redis_client, redis_keys, "volatile") == []
    assert (finding.name, finding.required) == ("durability", True)
    assert "appendonly" in finding.mend


def test_a_nearly_full_server_is_a_warning(redis_client: Redis, redis_keys: Keys) -> None:
    used = int(redis_client.info("memory")["used_memory"])
    with configured(redis_client, "maxmemory", str(int(used * 1.1))):
        found = {finding.name: finding for finding in wrong(redis_client, redis_keys)}
    assert not found["memory"].required


def test_a_clock_that_differs_is_a_warning(redis_client: Redis, redis_keys: Keys) -> None:
    clock = FakeClock()
    clock.step(timedelta(days=400).total_seconds())
    found = {finding.name: finding for finding in check(redis_client, redis_keys, clock=clock)}
    assert not found["clock"].ok
    assert not found["clock"].required


def may(client: Redis, name: str, rights: Sequence[str]) -> None:
    client.execute_command("ACL", "SETUSER", name, "reset", "on", ">secret", *rights)  # type: ignore[no-untyped-call]


def test_a_user_without_a_right_is_told_all_of_them_and_works_with_these(
    redis_client: Redis, redis_url: str, redis_keys: Keys
) -> None:
    name = redis_keys.root.strip("{}")
    told = rights(redis_keys.root).split()
    lacking = {"+@scripting": "scripts", "+@transaction": "scripts", "+info": "reachable"}
    found: dict[str, tuple[str, str]] = {}
    try:
        for right, about in lacking.items():
            may(redis_client, name, [each for each in told if each != right])
            with worker(f"redis://{name}:secret@{redis_url.split('@')[1]}") as client:
                [finding] = wrong(client, redis_keys)
            if finding.name != about or right not in finding.mend:
                found[right] = finding.name, finding.mend
        assert found == {}
        may(redis_client, name, told)
        with worker(f"redis://{name}:secret@{redis_url.split('@')[1]}") as client:
            assert wrong(client, redis_keys) == []
    finally:
        redis_client.acl_deluser(name)


def test_a_full_server_is_no_matter_of_rights(redis_client: Redis, redis_keys: Keys) -> None:
    with configured(redis_client, "maxmemory", "1"):
        found = {finding.name: finding for finding in check(redis_client, redis_keys)}
    assert "is full" in found["scripts"].sentence
    assert "raise maxmemory" in found["scripts"].mend
    assert "+@write" not in found["scripts"].mend


def test_a_server_that_is_away_is_one_finding(redis_keys: Keys) -> None:
    with interactive("redis://127.0.0.1:1/0") as client:
        [finding] = check(client, redis_keys)
    assert (finding.name, finding.ok, finding.required) == ("reachable", False, True)
    assert finding.mend == "Start Redis there, or correct REDIS_URL."


class Told:
    """A server that tells of itself what a test says; nothing is asked of a real one."""

    def __init__(self, url: str = "redis://127.0.0.1", **info: object) -> None:
        sound = {"redis_version": "7.2.4", "role": "master", "maxmemory_policy": "noeviction"}
        self._info = sound | {"aof_enabled": 1, "aof_last_write_status": "ok"} | info
        self.connection_pool = Redis.from_url(url).connection_pool

    def ping(self) -> bool:
        return True

    def info(self) -> dict[str, object]:
        return self._info

    def time(self) -> tuple[int, int]:
        return int(FakeClock().now().timestamp()), 0

    def eval(self, *_: object) -> int:
        return 1

    def pipeline(self, **_: object) -> Any:
        return MagicMock()


@pytest.mark.parametrize(
    ("server", "name", "required"),
    [
        (Told(redis_version="6.0.16"), "version", True),
        (Told(role="slave"), "role", True),
        (Told(redis_mode="cluster"), "form", True),
        (Told(aof_last_write_status="err"), "durability", True),
        (Told("redis://redis.example.com"), "encryption", False),
        (Told("rediss://redis.example.com?ssl_cert_reqs=none"), "encryption", False),
    ],
)
def test_a_server_that_cannot_be_trusted_is_found_by_what_it_tells(
    server: Told, name: str, required: bool
) -> None:
    findings = check(server, clock=FakeClock())  # type: ignore[arg-type]
    [wrong_one] = [each for each in findings if not each.ok]

    assert (wrong_one.name, wrong_one.required) == (name, required)
    assert wrong_one.mend


@pytest.mark.parametrize(("policy", "has_budgets"), [("volatile-lru", True), ("volatile-ttl", False)])
def test_what_evicts_keys_with_an_end_is_refused_once_budgets_are_set(policy: str, has_budgets: bool) -> None:
    server: Any = Told(maxmemory_policy=policy)
    [found] = [each for each in check(server, clock=FakeClock(), has_budgets=has_budgets) if not each.ok]
    assert (found.name, found.required) == ("eviction", has_budgets)
    assert ("budget" in found.mend) is has_budgets


def test_a_valkey_behind_tls_is_sound() -> None:
    server = Told("rediss://redis.example.com", valkey_version="9.1.2")
    findings = check(server, clock=FakeClock())  # type: ignore[arg-type]

    assert [each.sentence for each in findings if not each.ok] == []
    assert findings[0].sentence == "The server is Valkey 9.1.2."
