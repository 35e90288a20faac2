"""Fetching the bytes of a file in Slack, and nothing else, from Slack, and nowhere else.

Redirects are followed by hand: urllib sends ``Authorization`` along to any host, and a Slack whose token may not
read files redirects to its login page, which answers 200.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.adapters.slack_errors import from_network
from bot.clock import Clock
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable

SLACK_HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
"""Where Slack keeps files; their subdomains too (github.com/evalstate/fast-agent, pull request 395)."""
MAX_HOPS = 3
TIMEOUT = 30.0
"""Seconds without a byte after which the connection counts as dead."""
DEADLINE = 900.0
"""Seconds for the whole file."""
CHUNK = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SCOPE = "Add `files:read` under OAuth & Permissions and reinstall the app, then set the new SLACK_BOT_TOKEN."


class Origins:
    """The addresses that our token may be sent to: Slack's, and those of the API that we were given.

    ``base_url`` is the Web API's. With https its host and what is under it count, with http that origin alone.
    """

    def __init__(self, base_url: str) -> None:
        self._base = urlsplit(base_url)

    def allow(self, url: str) -> bool:
        """Return whether the token may be sent there."""
        parts = urlsplit(url)
        if parts.username or not parts.hostname:
            return False
        if _origin(parts) == _origin(self._base):
            return True
        hosts = (*SLACK_HOSTS, self._base.hostname) if self._base.scheme == "https" else SLACK_HOSTS
        return (
            parts.scheme == "https"
            and _port(parts) == 443
            and any(_is_under(parts.hostname, host) for host in hosts)
        )


class Download:
    """Fetches with our token, checks what comes, and counts the bytes."""

    def __init__(self, token: str, base_url: str, clock: Clock) -> None:
        self._token = token
        self._origins = Origins(base_url)
        self._clock = clock
        self._opener = urllib.request.build_opener(_NoRedirects)

    def fetch(self, url: str, destination: Path, *, size: int, progress: Callable[[], None]) -> None:
        """Write what is at ``url`` to ``destination``: ``size`` bytes, no more and no less.

        Raises:
            Misconfigured: Slack sent its login page, or the disk is full.
            NotFound: the file is gone.
            Throttled, Unavailable: what came is not the file; nothing is kept of it.
            Refused: the address is none of Slack's.
        """
        with _network(), self._opened(url) as answer:
            first = answer.read(CHUNK)
            page = _is_page(answer, first)
            written = self._copy(answer, first, destination, size, progress)
        if written != size and page:
            raise Misconfigured(
                "Slack did not let me read the file.", hint=_SCOPE, detail=f"login page at {url}"
            )
        if written != size:
            raise Unavailable(
                "The file did not arrive whole.",
                hint="Upload it again if this goes on.",
                detail=f"{written} bytes of {size} from {url}",
            )

    @contextmanager
    def _opened(self, url: str) -> Iterator[http.client.HTTPResponse]:
        for _ in range(MAX_HOPS + 1):
            if not self._origins.allow(url):
                raise Refused(
                    "The file is not kept by Slack.",
                    hint="Upload the file itself, not a link to it.",
                    detail=f"{urlsplit(url).scheme}://{urlsplit(url).hostname} is not allowed",
                )
            request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310 -- checked
            try:
                with self._opener.open(request, timeout=TIMEOUT) as answer:
                    yield answer
                    return
            except urllib.error.HTTPError as refusal:
                with refusal:
                    url = _next(refusal, url)
        raise Misconfigured(
            "Slack did not let me read the file.", hint=_SCOPE, detail=f"redirects end at {url}"
        )

    def _copy(
        self,
        answer: http.client.HTTPResponse,
        chunk: bytes,
        destination: Path,
        size: int,
        progress: Callable[[], None],
    ) -> int:
        """Copy until the end, or until it is more than ``size``; return how many bytes came."""
        written, began = 0, self._clock.monotonic()
        with _disk(destination) as sink:
            while chunk and written <= size:
                _write(sink, chunk)
                written += len(chunk)
                progress()
                if self._clock.monotonic() - began > DEADLINE:
                    raise Unavailable("Slack sends the file too slowly.", hint="Try again later.")
                chunk = answer.read(CHUNK)
        return written


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def _next(refusal: urllib.error.HTTPError, url: str) -> str:
    """Return where a redirect leads, or say what another status means."""
    location = refusal.headers.get("Location")
    if refusal.code in _REDIRECTS and location:
        return urljoin(url, location)
    raise _failed(refusal, url)


def _failed(refusal: urllib.error.HTTPError, url: str) -> TunesmithError:
    detail = f"HTTP {refusal.code} from {url}"
    if refusal.code in (401, 403):
        return Misconfigured("Slack did not let me read the file.", hint=_SCOPE, detail=detail)
    if refusal.code in (404, 410):
        return NotFound("Slack no longer has that file.", hint="Upload it again.", detail=detail)
    if refusal.code == 429:
        after = refusal.headers.get("Retry-After", "")
        return Throttled(
            "Slack asked me to slow down.",
            retry_after=float(after) if after.isdigit() else 30.0,
            detail=detail,
        )
    return Unavailable("Slack did not send the file.", hint="Try again in a minute.", detail=detail)


def _is_page(answer: http.client.HTTPResponse, first: bytes) -> bool:
    """Return whether this looks like a page for a browser."""
    if answer.headers.get_content_type() == "text/html":
        return True
    start = first[:512].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


@contextmanager
def _network() -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise from_network("download", error, writes=False) from error


@contextmanager
def _disk(destination: Path) -> Iterator[IO[bytes]]:
    try:
        sink = destination.open("wb")
    except OSError as error:
        raise _no_room(error) from error
    with sink:
        yield sink


def _write(sink: IO[bytes], chunk: bytes) -> None:
    try:
        sink.write(chunk)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> Misconfigured:
    return Misconfigured(
        "I cannot write the file to my disk.", hint="Make room in the temporary directory.", detail=str(error)
    )


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, _port(parts)


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None


def _is_under(host: str, domain: str | None) -> bool:
    return domain is not None and (host == domain or host.endswith(f".{domain}"))
