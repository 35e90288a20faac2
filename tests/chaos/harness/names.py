"""What calls are called: the same words in every run, whatever the IDs in them."""

import re
from collections.abc import Collection
from hashlib import sha1
from urllib.parse import parse_qs, unquote, urlsplit

from bot.kinds import KINDS
from storage import scripts
from storage.s3_audit import FOLDER

AUDIT = FOLDER.rstrip("/")
_OTHERS = (
    "append_turns",
    "save_document",
    "limit_ask",
    "limit_hold",
    "limit_weigh",
    "audit_head",
    "audit_append",
)
_SCRIPTS = {
    sha1(scripts.text(name).encode(), usedforsecurity=False).hexdigest(): name
    for name in (*scripts.QUEUE, *_OTHERS)
}
_UNCOUNTED = {"HELLO", "AUTH", "CLIENT", "SELECT", "PING", "TIME", "INFO", "SCRIPT", "COMMAND"}
_STANDING = (
    "heartbeats",
    "self-test",
    "arrived",
    *(name for name, kind in KINDS.items() if any(kind.standing(["a region"]))),
)


def of_slack(_method: str, path: str, body: bytes) -> str | None:
    """Name a request to Slack: its Web API method, or which of the other addresses it goes to."""
    first, _, rest = urlsplit(path).path.strip("/").partition("/")
    match first:
        case "api":
            return None if rest == "apps.connections.open" else f"slack {rest}"
        case "files-pri":
            return "slack files.download"
        case "upload":
            return "slack files.upload"
        case "actions":
            return "slack response_url"
    return f"slack /{first}"


def of_aws(buckets: Collection[str]) -> "AwsNames":
    """Return what names requests to AWS, given the names of the buckets."""
    return AwsNames(frozenset(buckets))


class AwsNames:
    """Names requests to AWS by method and path, without what is different in each run."""

    def __init__(self, buckets: frozenset[str]) -> None:
        self._buckets = buckets

    def __call__(self, method: str, path: str, body: bytes) -> str | None:
        """Name one request."""
        parts = unquote(urlsplit(path).path).strip("/").split("/")
        if parts[0] in self._buckets:
            if parts[1:2] == [AUDIT]:
                return None  # once a minute, whatever is under way
            return f"s3 {method} {'/'.join(parts[1:2]) or 'bucket'}"
        if parts == [""]:
            action = parse_qs(body.decode("utf-8", "replace")).get("Action", ["buckets"])[0]
            return f"aws {action}"
        if parts[0] == "model":
            return f"bedrock {method} model/{parts[-1]}"
        return f"bedrock {method} {parts[0]}{'/…' if len(parts) > 1 else ''}"


def of_redis(words: list[bytes]) -> str | None:
    """Name a command to Redis: a script of ours by its name and the kind of thing, any other by itself and its key.

    What an idle process does all the time (looking for what is due, its heartbeat) is not counted.
    """
    command = words[0].decode().upper()
    if command in _UNCOUNTED or len(words) < 2:
        return None
    if command != "EVALSHA":
        return _named(command, words[1])
    script = _SCRIPTS.get(words[1].decode(), "script")
    if script in {"claim", "of_kind"} or len(words) < 4:
        return None
    return _named(script, words[3])


def _named(what: str, key: bytes) -> str | None:
    parts = key.decode("utf-8", "replace").split(":")[1:]
    if any(part in _STANDING for part in parts):
        return None
    known = [part for part in parts if re.fullmatch(r"[a-z][a-z-]*", part)][:2]
    return f"redis {what} {' '.join(known)}"


def claimed_by(words: list[bytes]) -> str | None:
    """Return the holder in a command that claims things; None for any other command."""
    if len(words) > 3 and words[0].upper() == b"EVALSHA" and _SCRIPTS.get(words[1].decode()) == "claim":
        return words[3 + int(words[2]) + 4].decode()
    return None
