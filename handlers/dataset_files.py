"""Which files in Slack look like datasets, and the newest that somebody shared in a channel."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Refused, Unavailable
from bot.uploads.lineage import KnownFile

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
"""Taken in by themselves in a channel. By name, because Slack's ``filetype`` is a guess, and often a wrong one."""

PACKED = frozenset({".gz", ".bz2", ".xz", ".zip"})
"""What may follow such a name: ``claims.jsonl.gz``."""

TABLES = frozenset({".csv", ".tsv"})
"""Datasets too, when somebody asks; most tables in a channel are meant for others."""

LOOK_BACK = 100
"""Messages that are looked at for the newest upload: one page of ``conversations.history``."""

MOST_ASKED = 10
"""Files whose names are asked for at once: so many a message has at most, and each is a call."""

_NOT_READABLE = frozenset({"not_in_channel", "channel_not_found", "missing_scope", "no_permission"})
_KEPT_FROM_US = frozenset({"file_not_found", "file_deleted", "access_denied", "not_visible", "no_permission"})
"""Slack's words for a file that the bot may not read, or that is no more."""


def looks_like_dataset(file: Mapping[str, Any]) -> bool:
    """Whether the name of a file says that it is a dataset."""
    return _suffix(file) in SUFFIXES


def is_table(file: Mapping[str, Any]) -> bool:
    """Whether the name of a file says that it is a table, which may be a dataset."""
    return _suffix(file) in TABLES


def may_be_dataset(file: Mapping[str, Any]) -> bool:
    """Whether a file may be one when somebody asks."""
    return looks_like_dataset(file) or is_table(file)


def may_be_prompts(file: Mapping[str, Any]) -> bool:
    """Whether the name of a file says that prompts may be in it: a dataset, a table, or plain lines."""
    return looks_like_dataset(file) or is_table(file) or _suffix(file) == ".txt"


def is_nameless(file: Mapping[str, Any]) -> bool:
    """Whether Slack tells no more of a file than its ID: so it does in channels shared with other organisations.

    docs.slack.dev/reference/objects/file-object, *Slack Connect files*: the rest is for ``files.info`` to say.
    """
    return file.get("file_access") == "check_file_info"


def _suffix(file: Mapping[str, Any]) -> str:
    """Return how the name ends, in small and unpacked; empty for a file without a name."""
    name = file.get("name")
    path = PurePosixPath(name.lower() if isinstance(name, str) else "")
    return PurePosixPath(path.stem).suffix if path.suffix in PACKED else path.suffix


def ids(files: object) -> list[str]:
    """Return the IDs in an event's list of files."""
    return [each["id"] for each in entries(files)]


def entries(files: object) -> list[Mapping[str, Any]]:
    """Return the files of a message that have an ID and are not deleted."""
    there: Iterable[object] = files if isinstance(files, list) else ()
    return [
        each
        for each in there
        if isinstance(each, dict) and isinstance(each.get("id"), str) and each.get("mode") != "tombstone"
    ]


class SlackRecentUploads:
    """``handlers.core.RecentUploads`` by reading the channel's history once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def by(self, user: str, channel: str) -> list[KnownFile]:
        """Return the files that the user shared in the channel lately, newest first."""
        shared = [
            (file, _moment(message.get("ts")))
            for message in self._history(channel)
            if message.get("user") == user
            for file in reversed(entries(message.get("files")))
        ]
        named = {each["id"]: each for each in self.named([file for file, _ in shared])}
        return [
            KnownFile(str(file["id"]), str(named[file["id"]].get("name") or ""), at)
            for file, at in shared
            if file["id"] in named
        ]

    def named(self, files: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the files; Slack is asked for the first of those that it told no more of than their IDs."""
        asked = 0
        found: list[Mapping[str, Any]] = []
        for file in files:
            known: Mapping[str, Any] | None = file
            if is_nameless(file) and asked < MOST_ASKED:
                asked += 1
                known = self._info(str(file["id"]))
            found += [known] if known is not None else []
        return found

    def _info(self, file_id: str) -> Mapping[str, Any] | None:
        """Return what Slack says of a file, or None when it keeps it from us."""
        try:
            told = self._client.api_call("files.info", params={"file": file_id}).get("file")
        except SlackApiError as error:
            if (name := str(error.response.get("error"))) in _KEPT_FROM_US:
                return None
            raise _silent(name) from error
        except (SlackClientError, OSError) as error:
            raise _silent(str(error)) from error
        return {**told, "id": file_id} if isinstance(told, dict) else None

    def _history(self, channel: str) -> list[dict[str, Any]]:
        try:
            answer = self._client.conversations_history(channel=channel, limit=LOOK_BACK)
        except SlackApiError as error:
            raise _translate(str(error.response.get("error"))) from error
        except (SlackClientError, OSError) as error:
            raise Unavailable("Slack did not answer.", detail=str(error)) from error
        messages = answer.get("messages")
        return messages if isinstance(messages, list) else []


def _silent(detail: str) -> Unavailable:
    return Unavailable(
        "Slack did not tell me what your file is called.",
        hint="Drop it here again in a minute.",
        detail=detail,
    )


def _moment(ts: object) -> datetime:
    """Return when a message was written; the epoch when it does not say."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _translate(error: str) -> Refused | Unavailable:
    if error in _NOT_READABLE:
        return Refused(
            "I cannot see this channel's messages.",
            hint="Invite me with `/invite`, or give me the file's link: `/tune validate LINK`.",
        )
    return Unavailable("Slack did not let me look for your file.", detail=error)
