"""Slack's files: one contract, held against the twin and against the adapter on the Slack stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_files import SlackFiles
from bot.controller.shared_files import SharedFiles
from bot.errors import Misconfigured, NotFound, Refused, Unavailable
from bot.playground.slack import SlackStandIn
from tests.doubles.clock import FakeClock
from tests.doubles.slack_files import FakeSlackFiles

CONTENT = b'{"messages": []}\n' * 3000
TRAINER, APPROVER, ASKER = "U0TRAINER1", "U0APPROVE1", "U0ASKER001"
CLAIMS, FINANCE = "C0CLAIMSAI", "C0FINANCE1"


@dataclass
class Bench:
    """A ``SharedFiles`` and a file by the trainer in a channel."""

    files: SharedFiles
    twin: FakeSlackFiles | None = None
    slack: SlackStandIn | None = None

    def uploaded(self, channel: str = CLAIMS, content: bytes = CONTENT) -> str:
        if self.twin:
            where = {"private_channels": (channel,)} if channel == FINANCE else {"private_channels": ()}
            public = {"public_channels": (channel,)} if channel == CLAIMS else {}
            return self.twin.add(content, user=TRAINER, **where, **public).id
        assert self.slack
        name = "claims-ai" if channel == CLAIMS else "finance-private"
        return str(self.slack.person("trainer").uploads(name, "claims.jsonl", content)["id"])

    def root(self) -> str:
        """Return the timestamp of a message that begins a thread."""
        return str(self.slack.person("trainer").says("claims-ai", "hello")["ts"]) if self.slack else "1.5"

    def deleted(self, file_id: str) -> None:
        if self.twin:
            self.twin.remove(file_id)
        if self.slack:
            self.slack.person("trainer").deletes_file(file_id)


@pytest.fixture(params=["twin", "stand-in"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    clock = FakeClock()
    if request.param == "twin":
        twin = FakeSlackFiles()
        twin.join(CLAIMS, TRAINER, APPROVER, ASKER)
        twin.join(FINANCE, TRAINER, APPROVER)
        yield Bench(twin, twin=twin)
        return
    with SlackStandIn(clock=clock) as slack:
        yield Bench(adapter(slack), slack=slack)


def adapter(slack: SlackStandIn) -> SlackFiles:
    clients = posting_client(slack.bot_token, slack.api_url), reading_client(slack.bot_token, slack.api_url)
    return SlackFiles(*clients, slack.api_url, FakeClock())


def test_what_is_known_of_a_file(bench: Bench) -> None:
    file = bench.files.info(bench.uploaded())
    assert (file.name, file.size, file.user) == ("claims.jsonl", len(CONTENT), TRAINER)
    assert file.public_channels == (CLAIMS,)
    assert file.is_readable


def test_the_bytes_arrive(bench: Bench, tmp_path: Path) -> None:
    ticks: list[int] = []
    file = bench.files.info(bench.uploaded())
    bench.files.download(file, tmp_path / "f", cap=10**6, progress=lambda: ticks.append(1))
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert ticks


def test_a_file_over_the_cap_is_refused(bench: Bench, tmp_path: Path) -> None:
    file = bench.files.info(bench.uploaded())
    with pytest.raises(Refused):
        bench.files.download(file, tmp_path / "f", cap=100)
    assert not (tmp_path / "f").exists()


def test_who_may_see_it(bench: Bench) -> None:
    public, private = bench.files.info(bench.uploaded()), bench.files.info(bench.uploaded(FINANCE))
    assert bench.files.may_see(ASKER, public)
    assert bench.files.may_see(TRAINER, private)
    assert bench.files.may_see(APPROVER, private)
    assert not bench.files.may_see(ASKER, private)


def test_nobody_of_another_workspace_is_in_a_channel_of_ours(bench: Bench) -> None:
    assert not bench.files.has_others(CLAIMS)
    assert not bench.files.has_others("C0NOWHERE1")


def test_a_file_that_is_gone(bench: Bench) -> None:
    file_id = bench.uploaded()
    bench.deleted(file_id)
    for each in (file_id, "F0NOWHERE1"):
        with pytest.raises(NotFound):
            bench.files.info(each)


def test_a_report_is_seen_once_it_is_shared(bench: Bench) -> None:
    file_id = bench.files.upload("report.json", b"{}")
    with pytest.raises(NotFound):
        bench.files.info(file_id)
    bench.files.share(file_id, channel=CLAIMS, thread_ts=None, title="report.json")
    assert CLAIMS in bench.files.info(file_id).channels


def test_a_file_goes_to_a_person_directly_with_why(bench: Bench) -> None:
    channel = "DTRAINER"
    if bench.slack:
        opened = posting_client(bench.slack.bot_token, bench.slack.api_url).conversations_open(users=TRAINER)
        channel = opened["channel"]["id"]
    file_id = bench.files.upload("report.json", CONTENT)
    bench.files.share(
        file_id, channel=channel, thread_ts=None, title="report.json", comment="It belongs elsewhere."
    )
    assert channel in bench.files.info(file_id).channels
    if bench.slack:
        said = [str(each["text"]) for each in bench.slack.person("trainer").sees(channel)]
        assert said == ["It belongs elsewhere."]
    if bench.twin:
        assert bench.twin.comments == {"report.json": "It belongs elsewhere."}


def test_our_files_in_a_thread_are_found(bench: Bench) -> None:
    """By their titles, and those alone that we shared in that thread."""
    root = bench.root()
    for name, thread in (("losses.png", root), ("elsewhere.png", None)):
        file_id = bench.files.upload(name, b"{}")
        bench.files.share(file_id, channel=CLAIMS, thread_ts=thread, title=name)
    bench.uploaded()
    since = FakeClock().now()
    assert bench.files.ours_in(CLAIMS, root, since=since) == {"losses.png"}
    assert bench.files.ours_in(CLAIMS, "1.000001", since=since) == set()


def test_several_files_are_shared_in_one_message(bench: Bench) -> None:
    first, second = (bench.files.upload(name, b"{}") for name in ("report.json", "report.html"))
    bench.files.share(
        first, channel=CLAIMS, thread_ts=None, title="report.json", also={second: "report.html"}
    )
    assert all(CLAIMS in bench.files.info(each).channels for each in (first, second))
    if bench.slack:
        posted = bench.slack.person("trainer").sees("claims-ai")
        [shown] = [each["files"] for each in posted if each.get("files")]
        assert [each["title"] for each in shown] == ["report.html", "report.json"]


def test_a_file_that_was_shared_is_not_shared_again_with_others(bench: Bench) -> None:
    first, second = (bench.files.upload(name, b"{}") for name in ("report.json", "report.html"))
    bench.files.share(first, channel=CLAIMS, thread_ts=None, title="report.json")
    if bench.twin:
        with pytest.raises(NotFound):
            bench.files.share(first, channel=CLAIMS, thread_ts=None, title="a", also={second: "b"})
        with pytest.raises(NotFound):
            bench.files.info(second)


# Only the stand-in has a network between


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=FakeClock()) as slack:
        yield slack


def fetch(slack: SlackStandIn, to: Path, content: bytes = CONTENT) -> None:
    file_id = slack.person("trainer").uploads("claims-ai", "claims.jsonl", content)["id"]
    files = adapter(slack)
    files.download(files.info(file_id), to, cap=10**6)


def test_a_redirect_within_slack(slack: SlackStandIn, tmp_path: Path) -> None:
    slack.faults.redirect_downloads = "same"
    fetch(slack, tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == CONTENT


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_a_redirect_elsewhere_is_not_followed(slack: SlackStandIn, tmp_path: Path, host: str) -> None:
    slack.faults.redirect_downloads = host
    with pytest.raises(Refused):
        fetch(slack, tmp_path / "f")


def test_a_body_that_is_cut(slack: SlackStandIn, tmp_path: Path) -> None:
    slack.faults.truncate_downloads = 100
    with pytest.raises(Unavailable):
        fetch(slack, tmp_path / "f")


def test_a_token_that_may_not_read_files(tmp_path: Path) -> None:
    with SlackStandIn(clock=FakeClock()) as slack:
        file_id = slack.person("trainer").uploads("claims-ai", "claims.jsonl", CONTENT)["id"]
        file = adapter(slack).info(file_id)
        client = posting_client(slack.bot_token, slack.api_url)
        other = SlackFiles(client, reading_client("xoxb-wrong", slack.api_url), slack.api_url, FakeClock())
        with pytest.raises(Misconfigured) as caught:
            other.download(file, tmp_path / "f", cap=10**6)
    assert "`files:read`" in caught.value.hint


def test_a_picture_is_described_for_whoever_cannot_see_it() -> None:
    with SlackStandIn(clock=FakeClock()) as slack:
        files = adapter(slack)
        file_id = files.upload("losses.png", b"PNG", alt_text="Line chart. " * 200)
        files.share(file_id, channel=CLAIMS, thread_ts=None, title="losses.png")
        [message] = slack.person("trainer").sees("claims-ai")
    assert message["files"][0]["alt_txt"] == ("Line chart. " * 200)[:1000]
