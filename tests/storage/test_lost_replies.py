"""The client's own retry after a lost reply: the server did it, and is asked again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from redis import Connection, Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.audit.chain import Chain
from bot.audit.decisions import Decision
from bot.controller.model import Key, Registration
from bot.models.model import Alias, Pointing, Share
from bot.spending.budgets import Budget
from storage import scripts
from storage.keys import Keys
from storage.redis_aliases import RedisAliases
from storage.redis_audit import RedisAudit
from storage.redis_inbox import RedisInbox
from storage.redis_ledger import RedisLedger
from storage.redis_resources import RedisResources
from storage.redis_shares import RedisShares

pytestmark = pytest.mark.redis_server

LEASE = Key("lease", "a1b2")


class Lossy(Connection):
    """A connection that loses the next reply after ``losing`` was set: the server has done what it was asked."""

    losing = False

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        reply = super().read_response(*args, **kwargs)
        if Lossy.losing:
            Lossy.losing = False
            self.disconnect()  # type: ignore[no-untyped-call]
            raise exceptions.ConnectionError("Connection reset by peer")
        return reply


@pytest.fixture
def lossy(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(
        redis_url, connection_class=Lossy, decode_responses=True, retry=Retry(NoBackoff(), 1)
    )
    for each in scripts.names():
        client.script_load(scripts.text(each))
    yield client
    Lossy.losing = False
    client.close()


def test_a_press_whose_record_lost_its_reply_is_still_the_first(lossy: Redis, redis_keys: Keys) -> None:
    log = RedisInbox(lossy, redis_keys)
    Lossy.losing = True
    assert log.first_time("press:1")
    assert not Lossy.losing
    assert not log.first_time("press:1")


def test_a_note_that_cannot_be_written_loses_no_delivery(
    redis_client: Redis, redis_url: str, redis_keys: Keys
) -> None:
    """Both are written in one round trip: what refuses the one says nothing of the other."""
    user = f"notes-{redis_keys.root.strip('{}')}"
    redis_client.acl_setuser(
        user, enabled=True, nopass=True, keys=[f"{redis_keys.root}:seen:*"], categories=["+@all"]
    )
    try:
        with Redis.from_url(redis_url, username=user, password="-", decode_responses=True) as half:
            log = RedisInbox(half, redis_keys)
            assert [log.first_time("event:app_mention:Ev1") for _ in range(2)] == [True, False]
    finally:
        redis_client.acl_deluser(user)


def test_a_change_whose_reply_was_lost_is_made_once(lossy: Redis, redis_keys: Keys) -> None:
    resources = RedisResources(lossy, redis_keys)
    resources.register(Registration(LEASE, {"minutes": 60}))
    resources.amend(LEASE, lambda _: {"minutes": 60})

    def longer(spec: dict[str, Any]) -> dict[str, Any]:
        Lossy.losing = True
        return {"minutes": spec["minutes"] + 60}

    changed = resources.amend(LEASE, longer)
    assert not Lossy.losing
    assert changed is not None
    assert (changed.spec, changed.generation) == ({"minutes": 120}, 3)


def test_what_was_registered_and_lost_its_reply_is_called_new(lossy: Redis, redis_keys: Keys) -> None:
    resources = RedisResources(lossy, redis_keys)
    other = Registration(Key("lease", "b2"), {"minutes": 60})

    def made() -> Registration:
        Lossy.losing = True
        return other

    Lossy.losing = True
    told = [resources.register(Registration(LEASE, {"minutes": 60})), resources.register_sole("model", made)]
    assert not Lossy.losing
    assert told == [True, True]
    assert [resources.register(Registration(LEASE, {})), resources.register(other)] == [False, False]


def test_a_decision_whose_reply_was_lost_stands_in_the_audit_once(lossy: Redis, redis_keys: Keys) -> None:
    """Every way by which one is written: with what it decides, and by itself."""
    at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    audit = RedisAudit(lossy, redis_keys, Chain())
    resources = RedisResources(lossy, redis_keys, audit=audit)
    alias = Alias("best", "C1", (Pointing("arn:1", "U1", at),), 1)
    ways: dict[str, Callable[[], object]] = {
        "by itself": lambda: audit.append(Decision("refused", "door", "/tune", actor="U1")),
        "a budget": lambda: RedisLedger(lossy, redis_keys, audit=audit).raise_budget(
            "2026-11", Budget("all", Decimal(10)), Decimal(20)
        ),
        "a document": lambda: RedisShares(lossy, redis_keys, audit=audit).save(
            Share("m", "arn:1", "C1", "U1", at)
        ),
        "a sole document": lambda: RedisAliases(lossy, redis_keys, audit=audit).change(
            "C1", "best", lambda _: alias
        ),
        "a resource": lambda: resources.register(
            Registration(LEASE, {"plan": {"owner": "U1", "channel": "C1", "model_name": "m"}})
        ),
    }
    found: dict[str, int] = {}
    for name, write in ways.items():
        before = audit.head().number
        _losing_the_reply_of_scripts_that_write(lossy, write)
        found[name] = audit.head().number - before
    assert found == dict.fromkeys(ways, 1)
    assert Chain().verify(audit.read(), audit.head()).holds


def _losing_the_reply_of_scripts_that_write(client: Redis, write: Callable[[], object]) -> None:
    """Do it, losing the reply of the first script that has a record to write."""
    ask, lost = client.execute_command, False

    def asked(*arguments: Any, **options: Any) -> Any:
        nonlocal lost
        is_script = str(arguments[0]).upper() == "EVALSHA"
        if is_script and not lost and any('"entries"' in str(each) for each in arguments):
            lost = Lossy.losing = True
        return ask(*arguments, **options)  # type: ignore[no-untyped-call]

    client.execute_command = asked  # type: ignore[method-assign]
    try:
        write()
    finally:
        del client.execute_command
    assert lost
    assert not Lossy.losing
