"""What is looked at before the bot trusts a Redis: at start, by ``doctor``, and again by ``/healthz``.

Only INFO is read, never CONFIG, which managed engines forbid.
"""

import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from redis import Connection, Redis, SSLConnection
from redis.connection import parse_url
from redis.exceptions import NoPermissionError

from bot.clock import Clock, SystemClock
from bot.errors import FaultText, TunesmithError, Unavailable
from storage.keys import MINUTE, Keys
from storage.redis_cluster import cluster_of
from storage.redis_errors import rights, translated, why

Durability = Literal["checked", "external", "volatile"]
"""Who vouches that acknowledged writes survive: the append-only file that INFO shows, the operator of a managed
engine whose INFO does not show it, or nobody (a demo)."""

OLDEST = (6, 2)
"""Sorted sets' ZRANDMEMBER came with Redis 6.2; every Valkey has it."""
FULL = 0.8
"""The share of maxmemory above which the server counts as nearly full."""
SKEW = 5.0
"""Seconds that Redis's clock and ours may differ."""

SELF_TEST = """
local time = redis.call('TIME')
redis.call('SET', KEYS[1], time[1], 'EX', ARGV[1])
local read = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return read == time[1] and 1 or 0
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at: whether it holds, in a sentence, and what mends it.

    The bot does not start on one that is ``required`` and not ``ok``; the others are warnings.
    """

    name: str
    ok: bool
    sentence: str
    mend: str = ""
    required: bool = True


def check(
    client: Redis,
    keys: Keys | None = None,
    *,
    durability: Durability = "checked",
    clock: Clock | None = None,
    has_budgets: bool = False,
) -> list[Checked]:
    """Look at everything and return a finding for each. A server that does not answer gives one finding.

    ``has_budgets``: what was spent is kept with an end, so that an evicting policy would throw it away.
    """
    try:
        with translated():
            client.ping()
            info: dict[str, Any] = dict(client.info())
            seconds, micros = client.time()
    except TunesmithError as error:
        return [_unreachable(error, keys or Keys())]
    skew = float(seconds) + float(micros) / 1e6 - (clock or SystemClock()).now().timestamp()
    return [
        *_server(info),
        _form(client, info),
        *_memory(info, has_budgets=has_budgets),
        _durable(info, durability),
        _scripts(client, keys or Keys()),
        *_rest(client, skew),
    ]


def _unreachable(error: TunesmithError, keys: Keys) -> Checked:
    reason = why(error)
    sentence = FaultText(f"{error.message} ({reason.meaning})", error.message)
    # That it may be tried again is no help to whoever set it up: it will be the same.
    mend = _give(keys) if isinstance(error.__cause__, NoPermissionError) else reason.mend
    return Checked("reachable", ok=False, sentence=sentence, mend=mend or error.hint)


def _give(keys: Keys) -> str:
    return f"Give the user {rights(keys.root)}."


def _server(info: dict[str, Any]) -> Iterator[Checked]:
    told = str(info.get("redis_version", "0"))
    version = tuple(int(part) for part in told.split(".")[:2] if part.isdigit())
    # Valkey calls itself Redis 7.2.4 for old clients, and says beside it what it is.
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {told}"
    yield Checked(
        "version",
        ok=version >= OLDEST,
        sentence=f"The server is {name}.",
        mend="" if version >= OLDEST else "Point REDIS_URL at Redis 6.2 or later, or at any Valkey.",
    )
    primary = info.get("role") == "master"
    yield Checked(
        "role",
        ok=primary,
        sentence="It takes writes." if primary else "It is a replica and takes no writes.",
        mend="" if primary else "Point REDIS_URL at the primary's endpoint.",
    )


def _form(client: Redis, info: dict[str, Any]) -> Checked:
    """Whether it is a single server or a cluster, as the settings say: a plain client works until a slot moves."""
    is_cluster = info.get("redis_mode") == "cluster"
    if is_cluster == bool(cluster_of(client)):
        return Checked("form", ok=True, sentence="It is a cluster." if is_cluster else "It is one server.")
    return Checked(
        "form",
        ok=False,
        sentence="It is a node of a cluster." if is_cluster else "It is no cluster.",
        mend=f"Set TUNESMITH_REDIS_FORM={'cluster' if is_cluster else 'server'}.",
    )


def _memory(info: dict[str, Any], *, has_budgets: bool) -> Iterator[Checked]:
    policy = str(info.get("maxmemory_policy", "unknown"))
    evicts_the_ledger = has_budgets and policy.startswith("volatile-")
    yield Checked(
        "eviction",
        ok=policy == "noeviction",
        sentence=f"maxmemory-policy is {policy}.",
        mend=""
        if policy == "noeviction"
        else "Set maxmemory-policy to noeviction: under memory pressure this one throws away what was spent, and with "
        "it what is left of each budget."
        if evicts_the_ledger
        else "Set maxmemory-policy to noeviction: under memory pressure any other throws away what is being followed.",
        # volatile-* is the default of managed engines, and evicts only what expires anyway: the ledger, too
        required=evicts_the_ledger or not policy.startswith("volatile-"),
    )
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    # 0 is Redis's word for no bound.
    roomy = most == 0 or used < FULL * most
    yield Checked(
        "memory",
        ok=roomy,
        sentence=f"{used / 1e6:.0f} MB are in use of {f'{most / 1e6:.0f} MB' if most else 'all that the machine has'}.",
        mend="" if roomy else "Raise maxmemory or free some: a full server refuses every write.",
        required=False,
    )


def _durable(info: dict[str, Any], durability: Durability) -> Checked:
    if durability == "external":
        return Checked("durability", ok=True, sentence="Its operator vouches that writes survive a restart.")
    if durability == "volatile":
        return Checked("durability", ok=True, sentence="Nothing survives a restart, as the settings allow.")
    # A snapshot (RDB) does not count: it lacks all that was written since it was made.
    if info.get("aof_enabled") != 1:
        mend = "Set appendonly to yes, or, where the engine is durable in itself, TUNESMITH_REDIS_DURABILITY=external."
        sentence = "It keeps no append-only file: a restart loses work."
        return Checked("durability", ok=False, sentence=sentence, mend=mend)
    if info.get("aof_last_write_status") != "ok":
        sentence = "Its append-only file can't be written."
        return Checked("durability", ok=False, sentence=sentence, mend="Look at the server's disk.")
    return Checked("durability", ok=True, sentence="Writes go to an append-only file.")


def _scripts(client: Redis, keys: Keys) -> Checked:
    """Run a script that writes: it proves the user's rights, since scripts are held to them too."""
    try:
        with translated():
            # Under a key of its own, since bots start together; it expires should the script end before its
            # DEL.
            key = keys.self_test(uuid.uuid4().hex)
            ran = client.eval(SELF_TEST, 1, key, MINUTE) == 1
            with client.pipeline(transaction=True) as both:  # a right of its own
                both.get(key)
                both.execute()
    except TunesmithError as error:
        if isinstance(error, Unavailable):  # full, or away since a moment ago: no matter of rights
            return Checked("scripts", ok=False, sentence=error.message, mend=error.hint)
        return Checked(
            "scripts",
            ok=False,
            sentence=f"A script or a transaction failed: {error.detail}.",
            mend=_give(keys),
        )
    return Checked(
        "scripts", ok=ran, sentence="Scripts run." if ran else "A script read something else than it wrote."
    )


def _rest(client: Redis, skew: float) -> Iterator[Checked]:
    near = abs(skew) < SKEW
    yield Checked(
        "clock",
        ok=near,
        sentence=f"Its clock differs from ours by {abs(skew):.1f} s.",
        mend="" if near else "Let both machines take their time from the same NTP servers.",
        # No more than a warning: leases and due times go by Redis's clock alone, ours only dates what
        # people read.
        required=False,
    )
    yield _private(client)


def _private(client: Redis) -> Checked:
    told, kind = _way(client)
    encrypted = issubclass(kind, SSLConnection)
    if not encrypted and not _local(str(told.get("host", "localhost"))):
        sentence, mend = "The way there is not encrypted.", "Use a rediss:// URL."
    elif encrypted and told.get("ssl_cert_reqs", "required") not in ("required", ssl.CERT_REQUIRED):
        sentence, mend = "Its certificate is not checked.", "Take ssl_cert_reqs out of REDIS_URL."
    else:
        return Checked("encryption", ok=True, sentence="The way there is private.", required=False)
    return Checked("encryption", ok=False, sentence=sentence, mend=mend, required=False)


def _way(client: Redis) -> tuple[dict[str, Any], type]:
    """Return how the client connects: by which options, and by which kind of connection."""
    if cluster := cluster_of(client):
        told: dict[str, Any] = parse_url(cluster.url)  # type: ignore[no-untyped-call] # redis-py leaves it without types
        return told, told.pop("connection_class", Connection)
    pool = client.connection_pool
    return pool.connection_kwargs, pool.connection_class


def _local(host: str) -> bool:
    # A path is a socket of this machine's.
    return host in {"localhost", "127.0.0.1", "::1"} or host.startswith("/")
