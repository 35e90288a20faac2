"""Redis's errors in our own words: what happened, for a person, and who can act."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions as redis

from bot.errors import Cause, Misconfigured, TunesmithError, Unavailable, UnknownOutcome
from bot.metrics import vendor_error

AWAY = "I can't reach my state store (Redis) right now."
AGAIN = "Try again in a minute; whatever was recorded before is safe."
REFUSED = (redis.AuthenticationError, redis.AuthorizationError, redis.NoPermissionError)
PASSING = ("NOREPLICAS", "MISCONF", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "BUSY")
"""How the replies begin that pass by themselves or with an operator's help elsewhere, none of them our defect."""

MOVING = "non local key"
"""In the reply to a script while its slot moves to another node of a cluster."""
ATTEMPTS = 50
"""How often a look and its write start over before they are given up: each time somebody else's went through."""


def too_many() -> Unavailable:
    """Return that others were quicker each time."""
    return Unavailable("Too many people are changing this at once.", hint="Try again in a minute.")


@contextmanager
def translated() -> Iterator[None]:
    """Run Redis commands and turn every error of theirs into one of ``bot.errors``.

    Raises:
        Unavailable: the server is away, full, loading or read-only; nothing was written.
        UnknownOutcome: the connection broke or timed out on the way: the write may have happened. All our writes
            may be repeated.
        Misconfigured: the address, password or rights are wrong.
    """
    try:
        yield
    except (redis.RedisError, redis.RedisClusterException) as error:
        raise vendor_error("redis", translate(error)) from error


_NO_TLS = "the address begins with rediss://, and the server speaks no TLS there"
_CAUSES = (
    (("certificate",), "the server's certificate is not trusted"),
    (
        ("name or service not known", "nodename nor servname", "name resolution", "no address associated"),
        "there is no such host name",
    ),
    (("cluster mode is not enabled",), "it is one server and no cluster (TUNESMITH_REDIS_FORM=server)"),
    (("refused",), "nothing listens at that host and port"),
    (("db index", "invalid db index"), "there is no database of that number"),
    (
        (
            "wrongpass",
            "invalid username-password",
            "invalid password",
            "noauth",
            "authentication required",
            "without any password",
        ),
        "the user or password is not taken",
    ),
    (
        ("timed out", "timeout"),
        "there was no answer in time: a firewall, a busy server, or one that speaks no TLS to rediss://",
    ),
    (
        ("closed by server", "reset by peer"),
        "the server closed the connection: it may want TLS (rediss://), or take no more clients",
    ),
)
"""Words of redis-py and of the system, in small letters, and what they mean for whoever set REDIS_URL; the first
counts. Neither has codes for these."""


def why(error: TunesmithError) -> str:
    """Return why Redis cannot be used, in words for the operator: the cause that is known, or what was said."""
    said = error.detail.lower()
    if "ssl" in said and "certificate" not in said:
        return _NO_TLS
    return next((meaning for signs, meaning in _CAUSES if any(sign in said for sign in signs)), error.detail)


def translate(error: redis.RedisError | redis.RedisClusterException) -> TunesmithError:
    """Return our word for one of Redis's errors."""
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, REFUSED):
        hint = "Check the user and password in REDIS_URL, and that user's rights on this bot's keys and on scripts."
        return Misconfigured("Redis refuses my user or password.", hint=hint, detail=detail)
    # Sent and not answered: unlike a refusal it may have been done, and whoever wrote has to look.
    if isinstance(error, redis.TimeoutError):
        return UnknownOutcome(
            "My state store (Redis) did not answer in time.",
            hint=AGAIN,
            detail=detail,
            cause=Cause.REDIS_AWAY,
        )
    # redis-py counts "still loading" among the lost connections, but the server answered: nothing was done.
    if isinstance(error, redis.ConnectionError) and not isinstance(error, redis.BusyLoadingError):
        if _never_left(error):
            return Unavailable(
                AWAY, hint=f"Nothing was started. {AGAIN}", detail=detail, cause=Cause.REDIS_AWAY
            )
        return UnknownOutcome(AWAY, hint=AGAIN, detail=detail, cause=Cause.REDIS_AWAY)
    message, hint = _told_by_the_server(error)
    cause = Cause.REDIS_AWAY if isinstance(error, redis.BusyLoadingError) else ""
    return Unavailable(message, hint=f"{hint} {AGAIN}".strip(), detail=detail, cause=cause)


def _told_by_the_server(error: Exception) -> tuple[str, str]:
    """Return what happened and what helps, for a server that answers but did not do it."""
    if isinstance(error, redis.OutOfMemoryError):
        return "My state store (Redis) is full.", "Its operator has to raise maxmemory or free some."
    if isinstance(error, redis.ReadOnlyError):
        return "My state store (Redis) takes no writes.", "Most likely it is failing over."
    if isinstance(error, redis.BusyLoadingError):
        return "My state store (Redis) is starting up.", ""
    if str(error).startswith(PASSING):
        return "My state store (Redis) can't take that now.", ""
    # A slot that moves, or that nobody has for now: a script is refused half-way then, which our fences make harmless.
    if isinstance(error, (redis.ClusterError, redis.RedisClusterException)) or MOVING in str(error):
        return "My state store (Redis) is moving what I keep.", ""
    return "My state store (Redis) refused a command.", "If it stays so, the log has Redis's words."


def _never_left(error: redis.ConnectionError) -> bool:
    """Whether the connection was not even made. redis-py tells by words only ("Error 111 connecting to …")."""
    return " connecting to " in str(error)
