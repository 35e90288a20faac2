"""Fetching the bytes of a file in Slack, and nothing else, from Slack, and nowhere else.

Redirects are followed by hand: urllib sends ``Authorization`` along to any host, and a Slack whose token may not
read files redirects to its login page, which answers 200.
"""

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from bot import tracing
from bot.adapters.slack_errors import from_network
from bot.clock import Clock
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable, no_room
from bot.metrics import vendor_error
from bot.tracing import SpanKind

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
SLACK_HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
"""Where Slack keeps files; their subdomains too (github.com/evalstate/fast-agent, pull request 395)."""
MAX_HOPS = 3
TIMEOUT = 30.0
"""Seconds without a byte after which the connection counts as dead."""
DEADLINE = 900.0
"""Seconds for the whole file."""
CHUNK = 256 * 1024
_TELLING = 512
"""Bytes at the beginning by which a page is told."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SCOPE = "Add `files:read` under OAuth & Permissions and reinstall the app, then set the new SLACK_BOT_TOKEN."


class Origins:
    """The addresses that our token may be sent to: Slack's, and those of the API that we were given.

    ``base_url`` is the Web API's. With https its host and what is under it count, with http that origin alone.
    """

    def __init__(self, base_url: str) -> None:
        self._base = urlsplit(base_url)

    def allow(self, url: str) -> bool:
        """Return whether the token may be sent there. Never raises.

        An address that parsers may read in two ways is none of Slack's: ``urllib`` decodes ``%2f`` in a host.
        """
        parts = _parts(url)
        if parts is None or "@" in parts.netloc:
            return False
        if _origin(parts) == _origin(self._base):
            return True
        hosts = (*SLACK_HOSTS, self._base.hostname) if self._base.scheme == "https" else SLACK_HOSTS
        return (
            parts.scheme == "https"
            and _port(parts) == 443
            and _HOST.fullmatch(parts.hostname or "") is not None
            and any(_is_under(str(parts.hostname), host) for host in hosts)
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
        told = {"rpc.system.name": "slack", "rpc.method": "file download"}
        with _network(), tracing.span("file download", SpanKind.CLIENT, told), self._opened(url) as answer:
            pieces = self._pieces(answer)
            first = _beginning(pieces)
            page = _is_page(answer, first)
            written = _copy(chain([first], pieces), destination, size, progress)
        # Somebody's file may be a page, too: Slack's login page has another size than was told.
        if written != size and page:
            raise Misconfigured(
                "Slack did not let me read the file.", hint=_SCOPE, detail=f"login page at {where(url)}"
            )
        if written != size:
            raise Unavailable(
                "The file did not arrive whole.",
                hint="Upload it again if this goes on.",
                detail=f"{written} bytes of {size} from {where(url)}",
            )

    @contextmanager
    def _opened(self, url: str) -> Iterator[http.client.HTTPResponse]:
        for _ in range(MAX_HOPS + 1):
            if not self._origins.allow(url):
                raise Refused(
                    "The file is not kept by Slack.",
                    hint="Upload the file itself, not a link to it.",
                    detail=f"{where(url)} is not allowed",
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
            "Slack did not let me read the file.", hint=_SCOPE, detail=f"redirects end at {where(url)}"
        )

    def _pieces(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        """Yield what has arrived, as it arrives: bytes that drip must not pass the deadline by."""
        began = self._clock.monotonic()
        while piece := answer.read1(CHUNK):
            yield piece
            if self._clock.monotonic() - began > DEADLINE:
                raise Unavailable("Slack sends the file too slowly.", hint="Try again later.")


def _beginning(pieces: Iterator[bytes]) -> bytes:
    """Return the first pieces, until there is enough to tell a page by."""
    first = b""
    for piece in pieces:
        first += piece
        if len(first) >= _TELLING:
            break
    return first


def _copy(pieces: Iterable[bytes], destination: Path, size: int, progress: Callable[[], None]) -> int:
    """Copy until the end, or until it is more than ``size``; return how many bytes came."""
    written = 0
    with _disk(destination) as sink:
        for piece in pieces:
            _write(sink, piece)
            written += len(piece)
            progress()
            if written > size:
                break
        _flush(sink)
    return written


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us, unread: urllib's own reading of where they lead fails on what is no address."""

    def http_error_302(self, *_: object) -> None:
        """Follow none."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302  # type: ignore[assignment]


def _next(refusal: urllib.error.HTTPError, url: str) -> str:
    """Return where a redirect leads, or say what another status means."""
    location = refusal.headers.get("Location")
    if refusal.code in _REDIRECTS and location:
        try:
            return urljoin(url, location)
        except ValueError:
            return location  # nothing that can be read, so it is not allowed
    raise vendor_error("slack", _failed(refusal, url))


def _failed(refusal: urllib.error.HTTPError, url: str) -> TunesmithError:
    detail = f"HTTP {refusal.code} from {where(url)}"
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
    start = first[:_TELLING].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


@contextmanager
def _network() -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise vendor_error("slack", from_network("download", error, writes=False)) from error


@contextmanager
def _disk(destination: Path) -> Iterator[IO[bytes]]:
    try:
        sink = destination.open("wb")
    except OSError as error:
        raise no_room(error) from error
    try:
        yield sink
    finally:
        with suppress(OSError):  # that there is no room was told before, and it is told here once more
            sink.close()


def _write(sink: IO[bytes], chunk: bytes) -> None:
    try:
        sink.write(chunk)
    except OSError as error:
        raise no_room(error) from error


def _flush(sink: IO[bytes]) -> None:
    """Have all of it on the disk now: the last bytes are held back, and a disk that is full would refuse them later."""
    try:
        sink.flush()
    except OSError as error:
        raise no_room(error) from error


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address, or None when it is none that everybody reads alike."""
    if not (url.isascii() and url.isprintable()) or set(url) & {" ", "\\"}:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def where(url: str) -> str:
    """Return where an address leads, for the log: what comes after the host may be a secret."""
    parts = _parts(url)
    return f"{parts.scheme}://{parts.hostname}" if parts else "an address that cannot be read"


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, _port(parts)


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None


def _is_under(host: str, domain: str | None) -> bool:
    return domain is not None and (host == domain or host.endswith(f".{domain}"))
