"""Files in Slack: ``bot.controller.shared_files.SharedFiles`` on the Web API."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any, BinaryIO

from slack_sdk import WebClient

from bot.adapters.slack_channel_memberships import described, with_others
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_download import Download, Origins, where
from bot.adapters.slack_errors import from_network, slack_call
from bot.adapters.slack_memberships import of_user
from bot.adapters.slack_reading import OwnMessages
from bot.clock import Clock, SystemClock
from bot.controller.shared_files import SlackFile, title_of
from bot.errors import NotFound, Refused, Unavailable
from bot.memberships import Membership
from bot.metrics import vendor_error
from bot.wording import one_line

MEMBERS_PAGE = 200
ALT_TEXT = 1_000
"""Characters that Slack takes to describe a picture (``alt_txt_too_large`` beyond)."""
UPLOAD_TIMEOUT = 30.0
"""Seconds without any progress: a report is some ten kilobytes, a corrected dataset goes piece by piece."""

ANY = "application/octet-stream"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".diff": "text/plain; charset=utf-8",
}
"""What a file is said to be by the end of its name, so that Slack shows a page as a page."""


class SlackFiles:
    """Looks files up, fetches them, and sends reports and corrected copies.

    Uploading takes three calls: a ticket, the bytes, and completing, which shares the file. The first two leave
    nothing that anybody sees, and may be repeated. Completing is not idempotent: save the file's ID before it, and
    when its outcome is unclear look at ``info`` before doing it again (sharing is asynchronous, so not at once).
    """

    def __init__(
        self, posting: WebClient, reading: WebClient, base_url: str, clock: Clock | None = None
    ) -> None:
        self._posting = posting
        self._reading = reading
        self._ourselves = Ourselves(reading)
        self._own = OwnMessages(reading, self._ourselves)
        self._origins = Origins(base_url)
        self._download = Download(reading.token or "", base_url, clock or SystemClock())

    def info(self, file_id: str) -> SlackFile:
        """Return what Slack knows of the file."""
        with slack_call("files.info", writes=False):
            found: dict[str, Any] = (
                self._reading.api_call("files.info", params={"file": file_id}).get("file") or {}
            )
        return _file(found, file_id)

    def may_see(self, user: str, file: SlackFile) -> bool:
        """Return whether the person could open the file themselves.

        Its owner can, a member of a conversation that it is shared in can, and any full member of our workspace can
        when one of these is a public channel: guests, and people of workspaces that share one of our channels, can not.
        """
        if user == file.user:
            return True
        if file.public_channels and self._is_full_member(user):
            return True
        return any(self._is_in(user, channel) for channel in file.channels)

    def has_others(self, channel: str) -> bool:
        """Return whether people of other workspaces are in the channel, too. Where we are not, nobody reads us."""
        return with_others(described(self._reading, channel) or {})

    def download(
        self, file: SlackFile, destination: Path, *, cap: int, progress: Callable[[], None] = lambda: None
    ) -> None:
        """Write the file's bytes to ``destination``."""
        if file.size > cap:
            raise Refused(f"The file has {file.size:,} bytes; I take at most {cap:,}.", hint="Split it.")
        self._download.fetch(file.url, destination, size=file.size, progress=progress)

    def upload(self, name: str, content: bytes | Path, *, alt_text: str = "") -> str:
        """Send a file to Slack and return its ID."""
        length = content.stat().st_size if isinstance(content, Path) else len(content)
        described = {"alt_txt": one_line(alt_text)[:ALT_TEXT]} if alt_text else {}
        with slack_call("files.getUploadURLExternal", writes=False):
            ticket = self._posting.api_call(
                "files.getUploadURLExternal",
                params={"filename": title_of(name), "length": length, **described},
            )
        with content.open("rb") if isinstance(content, Path) else BytesIO(content) as data:
            self._send(str(ticket["upload_url"]), data, length, TYPES.get(PurePath(name).suffix.lower(), ANY))
        return str(ticket["file_id"])

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
        """Show an uploaded file in a conversation, with those in ``also`` before it."""
        all_of_them = [*also.items(), (file_id, title)]
        with slack_call("files.completeUploadExternal", writes=True):
            self._posting.files_completeUploadExternal(
                files=[{"id": each, "title": title_of(its_title)} for each, its_title in all_of_them],
                channel_id=channel,
                thread_ts=thread_ts,
                initial_comment=comment or None,
            )

    def finish(self, file_id: str, title: str) -> None:
        """End the upload of a file that no conversation gets: messages of ours may show it."""
        # Not one that writes, in this sense: nobody sees anything of it, so repeating it is harmless.
        with slack_call("files.completeUploadExternal", writes=False):
            self._posting.files_completeUploadExternal(files=[{"id": file_id, "title": title_of(title)}])

    def ours_in(self, channel: str, thread_ts: str, *, since: datetime) -> frozenset[str]:
        """Return the titles of the files that we shared in the thread."""
        found = self._own.since(channel, since, thread_ts)
        return frozenset(str(file.get("title")) for each in found for file in each.get("files") or [])

    # How

    def _send(self, url: str, data: BinaryIO, length: int, kind: str) -> None:
        if not self._origins.allow(url):
            raise Refused("Slack wants the file at an address that is not its own.", detail=where(url))
        request = urllib.request.Request(  # noqa: S310 -- checked
            url,
            data=data,
            # Without the length urllib sends a file in chunks.
            headers={"Content-Type": kind, "Content-Length": str(length)},
        )
        try:
            with urllib.request.urlopen(request, timeout=UPLOAD_TIMEOUT) as answer:  # noqa: S310 -- checked
                answer.read()
        except urllib.error.HTTPError as error:
            with error:
                failed = Unavailable("Slack did not take the file.", detail=f"HTTP {error.code}")
                raise vendor_error("slack", failed) from error
        except (OSError, http.client.HTTPException) as error:
            raise vendor_error("slack", from_network("upload", error, writes=False)) from error

    def _is_full_member(self, user: str) -> bool:
        with slack_call("users.info", writes=False):
            person: dict[str, Any] = (
                self._reading.api_call("users.info", params={"user": user}).get("user") or {}
            )
        return of_user(person, self._ourselves.team_id) is Membership.MEMBER

    def _is_in(self, user: str, channel: str) -> bool:
        try:
            return user in self._members(channel)
        except NotFound:
            return False
        except Refused:  # a conversation that we do not see: nor do we vouch for it
            return False

    def _members(self, channel: str) -> Iterator[str]:
        cursor = ""
        while True:
            arguments = {"channel": channel, "limit": MEMBERS_PAGE} | ({"cursor": cursor} if cursor else {})
            with slack_call("conversations.members", writes=False):
                answer = self._reading.api_call("conversations.members", params=arguments)
            yield from answer.get("members") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _file(found: Mapping[str, Any], file_id: str) -> SlackFile:
    shares = found.get("shares") or {}
    public = [*(found.get("channels") or ()), *(shares.get("public") or ())]
    private = [*(found.get("groups") or ()), *(found.get("ims") or ()), *(shares.get("private") or ())]
    return SlackFile(
        id=str(found.get("id") or file_id),
        name=str(found.get("name") or found.get("title") or file_id),
        size=int(found.get("size") or 0),
        user=str(found.get("user") or ""),
        mode=str(found.get("mode") or ""),
        is_external=bool(found.get("is_external")),
        url=str(found.get("url_private_download") or found.get("url_private") or ""),
        public_channels=tuple(dict.fromkeys(public)),
        private_channels=tuple(dict.fromkeys(each for each in private if each not in public)),
        mimetype=str(found.get("mimetype") or ""),
    )
