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

_NOT_READABLE = frozenset({"not_in_channel", "channel_not_found", "missing_scope", "no_permission"})


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
        return [
            KnownFile(str(file["id"]), str(file.get("name") or ""), _moment(message.get("ts")))
            for message in self._history(channel)
            if message.get("user") == user
            for file in reversed(entries(message.get("files")))
        ]

    def _history(self, channel: str) -> list[dict[str, Any]]:
        try:
            answer = self._client.conversations_history(channel=channel, limit=LOOK_BACK)
        except SlackApiError as error:
            raise _translate(str(error.response.get("error"))) from error
        except (SlackClientError, OSError) as error:
            raise Unavailable("Slack did not answer.", detail=str(error)) from error
        messages = answer.get("messages")
        return messages if isinstance(messages, list) else []


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
