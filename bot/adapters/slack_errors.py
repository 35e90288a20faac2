"""Slack's failures as ours: the one place where an exception of the SDK or of the network is read.

A write that may have taken effect becomes ``UnknownOutcome``, so that nobody repeats it unread; the same failure of
a read is plainly ``Unavailable``.
"""

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.adapters.slack_error_words import FULL_WHILE_GROWING, MEANINGS, ErrorKind, Meaning
from bot.errors import (
    Cause,
    Misconfigured,
    NoIdentity,
    NotFound,
    Refused,
    Throttled,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from bot.metrics import vendor_error
from bot.questions.answerer import StreamClosed

DEFAULT_RETRY_AFTER = 30.0
"""Seconds to wait when Slack refuses for now and does not say for how long."""
# What slack_sdk has for the error's name when the answer is no JSON: a proxy's page, mostly.
_NOT_JSON = "Received a response in a non-JSON format"
_NO_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
    }
)
_OPENS_SOCKETS = "apps.connections.open"
"""The one method that is called with the app-level token, and with no other."""
_ANOTHER = (
    "Generate one with the scope `connections:write` under Basic Information, and set it as SLACK_APP_TOKEN."
)
_NEVER_SENT = frozenset({errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


@contextmanager
def slack_call(method: str, *, writes: bool) -> Iterator[None]:
    """Translate whatever the SDK raises inside.

    Args:
        method: The Web API method, for the log.
        writes: Whether repeating the call blindly could do harm.

    Raises:
        Throttled: nothing was done, come back after ``retry_after`` seconds.
        UnknownOutcome: ``writes``, and it may have been done.
        Unavailable: nothing was done; it passes by itself.
        Misconfigured: token, scope, or a setting of the app.
        StreamClosed: the message no longer grows.
        NotFound: no such message, thread or file.
        Refused: Slack will say the same again.
    """
    try:
        yield
    except SlackApiError as error:
        raise vendor_error("slack", from_answer(method, error, writes=writes)) from error
    except SlackClientError as error:
        misled = Misconfigured(
            "I cannot call Slack at the address that I was given.",
            hint="Check SLACK_API_URL and the proxy settings.",
            detail=f"{method}: {error}",
        )
        raise vendor_error("slack", misled) from error
    # The SDK decodes every answer as UTF-8 and lets that error out as well.
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise vendor_error("slack", from_network(method, error, writes=writes)) from error


def from_network(method: str, error: Exception, *, writes: bool) -> TunesmithError:
    """Return what a failure of the network means: certainly not sent, or perhaps."""
    cause = error.reason if isinstance(error, URLError) else error
    detail = f"{method}: {type(cause).__name__}: {cause}"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Misconfigured(
            "Slack's certificate could not be checked.",
            hint="Install the system's CA certificates, or the proxy's.",
            detail=detail,
        )
    if never_sent(cause) or not writes:
        return Unavailable(
            "Slack could not be reached.",
            hint="Try again in a minute.",
            detail=detail,
            cause=Cause.SLACK_AWAY,
        )
    return _unknown(detail)


def never_sent(cause: object) -> bool:
    """Return whether the request certainly did not leave this machine: refused, unroutable, or no such name."""
    return isinstance(cause, socket.gaierror) or (isinstance(cause, OSError) and cause.errno in _NEVER_SENT)


def from_answer(method: str, error: SlackApiError, *, writes: bool) -> TunesmithError:
    """Return what an answer of Slack's means that is not ``ok``."""
    status, headers, body = _parts(error)
    name = str(body.get("error") or "no_error_named")
    detail = f"{method}: HTTP {status} {name}"
    meaning = MEANINGS.get(name)
    if status == 429 or (meaning and meaning.kind is ErrorKind.SLOW_DOWN):
        message = meaning.message if meaning else "Slack asked me to slow down."
        patience = _retry_after(headers)
        return Throttled(
            message, retry_after=patience, hint="I will try again.", detail=detail, cause=Cause.SLACK_PATIENCE
        )
    if status >= 500 or name.startswith(_NOT_JSON) or (meaning and meaning.kind is ErrorKind.UNCLEAR):
        return _unknown(detail) if writes else _passes(detail)
    return _definite(method, name, meaning, body, detail)


def _definite(
    method: str, name: str, meaning: Meaning | None, body: Mapping[str, object], detail: str
) -> TunesmithError:
    """Return what an answer means that says that nothing was done."""
    if meaning is None:
        return Refused(f"Slack refused this (`{name}`).", hint="Please tell the operator.", detail=detail)
    _, message, hint = meaning
    if meaning.kind is ErrorKind.PASSES:
        return Unavailable(message, hint="I will try again.", detail=detail)
    if meaning.kind is ErrorKind.OPERATOR:
        return _for_the_operator(method, name, meaning, body, detail)
    if meaning.kind is ErrorKind.GONE:
        return NotFound(message, hint=hint, detail=detail)
    if meaning.kind is ErrorKind.STREAM_STOPPED:
        return StreamClosed(message, reason="stopped", detail=detail)
    if meaning.kind is ErrorKind.STREAM_EXPIRED:
        return StreamClosed(message, reason="expired", detail=detail)
    if name in FULL_WHILE_GROWING and method == "chat.appendStream":
        return StreamClosed("That message is full.", reason="full", detail=detail)
    shown = f"{message} (`{name}`)" if meaning.kind is ErrorKind.OURS else message
    return Refused(shown, hint=hint, detail=_with_messages(detail, body))


def _for_the_operator(
    method: str, name: str, meaning: Meaning, body: Mapping[str, object], detail: str
) -> Misconfigured:
    message, hint, needed = meaning.message, meaning.hint, body.get("needed")
    if method == _OPENS_SOCKETS and (name in _NO_TOKEN or name == "missing_scope"):
        return Misconfigured(
            f"Slack does not accept my app-level token. (`{name}`)", hint=_ANOTHER, detail=detail
        )
    if name == "missing_scope" and needed:
        message = f"My Slack app lacks the scope `{needed}`."
        hint = f"Add `{needed}` under OAuth & Permissions and reinstall the app."
    if name in _NO_TOKEN:
        return NoIdentity(f"{message} (`{name}`)", hint=hint, detail=detail, cause=Cause.SLACK_IDENTITY)
    return Misconfigured(f"{message} (`{name}`)", hint=hint, detail=detail)


def _parts(error: SlackApiError) -> tuple[int, Mapping[str, str], Mapping[str, object]]:
    """Return status, headers in lower case, and body; the SDK's types allow for little here."""
    response = error.response
    body = getattr(response, "data", response)
    headers = getattr(response, "headers", None) or {}
    return (
        int(getattr(response, "status_code", 200) or 200),
        {str(key).lower(): value if isinstance(value, str) else str(value) for key, value in headers.items()},
        body if isinstance(body, Mapping) else {},
    )


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return max(1.0, float(headers.get("retry-after", DEFAULT_RETRY_AFTER)))
    except ValueError:
        return DEFAULT_RETRY_AFTER


def _with_messages(detail: str, body: Mapping[str, object]) -> str:
    """Add what Slack found wrong with blocks: ``response_metadata.messages``."""
    metadata = body.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    return f"{detail} {messages}" if messages else detail


def _unknown(detail: str) -> UnknownOutcome:
    return UnknownOutcome(
        "Slack did not say whether it took this.",
        hint="I will look and then go on.",
        detail=detail,
        cause=Cause.SLACK_AWAY,
    )


def _passes(detail: str) -> Unavailable:
    return Unavailable(
        "Slack has trouble right now.", hint="Try again in a minute.", detail=detail, cause=Cause.SLACK_AWAY
    )
