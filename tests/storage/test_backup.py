"""What is kept is all there again after a backup and a restore; a file that is not whole puts nothing back."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.audit.decisions import Decision
from bot.controller.model import Done, Key, Registration
from bot.errors import Refused
from bot.spending.ledger import Entry, EntryState
from storage import backup
from storage.backup import Damaged, back_up, look, restore
from storage.clients import worker
from storage.keys import Keys
from storage.stores import Stores
from tests.contract.test_ledger import NOVEMBER, entry
from tests.doubles.dataset_values import dataset
from tests.fixtures.redis_cluster import redis_cluster
from tests.tables import table

pytestmark = pytest.mark.redis_server

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def fill(client: Redis, keys: Keys) -> Stores:
    """Keep one of everything, by the stores themselves and beyond what they have now."""
    stores = Stores.on(client, keys)
    for number in range(3):
        stores.resources.register(Registration(Key("job", f"j{number}"), {"v": 1, "said": 'é\u2028\n"{}'}))
    [claim, *_] = stores.resources.claim(1, {"job": 30.0})
    stores.resources.commit(claim, {"done": True}, Done())
    stores.inbound.first_time("Ev1")
    stores.heartbeats.beat("one")
    client.rpush(keys.conversation("C1", "1.1"), *map(str, range(450)))
    client.expire(keys.conversation("C1", "1.1"), 3600)
    client.zadd(keys.documents("datasets", "all"), {f"d{number}": number + 0.25 for number in range(450)})
    client.sadd(keys.spent_in("2026-11", "told"), "all:80", "all:100")
    stores.audit.append(Decision("refused", "door", "/tune"))
    client.hset(keys.spending("job:j1"), mapping={"v": "1", "actual": "3.50"})
    return stores


def kept(client: Redis, keys: Keys) -> Mapping[str, Any]:
    """Return all that is there, with seconds until its end."""
    return {
        key: (row["value"], None if row["ends"] is None else round(row["ends"] / 10_000))
        for key in backup.names(client, keys)
        if (row := backup._row(client, key, key))
    }


def forget(client: Redis, keys: Keys) -> None:
    for key in client.scan_iter(match=f"{keys.root}:*"):
        client.delete(key)


def test_everything_is_back_with_its_type_its_value_and_its_end(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    fill(redis_client, redis_keys)
    before, path = kept(redis_client, redis_keys), tmp_path / "b.json.gz"
    written = back_up(redis_client, redis_keys, path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert written == look(path)
    assert written.count == len(before) > 10
    assert {redis_client.type(key) for key in before} == {"string", "hash", "list", "set", "zset", "stream"}
    forget(redis_client, redis_keys)
    assert restore(redis_client, redis_keys, path).count == written.count
    assert kept(redis_client, redis_keys) == before
    resources = Stores.on(redis_client, redis_keys).resources
    assert len(resources.claim(10, {"job": 30.0})) == 2, "and work goes on"


def test_what_has_ended_meanwhile_stays_away(redis_client: Redis, redis_keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "b.json.gz"
    redis_client.set(redis_keys.seen("old"), "x", px=300)
    redis_client.set(redis_keys.seen("kept"), "x")
    back_up(redis_client, redis_keys, path, NOW)
    forget(redis_client, redis_keys)
    rows = [json.loads(line) for line in lines(path)]
    for row in rows[1:-1]:
        row["ends"] = row["ends"] and 1
    rewrite(path, rows)
    done = restore(redis_client, redis_keys, path)
    assert (done.count, done.ended) == (1, 1)


def test_an_audit_that_grows_while_it_is_put_into_a_file_holds_and_goes_on_when_it_is_back(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, read = fill(redis_client, redis_keys).audit, backup._row

    def while_somebody_decides(client: Redis, key: str, name: str) -> dict[str, Any] | None:
        found = read(client, key, name)
        audit.append(Decision("refused", "door", "/tune"))
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(backup, "_row", while_somebody_decides)
        back_up(redis_client, redis_keys, tmp_path / "b", NOW)
    forget(redis_client, redis_keys)
    restore(redis_client, redis_keys, tmp_path / "b")
    assert audit.head().number > 1
    for _ in range(2):
        assert audit.chain.verify(audit.read(), audit.head()).breaks == ()
        audit.append(Decision("refused", "door", "/tune"))


def test_what_is_spent_while_it_is_put_into_a_file_counts_once_when_it_is_back(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, read = fill(redis_client, redis_keys).ledger, backup._row
    numbers = iter(range(1, 1000))

    def while_money_is_spent(client: Redis, key: str, name: str) -> dict[str, Any] | None:
        found, number = read(client, key, name), next(numbers)
        ledger.reserve([entry(number, others=("U7",))], [])
        ledger.settle(entry(number - 1), Decimal(7))
        if number % 3 == 0:
            ledger.free(entry(number))
        return found

    ledger.reserve([entry(0)], [])
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(backup, "_row", while_money_is_spent)
        back_up(redis_client, redis_keys, tmp_path / "b", NOW)
    forget(redis_client, redis_keys)
    restore(redis_client, redis_keys, tmp_path / "b")
    there = list[Entry]()
    for key in redis_client.scan_iter(match=redis_keys.spending("*")):
        fields: Any = redis_client.hgetall(key)
        if read_back := ledger._read(str(key).removeprefix(redis_keys.spending("")), fields):
            there.append(read_back)
    assert there
    listed = [each.id for each in ledger.entries(NOVEMBER)]
    assert sorted(listed) == sorted(each.id for each in there if each.state is not EntryState.FREED)
    assert dict(ledger.used(NOVEMBER)) == {
        scope: sum(each.counts for each in there if scope in each.scopes)
        for scope in {scope for each in there for scope in each.scopes}
    }


@pytest.mark.parametrize("damage", [{"v": "2"}, {"counts": "much"}, {"state": "?"}])
def test_sums_stay_as_they_are_where_an_entry_cannot_be_read(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path, damage: dict[str, str]
) -> None:
    ledger = fill(redis_client, redis_keys).ledger
    ledger.reserve([entry(1), entry(2)], [])
    redis_client.hset(redis_keys.spending(entry(1).id), mapping=dict[Any, Any](damage))
    before = kept(redis_client, redis_keys)
    back_up(redis_client, redis_keys, tmp_path / "b", NOW)
    forget(redis_client, redis_keys)
    restore(redis_client, redis_keys, tmp_path / "b")
    assert kept(redis_client, redis_keys) == before


def test_what_is_put_back_twice_since_its_reply_was_lost_is_there_once(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    fill(redis_client, redis_keys)
    before, path = kept(redis_client, redis_keys), tmp_path / "b"
    back_up(redis_client, redis_keys, path, NOW)
    rows = list(backup._rows(path))
    for _ in range(2):
        backup._put(redis_client, redis_keys, rows)
    assert kept(redis_client, redis_keys) == before


def test_who_sent_datasets_is_made_anew_of_these(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    """A backup of a bot that runs may have read it before the newest dataset came."""
    stores, path = Stores.on(redis_client, redis_keys), tmp_path / "b.json.gz"
    stores.datasets.save(dataset())
    [sender] = stores.datasets.senders()
    redis_client.zrem(redis_keys.dataset_senders(), json.dumps([sender.channel, sender.user]))
    back_up(redis_client, redis_keys, path, NOW)
    forget(redis_client, redis_keys)
    restore(redis_client, redis_keys, path)
    assert stores.datasets.senders() == [sender]


def lines(path: Path) -> list[str]:
    return [f"{each}\n" for each in gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]]


def rewrite(path: Path, rows: list[Any]) -> None:
    """Write a whole backup of these rows, whatever they say."""
    text = [backup._line(row) for row in rows[:-1]]
    digest = hashlib.sha256("".join(text).encode()).hexdigest()
    path.write_bytes(
        gzip.compress("".join([*text, backup._line({"count": len(text) - 1, "sha256": digest})]).encode())
    )


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def without_its_end(path: Path) -> None:
    path.write_bytes(gzip.compress("".join(lines(path)[:-1]).encode()))


def without_a_line(path: Path) -> None:
    all_lines = lines(path)
    path.write_bytes(gzip.compress("".join([*all_lines[:2], *all_lines[3:]]).encode()))


def changed(path: Path) -> None:
    path.write_bytes(gzip.compress("".join(lines(path)).replace("3.50", "0.01").encode()))


def no_gzip(path: Path) -> None:
    path.write_text("hello")


def another_file(path: Path) -> None:
    path.write_bytes(gzip.compress(b'{"messages": []}\n'))


def empty(path: Path) -> None:
    path.write_bytes(gzip.compress(b""))


def of_a_later_release(path: Path) -> None:
    rows = [json.loads(line) for line in lines(path)]
    rewrite(path, [rows[0] | {"schema": 99}, *rows[1:]])


def of_another_bot(path: Path) -> None:
    rows = [json.loads(line) for line in lines(path)]
    rewrite(path, [rows[0] | {"prefix": "other"}, *rows[1:]])


def a_strange_type(path: Path) -> None:
    rows = [json.loads(line) for line in lines(path)]
    rewrite(path, [rows[0], rows[1] | {"type": "vectorset"}, *rows[2:]])


STRANGE: list[dict[str, Any]] = [
    {"key": 5},
    {"key": ""},
    {"key": "\ud800"},
    {"type": ["set"]},
    {"type": "string", "value": {"a": "b"}},
    {"type": "string", "value": None},
    {"type": "hash", "value": ["a"]},
    {"type": "hash", "value": {"a": {"b": 1}}},
    {"type": "list", "value": "text"},
    {"type": "set", "value": [["a"]]},
    {"type": "zset", "value": ["a"]},
    {"type": "zset", "value": [["a", "1"]]},
    {"type": "zset", "value": [["a", True]]},
    {"ends": "soon"},
    {"ends": -1},
    {"ends": True},
    {"ends": 10**400},
]


@pytest.mark.slow
def test_a_file_whose_checksum_fits_and_whose_lines_do_not_puts_nothing_back(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    path = tmp_path / "b.json.gz"
    fill(redis_client, redis_keys)
    back_up(redis_client, redis_keys, path, NOW)
    forget(redis_client, redis_keys)
    rows = [json.loads(line) for line in lines(path)]
    heads = [rows[0] | each for each in ({"prefix": 5}, {"at": None}, {"schema": "1"}, {"schema": None})]
    deep = "[" * 100_000
    texts = [("".join(map(backup._line, [rows[0], rows[1] | each]))) for each in STRANGE]
    texts += ["".join(map(backup._line, [head, rows[1]])) for head in heads]
    texts += [f"{deep}\n", backup._line(rows[0]) + f"{deep}\n"]
    with table() as row:
        for text in texts:
            with row(text[-60:]):
                digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
                end = backup._line({"count": text.count("\n") - 1, "sha256": digest})
                path.write_bytes(gzip.compress(f"{text}{end}".encode(errors="surrogatepass")))
                for read in (look, lambda file: restore(redis_client, redis_keys, file)):
                    with pytest.raises(Refused):
                        read(path)
                assert list(redis_client.scan_iter(match=f"{redis_keys.root}:*")) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "error", "said"),
    [
        (cut_off, Damaged, "cut off or damaged"),
        (without_its_end, Damaged, "checksum"),
        (without_a_line, Damaged, "checksum"),
        (changed, Damaged, "checksum"),
        (no_gzip, Damaged, "damaged"),
        (another_file, Damaged, "no backup"),
        (empty, Damaged, "none of a backup"),
        (of_a_later_release, Refused, "later release"),
        (of_another_bot, Refused, "of the bot `other`"),
        (a_strange_type, Damaged, "none of a backup"),
    ],
)
def test_a_file_that_is_not_whole_or_not_ours_puts_nothing_back(
    redis_client: Redis,
    redis_keys: Keys,
    tmp_path: Path,
    damage: Callable[[Path], None],
    error: type[Exception],
    said: str,
) -> None:
    path = tmp_path / "b.json.gz"
    fill(redis_client, redis_keys)
    back_up(redis_client, redis_keys, path, NOW)
    forget(redis_client, redis_keys)
    damage(path)
    with pytest.raises(error, match=said):
        restore(redis_client, redis_keys, path)
    assert list(redis_client.scan_iter(match=f"{redis_keys.root}:*")) == []


def test_a_bot_that_is_there_is_not_written_over_and_no_file_is_either(
    redis_client: Redis, redis_keys: Keys, tmp_path: Path
) -> None:
    path = tmp_path / "b.json.gz"
    fill(redis_client, redis_keys)
    back_up(redis_client, redis_keys, path, NOW)
    before = kept(redis_client, redis_keys)
    with pytest.raises(Refused, match="something in Redis"):
        restore(redis_client, redis_keys, path)
    assert kept(redis_client, redis_keys) == before
    with pytest.raises(FileExistsError):
        back_up(redis_client, redis_keys, path, NOW)
    assert look(path).count == len(before)


@pytest.mark.slow
def test_a_cluster_is_put_into_a_file_and_back(tmp_path: Path) -> None:
    with redis_cluster(tmp_path / "cluster") as cluster:
        keys, path = Keys("anybot"), tmp_path / "b.json.gz"
        with worker(cluster.url, cluster=keys.kinds) as client:
            fill(client, keys)
            written = back_up(client, keys, path, NOW)
            forget(client, keys)
            assert restore(client, keys, path).count == written.count > 10
            assert Stores.on(client, keys).resources.get(Key("job", "j1")) is not None
