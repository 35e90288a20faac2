"""Slack's files in memory: who may see what, and where it is shared."""

import mimetypes
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.controller.shared_files import SlackFile
from bot.errors import NotFound, Refused
from tests.doubles.messages import Failure

T = TypeVar("T")


class FakeSlackFiles:
    """A ``SharedFiles`` in memory.

    Attributes:
        calls: How often each method was called.
        shared: (channel, thread, name) of every time that a file was shared, in order.
        described: The description that each file was sent with, by its name.
        comments: What the message says that each file was shared with, by its title.
        closed: Channels that take no files.
        foreign: Channels in which people of other workspaces are.
        slow: How many more looks at files find them not processed yet.
    """

    def __init__(self) -> None:
        self._files: dict[str, SlackFile] = {}
        self._bytes: dict[str, bytes] = {}
        self._members: dict[str, set[str]] = defaultdict(set)
        self._orders: dict[str, deque[Failure | None]] = defaultdict(deque)
        self._tickets: set[str] = set()
        self.calls: Counter[str] = Counter()
        self.shared: list[tuple[str, str | None, str]] = []
        self.described: dict[str, str] = {}
        self.comments: dict[str, str] = {}
        self.closed: set[str] = set()
        self.foreign: set[str] = set()
        self.slow = 0
        self.during_download: Callable[[], None] = lambda: None

    # What tests do to it

    def add(self, content: bytes, **more: object) -> SlackFile:
        """Share a file, by default by U1 in the private channel C1, of which U1 is a member."""
        file = SlackFile(
            id=f"F{len(self._files) + 1}",
            name="claims.jsonl",
            size=len(content),
            user="U1",
            mode="hosted",
            is_external=False,
            url="https://files.slack.com/files-pri/T1-F1/download/claims.jsonl",
            private_channels=("C1",),
        )
        file = replace(file, **more)  # type: ignore[arg-type]
        self._files[file.id], self._bytes[file.id] = file, content
        return file

    def remove(self, file_id: str) -> None:
        """Delete it as a person does."""
        del self._files[file_id]

    def edit(self, file_id: str, content: bytes) -> None:
        """Change what is in it, as a person does with a snippet."""
        self._files[file_id] = replace(self._files[file_id], size=len(content))
        self._bytes[file_id] = content

    def join(self, channel: str, *users: str) -> None:
        """Make people members of a channel."""
        self._members[channel] |= set(users)

    def order(self, method: str, *failures: Failure | None) -> None:
        """Make the next calls of that method fail, in this order; None is for one that does not."""
        assert method in {"info", "may_see", "has_others", "download", "upload", "share", "finish", "ours_in"}
        self._orders[method].extend(failures)

    # What tests look at

    def content(self, name: str) -> bytes:
        """Return the bytes of the file with that name that we uploaded last."""
        return [self._bytes[each.id] for each in self._files.values() if each.name == name][-1]

    # What the port says

    def info(self, file_id: str) -> SlackFile:
        def act() -> SlackFile:
            if file_id not in self._files or file_id in self._tickets:
                raise NotFound("Slack has no such file.", hint="Upload it in a channel that I am in.")
            self.slow -= self.slow > 0
            found = self._files[file_id]
            return replace(found, mimetype="") if self.slow else found

        return self._call("info", act)

    def may_see(self, user: str, file: SlackFile) -> bool:
        def act() -> bool:
            inside = any(user in self._members[channel] for channel in file.channels)
            return user == file.user or bool(file.public_channels) or inside

        return self._call("may_see", act)

    def has_others(self, channel: str) -> bool:
        return self._call("has_others", lambda: channel in self.foreign)

    def download(
        self, file: SlackFile, destination: Path, *, cap: int, progress: Callable[[], None] = lambda: None
    ) -> None:
        def act() -> None:
            if file.size > cap:
                raise Refused("The file is too large.")
            self.during_download()
            progress()
            destination.write_bytes(self._bytes[file.id])

        self._call("download", act)

    def upload(self, name: str, given: bytes | Path, *, alt_text: str = "") -> str:
        content = given.read_bytes() if isinstance(given, Path) else given

        def act() -> str:
            assert content, "Slack refuses an empty file"
            kind = mimetypes.guess_type(name)[0] or ""
            file = self.add(content, name=name, user="UBOT", private_channels=(), mimetype=kind)
            self._tickets.add(file.id)
            self.described[name] = alt_text
            return file.id

        return self._call("upload", act)

    def share(
        self,
        file_id: str,
        *,
        channel: str,
        thread_ts: str | None,
        title: str,
        also: Mapping[str, str] = MappingProxyType({}),
        comment: str = "",
    ) -> None:
        def act() -> None:
            if channel in self.closed:
                raise Refused("Slack refused the file (is_archived).")
            shown = {**also, file_id: title}
            if not shown.keys() <= self._tickets:
                raise NotFound("The ticket was used.")
            self._tickets -= shown.keys()
            for each, its_title in shown.items():
                self._files[each] = replace(self._files[each], private_channels=(channel,))
                self.shared.append((channel, thread_ts, its_title))
                self.comments[its_title] = comment

        self._call("share", act)

    def finish(self, file_id: str, title: str) -> None:
        def act() -> None:
            if file_id not in self._tickets:
                raise NotFound("The ticket was used.")
            self._tickets.remove(file_id)

        self._call("finish", act)

    def ours_in(self, channel: str, thread_ts: str, *, since: datetime) -> frozenset[str]:
        return self._call(
            "ours_in",
            lambda: frozenset(
                name for place, thread, name in self.shared if (place, thread) == (channel, thread_ts)
            ),
        )

    # How

    def _call(self, method: str, act: Callable[[], T]) -> T:
        self.calls[method] += 1
        failure = self._orders[method].popleft() if self._orders[method] else None
        if failure and not failure.took_effect:
            raise failure.error
        result = act()
        if failure:
            raise failure.error
        return result
