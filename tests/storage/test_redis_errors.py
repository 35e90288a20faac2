"""Redis's errors in our words, and how long a caller waits for them."""

import socket
import time
from collections.abc import Callable

import pytest
from redis import Redis, exceptions

from bot.controller.model import Key, Registration
from bot.errors import Misconfigured, TunesmithError, Unavailable, UnknownOutcome
from storage.checks import check
from storage.clients import interactive, worker
from storage.keys import Keys
from storage.redis_errors import translate, translated, why
from storage.redis_resources import RedisResources
from tests.tables import table


@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (
            exceptions.ConnectionError("Error 111 connecting to 127.0.0.1:1. Connection refused."),
            Unavailable,
            "reach",
        ),
        (exceptions.ConnectionError("Connection closed by server."), UnknownOutcome, "reach"),
        (exceptions.TimeoutError("Timeout reading from socket"), UnknownOutcome, "in time"),
        (exceptions.BusyLoadingError("LOADING Redis is loading the dataset"), Unavailable, "starting up"),
        (exceptions.ReadOnlyError("READONLY You can't write"), Unavailable, "takes no writes"),
        (exceptions.OutOfMemoryError("OOM command not allowed"), Unavailable, "full"),
        (exceptions.ResponseError("NOREPLICAS Not enough good replicas"), Unavailable, "can't take that now"),
        (
            exceptions.ResponseError("MISCONF Errors writing to the AOF file"),
            Unavailable,
            "can't take that now",
        ),
        (
            exceptions.MasterDownError("MASTERDOWN Link with MASTER is down"),
            Unavailable,
            "can't take that now",
        ),
        (exceptions.ResponseError("WRONGTYPE Operation against a key"), Unavailable, "refused a command"),
        (exceptions.AuthenticationError("invalid username-password pair"), Misconfigured, "user or password"),
        (exceptions.NoPermissionError("this user has no permissions"), Misconfigured, "user or password"),
    ],
)
def test_each_error_has_a_sentence_and_says_who_can_act(
    error: exceptions.RedisError, kind: type[TunesmithError], word: str
) -> None:
    told = translate(error)
    assert type(told) is kind
    assert word in told.message
    assert told.hint
    assert str(error) in told.detail


WHY = {
    "Error 111 connecting to 127.0.0.1:1. Connection refused.": ("nothing listens", "Start Redis there"),
    "Error -2 connecting to nowhere.invalid:6379. Name or service not known.": (
        "no such host name",
        "Correct the host",
    ),
    "Error 1 connecting to h:6379. [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)": (
        "no TLS",
        "TLS port",
    ),
    "Error 1 connecting to h:6379. [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed": (
        "not trusted",
        "ssl_ca_certs",
    ),
    "DB index is out of range": ("no database of that number", "/0"),
    "invalid username-password pair or user is disabled.": ("not taken", "USER:PASSWORD"),
    "HELLO must be called with the client already authenticated": ("has none", "USER:PASSWORD"),
    "Authentication required.": ("has none", "USER:PASSWORD"),
    "Timeout connecting to server": ("no answer in time", "firewall"),
    "Connection closed by server.": ("may want TLS", "rediss://"),
    "Cluster mode is not enabled on this node": ("no cluster", "TUNESMITH_REDIS_FORM=server"),
    "something new": ("something new", ""),
}


def test_why_redis_cannot_be_used_is_said_with_what_mends_it() -> None:
    with table() as row:
        for said, (meaning, mend) in WHY.items():
            with row(said):
                reason = why(translate(exceptions.ConnectionError(said)))
                assert meaning in reason.meaning
                assert mend in reason.mend
                assert bool(reason.mend) is bool(mend)


@pytest.mark.slow
@pytest.mark.redis_server
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: url.replace("redis://", "redis://:wrong@"), "user or password"),
        (lambda url: url.replace("redis://", "rediss://"), "TLS"),
        (lambda url: f"{url.rsplit('/', 1)[0]}/99", "no database of that number"),
        (lambda url: "redis://127.0.0.1:1/0", "nothing listens"),
    ],
    ids=["password", "tls", "database", "port"],
)
def test_a_real_server_that_cannot_be_used_says_why(
    redis_url: str, change: Callable[[str], str], words: str
) -> None:
    (finding,) = check(interactive(change(redis_url)))
    assert not finding.ok
    assert words in finding.sentence


def test_our_own_errors_pass_through() -> None:
    with pytest.raises(ValueError, match="ours"), translated():
        raise ValueError("ours")


def test_a_server_that_is_gone_is_told_at_once() -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    with interactive(f"redis://127.0.0.1:{port}/0") as client:
        began = time.monotonic()
        with pytest.raises(Unavailable) as told:
            RedisResources(client, Keys("test")).get(Key("job", "a"))
        assert time.monotonic() - began < 0.5
    assert "Nothing was changed" in told.value.hint


@pytest.mark.chaos
def test_a_server_that_hangs_holds_a_person_up_for_two_seconds() -> None:
    """It accepts and never answers: what SIGSTOP makes of a server."""
    with (
        socket.create_server(("127.0.0.1", 0)) as hung,
        interactive(f"redis://127.0.0.1:{hung.getsockname()[1]}/0") as client,
    ):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            RedisResources(client, Keys("test")).get(Key("job", "a"))
        assert time.monotonic() - began < 2.5


@pytest.mark.redis_server
def test_a_full_server_is_told_and_changes_nothing(redis_url: str, redis_keys: Keys) -> None:
    with worker(redis_url) as client:
        resources = RedisResources(client, redis_keys)
        resources.register(Registration(Key("job", "a"), {"n": 1}))
        client.config_set("maxmemory", 1)
        try:
            with pytest.raises(Unavailable, match="full"):
                resources.amend(Key("job", "a"), lambda _: {"n": 2})
            resource = resources.get(Key("job", "a"))
        finally:
            client.config_set("maxmemory", 0)
    assert resource is not None
    assert resource.spec == {"n": 1}


@pytest.mark.redis_server
def test_a_user_without_rights_is_told(redis_client: Redis, redis_url: str, redis_keys: Keys) -> None:
    name = redis_keys.root.strip("{}")
    redis_client.acl_setuser(name, enabled=True, passwords=["+secret"], categories=["+@read"], keys=["*"])
    address = redis_url.split("@")[1]
    try:
        with (
            worker(f"redis://{name}:secret@{address}") as client,
            pytest.raises(Misconfigured, match="refuses"),
        ):
            RedisResources(client, redis_keys).register(Registration(Key("job", "a"), {}))
    finally:
        redis_client.acl_deluser(name)
