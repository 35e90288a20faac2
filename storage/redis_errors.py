"""Redis's errors in our own words: what happened, for a person, and who can act."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why Redis cannot be used, and the line that mends it; empty: that of the error."""

    meaning: str
    mend: str = ""


_LOGIN = "Write a user and password that the server takes into REDIS_URL: rediss://USER:PASSWORD@HOST:6379/0."
_NO_TLS = Reason(
    "the address begins with rediss://, and the server speaks no TLS there",
    "Name the server's TLS port in REDIS_URL, or write redis:// where the way is private.",
)
_REASONS = (
    (
        ("certificate",),
        Reason(
            "the server's certificate is not trusted",
            "Add the authority of its certificate to this machine's, or name its file: REDIS_URL=…?ssl_ca_certs=FILE.",
        ),
    ),
    (
        ("name or service not known", "nodename nor servname", "name resolution", "no address associated"),
        Reason("there is no such host name", "Correct the host in REDIS_URL."),
    ),
    (
        ("cluster mode is not enabled",),
        Reason("it is one server and no cluster", "Set TUNESMITH_REDIS_FORM=server."),
    ),
    (
        ("refused",),
        Reason("nothing listens at that host and port", "Start Redis there, or correct REDIS_URL."),
    ),
    (
        ("db index",),
        Reason("there is no database of that number", "End REDIS_URL with a database that there is: /0."),
    ),
    (
        ("must be called with the client already authenticated", "noauth", "authentication required"),
        Reason("it wants a password, and REDIS_URL has none", _LOGIN),
    ),
    (
        ("wrongpass", "invalid username-password", "invalid password", "without any password"),
        Reason("the user or password is not taken", _LOGIN),
    ),
    (
        ("timed out", "timeout"),
        Reason(
            "there was no answer in time: a firewall, a busy server, or one that speaks no TLS to rediss://",
            "Look whether a firewall stands between, and whether REDIS_URL should begin with redis:// there.",
        ),
    ),
    (
        ("closed by server", "reset by peer"),
        Reason(
            "the server closed the connection: it may want TLS (rediss://), or take no more clients",
            "Write rediss:// in REDIS_URL, or raise the server's maxclients.",
        ),
    ),
)
"""Words of redis-py and of the system, in small letters, and what they mean for whoever set REDIS_URL; the first
counts. Neither has codes for these."""


def why(error: TunesmithError) -> Reason:
    """Return why Redis cannot be used, in words for the operator: the cause that is known, or what was said."""
    said = error.detail.lower()
    if "ssl" in said and "certificate" not in said:
        return _NO_TLS
    known = (reason for signs, reason in _REASONS if any(sign in said for sign in signs))
    return next(known, Reason(error.detail))


def rights(root: str) -> str:
    """Return what a user of Redis needs so that a bot can work, as ``ACL SETUSER`` takes it.

    ``root`` begins the bot's keys. With these and no others, a file, a job and a lease went through on Redis 7.0.
    """
    return f"~{root}:* +@read +@write +@scripting +@transaction +@connection +info +time"


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
                AWAY, hint=f"Nothing was changed. {AGAIN}", detail=detail, cause=Cause.REDIS_AWAY
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
