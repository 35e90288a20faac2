"""The audit on Redis: written with what it tells of or not at all, by many at once, and never past what is kept."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.audit.chain import Chain, Head
from bot.audit.decisions import Decision
from bot.controller.model import Claim, Done, Key, Registration, RequeueAfter, StaleClaim
from bot.kinds import UNAUDITED
from bot.models.model import Share
from bot.spending.budgets import Budget
from storage import backup
from storage.keys import Keys
from storage.s3_audit import S3Segments
from storage.stores import Stores
from tests.attacks.kinds import THINGS
from tests.attacks.test_many_at_once import at_once
from tests.fixtures.s3 import BUCKETS, S3Clients

CHAIN = Chain(b"k" * 32)
WEST = "us-west-2"
AT = datetime(2026, 11, 22, tzinfo=UTC)
JOB = Key("job", "j1")

pytestmark = pytest.mark.redis_server


@pytest.fixture
def stores(redis_client: Redis, redis_keys: Keys) -> Stores:
    return Stores.on(redis_client, redis_keys, chain=CHAIN, unaudited=UNAUDITED)


def told(stores: Stores) -> list[tuple[str, str, str]]:
    found = [each.document() for each in stores.audit.read()]
    return [(each["what"], each["kind"], each["actor"]) for each in found]


def holds(stores: Stores) -> bool:
    return CHAIN.verify(stores.audit.read(), stores.audit.head()).holds


def test_every_write_of_a_decision_has_its_entry(stores: Stores) -> None:
    resources = stores.resources
    assert resources.register(Registration(JOB, THINGS["job"][0]))
    assert not resources.register(Registration(JOB, THINGS["job"][0]))
    owner = THINGS["job"][0]["plan"]["owner"]
    resources.amend(JOB, lambda spec: {**spec, "stop": {"by": "U2", "at": "2026-11-22T09:00:00Z"}})
    resources.amend(JOB, lambda spec: spec)
    [claim] = resources.claim(1, 30)
    release, note = Key("release", "l1"), Key("notification", "n1")
    also = [Registration(each, THINGS[each.kind][0]) for each in (release, note)]
    claim = resources.commit(claim, {"job": {"phase": "stopped"}}, None, also)
    resources.commit(claim, {"job": {"phase": "stopped"}}, Done(), also)
    stores.shares.save(Share("claims", "arn", "C2", "U1", AT))
    stores.ledger.raise_budget("2026-11", Budget("all", Decimal(10)), Decimal(20))
    assert told(stores) == [
        ("asked", "job", owner),
        ("stopped", "job", "U2"),
        ("result", "job", "the bot"),
        ("asked", "release", "the bot"),
        ("shared", "shares", "U1"),
        ("raised", "budget", "the bot"),
    ]
    assert holds(stores)
    assert stores.audit.read()[0].document()["at"].startswith("20")


def test_what_is_refused_by_the_fence_is_in_no_audit(stores: Stores) -> None:
    stores.resources.register(Registration(JOB, THINGS["job"][0]))
    [claim] = stores.resources.claim(1, 30)
    stale: Claim = claim
    stores.resources.commit(claim, {}, RequeueAfter(0))
    with pytest.raises(StaleClaim):
        stores.resources.commit(stale, {"job": {"phase": "failed"}}, Done())
    assert [what for what, *_ in told(stores)] == ["asked"]


def test_a_write_whose_answer_was_lost_is_told_once(stores: Stores) -> None:
    stores.resources.register(Registration(JOB, THINGS["job"][0]))
    [claim] = stores.resources.claim(1, 30)
    for _ in range(2):
        stores.resources.commit(claim, {"job": {"phase": "stopped"}}, RequeueAfter(1))
    assert [what for what, *_ in told(stores)] == ["asked", "result"]


def test_many_at_once_make_one_chain(stores: Stores) -> None:
    def decide(number: int) -> None:
        for each in range(5):
            stores.resources.register(Registration(Key("job", f"{number}-{each}"), THINGS["job"][0]))
            stores.audit.append(Decision("refused", "door", "/tune", actor=f"U{number}"))

    at_once([partial(decide, number) for number in range(4)])
    assert stores.audit.head().number == 40
    assert holds(stores)


def test_kinds_that_decide_nothing_are_in_no_audit(stores: Stores) -> None:
    for kind in UNAUDITED:
        stores.resources.register(Registration(Key(kind, "x"), THINGS[kind][0]))
    assert told(stores) == []


def test_it_is_cut_up_to_a_number_and_survives_a_backup(
    stores: Stores, redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    for number in range(5):
        stores.audit.append(Decision("refused", "door", str(number)))
    stores.audit.cut(2)
    stores.audit.cut(2)
    kept, head = stores.audit.read(), stores.audit.head()
    assert [each.number for each in kept] == [3, 4, 5]
    backup.back_up(redis_client, redis_keys, tmp_path / "all.json.gz", AT)
    for name in list(backup.names(redis_client, redis_keys)):
        redis_client.delete(name)
    backup.restore(redis_client, redis_keys, tmp_path / "all.json.gz")
    assert (stores.audit.read(), stores.audit.head()) == (kept, head)


def test_one_that_was_put_in_between_two_is_seen(
    stores: Stores, redis_client: Redis, redis_keys: Keys
) -> None:
    for number in range(3):
        stores.audit.append(Decision("refused", "door", str(number)))
    first: Any = redis_client.xrange(redis_keys.audit)
    redis_client.delete(redis_keys.audit)
    text = json.dumps({"n": 2, "what": "approved"})
    forged = ("1-1", {"text": text, "code": "0" * 64, "key": CHAIN.key})
    for place, row in [first[0], forged, *first[1:]]:
        redis_client.xadd(redis_keys.audit, row, id=place)
    assert [each.what for each in CHAIN.verify(stores.audit.read(), stores.audit.head()).breaks] == [
        "inserted"
    ]


def test_segments_on_s3_keep_all_heads(s3_clients: S3Clients) -> None:
    segments = S3Segments(s3_clients, BUCKETS, "tunesmith")
    assert segments.heads() == {}
    for first, last, code in ((1, 4, "aa" * 32), (5, 6, "bb" * 32), (1, 4, "cc" * 32)):
        segments.put(first, Head(last, code), b"{}\n")
        segments.put(first, Head(last, code), b"{}\n")
    # whichever of two comes first by its name: neither hides that the other was published, too
    both = f"{'aa' * 32} {'cc' * 32}"
    assert segments.heads() == {4: both, 6: "bb" * 32}
    assert S3Segments(s3_clients, BUCKETS, "other").heads() == {}
