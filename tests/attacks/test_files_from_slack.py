"""A file whose address, redirects, size or bytes are not what Slack says: the token stays, and it ends."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bot.adapters.slack_download import DEADLINE, Download, Origins
from bot.datasets.model import Verdict
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from tests.adapters.slack_server import Answer, SlackServer
from tests.adapters.test_slack_files import LOGIN
from tests.doubles.clock import FakeClock
from tests.unit.datasets.samples import judge

PATH = "/files-pri/T1-F1/download/claims.jsonl"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\n"

ELSEWHERE = [
    "",
    "claims.jsonl",
    "//files.slack.com/x",
    "https:files.slack.com/x",
    "https:///files.slack.com/x",
    "http://files.slack.com/x",
    "ftp://files.slack.com/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://files.slack.com:8443/x",
    "https://files.slack.com:port/x",
    "https://files.slack.com:99999/x",
    "https://files.slack.com./x",
    "https://slack.com.evil.example/x",
    "https://evilslack.com/x",
    "https://evil.example/slack.com",
    "https://evil.example?.slack.com/x",
    "https://evil.example#.slack.com/x",
    "https://slack.com@evil.example/x",
    "https://@files.slack.com/x",
    "https://:word@files.slack.com/x",
    "https://evil.example\\.slack.com/x",
    "https://evil.example%2f.slack.com/x",
    "https://evil.example%00.slack.com/x",
    "https://evil.example;.slack.com/x",
    "https://evil.example .slack.com/x",
    "https://files.slack.com\t.evil.example/x",
    "https://files.slack.com/x\r\nHost: evil.example",
    "https://ｓlack.com/x",  # noqa: RUF001 -- a letter of full width
    "https://files。slack.com/x",
    "https://.slack.com/x",
    "https://a..slack.com/x",
    f"https://{'a' * 64}.slack.com/x",
    "https://[",
    "https://[::1].slack.com/x",
    "https://127.0.0.1/x",
    "https://2130706433/x",
]
HERE = [
    "https://files.slack.com/files-pri/T1-F1/download/a%20b.jsonl?pub_secret=1",
    "HTTPS://Files.Slack.com:443/x",
    "https://slack-files.com/x",
    "https://a.b.slack-edge.com/x",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_the_token_is_sent_to_no_address_but_slacks(url: str) -> None:
    """Tried: a file whose address leads elsewhere, so that the bot's token is sent along."""
    assert not Origins("https://slack.com/api/").allow(url)


@pytest.mark.parametrize("url", HERE)
def test_slacks_own_addresses_are_allowed(url: str) -> None:
    assert Origins("https://slack.com/api/").allow(url)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        yield server


def fetch(origin: str, where: Path, *, size: int = 1_000_000, clock: FakeClock | None = None) -> None:
    download = Download("xoxb-1", f"{origin}/api/", clock or FakeClock())
    download.fetch(origin + PATH, where, size=size, progress=lambda: None)


@pytest.mark.slow
@pytest.mark.parametrize("location", [each for each in ELSEWHERE if "//" in each and each.isascii()])
def test_a_redirect_off_slack_takes_no_token_along_and_is_told_in_words(
    slack: SlackServer, tmp_path: Path, location: str
) -> None:
    """Tried: an address of Slack's that redirects off Slack."""
    one_line = "".join(location.splitlines())
    slack.always[PATH] = Answer(b"", 302, {"Location": one_line})
    with pytest.raises((Refused, Unavailable)):
        fetch(slack.origin, tmp_path / "f")
    assert [each.method for each in slack.requests] == [PATH]
    assert not (tmp_path / "f").exists()


def test_redirects_in_a_loop_end(slack: SlackServer, tmp_path: Path) -> None:
    slack.always[PATH] = Answer(b"", 302, {"Location": PATH})
    with pytest.raises(Misconfigured):
        fetch(slack.origin, tmp_path / "f")
    assert len(slack.requests) == 4


SIGNED = f"{PATH}?t=xoxe-secret"


@pytest.mark.parametrize(
    "answer",
    [Answer(b"", 302, {"Location": SIGNED}), Answer(b"", 403), Answer(b"", 500), Answer(LOGIN), Answer(b"x")],
)
def test_what_lets_somebody_in_by_an_address_is_not_logged(
    slack: SlackServer, tmp_path: Path, answer: Answer
) -> None:
    """Tried: having the log tell the address that Slack redirects to, which opens the file, and the file's name."""
    slack.always[PATH] = Answer(b"", 302, {"Location": SIGNED})
    slack.always[SIGNED] = answer
    with pytest.raises(TunesmithError) as failed:
        fetch(slack.origin, tmp_path / "f")
    said = f"{failed.value.detail} {failed.value.sentence}"
    assert "127.0.0.1" in said
    assert not any(each in said for each in ("xoxe-secret", "claims", "files-pri"))


def test_a_login_page_of_exactly_the_announced_size_is_no_dataset() -> None:
    """By its size it may be somebody's own page: it is fetched, and judged to be none."""
    report = judge(LOGIN)
    assert report.verdict is Verdict.BLOCKED
    assert report.records == 0


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen once, read the request, and have ``speak`` answer; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            client, _ = server.accept()
            with client, contextlib.suppress(OSError):
                client.recv(65536)
                speak(client)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            thread.join(10)
    assert not thread.is_alive()


def test_a_body_without_an_end_is_read_as_far_as_the_announced_size(tmp_path: Path) -> None:
    sent = 0

    def for_ever(client: socket.socket) -> None:
        nonlocal sent
        client.sendall(HEAD.replace(b"Content-Length: 1000000\r\n", b""))
        for _ in count():
            sent += client.send(b"x" * 65536)

    with speaking(for_ever) as origin, pytest.raises(Unavailable, match="whole"):
        fetch(origin, tmp_path / "f", size=100_000)
    assert (tmp_path / "f").stat().st_size < 1_000_000
    assert sent < 100_000_000


class Hurrying(FakeClock):
    """Each look at it is a deadline later, and a second."""

    def monotonic(self) -> float:
        self.advance(DEADLINE + 1)
        return super().monotonic()


def test_bytes_that_drip_are_given_up_at_the_deadline(tmp_path: Path) -> None:
    """Tried: a file that comes a byte at a time, for ever."""
    over = threading.Event()

    def drip(client: socket.socket) -> None:
        client.sendall(HEAD)
        for _ in range(5):
            client.sendall(b"x" * 600)
        over.wait(20)

    with speaking(drip) as origin:
        try:
            with pytest.raises(Unavailable, match="too slowly"):
                fetch(origin, tmp_path / "f", clock=Hurrying())
        finally:
            over.set()


@pytest.mark.parametrize("size", [0, 1, 999_999, 1_000_001, 10**12])
def test_a_size_that_is_a_lie_is_no_file(tmp_path: Path, size: int) -> None:
    """Tried: a file that is larger or smaller than Slack says."""

    def speak(client: socket.socket) -> None:
        client.sendall(HEAD + b"x" * 1_000_000)

    with speaking(speak) as origin, pytest.raises(Unavailable, match="whole"):
        fetch(origin, tmp_path / "f", size=size)
