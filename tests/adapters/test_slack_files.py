from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_download import Origins
from bot.adapters.slack_files import SlackFiles
from bot.controller.shared_files import SlackFile
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable, UnknownOutcome
from tests.adapters.slack_server import Answer, SlackServer, error
from tests.doubles.clock import FakeClock

CONTENT = b'{"messages": []}\n' * 40_000
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"
PATH = "/files-pri/T1-F1/download/claims.jsonl"
FULL = Path("/dev/full")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        yield server


@pytest.fixture
def files(slack: SlackServer) -> SlackFiles:
    clients = posting_client("xoxb-1", slack.base_url), reading_client("xoxb-1", slack.base_url)
    return SlackFiles(*clients, slack.base_url, FakeClock())


def file_at(url: str, **more: Any) -> SlackFile:
    fields: dict[str, Any] = {
        "id": "F1",
        "name": "claims.jsonl",
        "size": len(CONTENT),
        "user": "U1",
        "mode": "hosted",
        "is_external": False,
        "url": url,
    }
    return SlackFile(**fields | more)


def sent(body: bytes, kind: str = "application/octet-stream", status: int = 200, **headers: str) -> Answer:
    return Answer(
        body, status, {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


# files.info


def test_info_says_where_a_file_is_shared(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up(
        "files.info",
        Answer(
            {
                "ok": True,
                "file": {
                    "id": "F1",
                    "name": "claims.jsonl",
                    "size": 12,
                    "user": "U1",
                    "mode": "hosted",
                    "is_external": False,
                    "url_private": "https://files.slack.com/a",
                    "url_private_download": "https://files.slack.com/a/download",
                    "channels": ["C1"],
                    "groups": ["G1"],
                    "ims": ["D1"],
                    "shares": {"public": {"C1": [], "C2": []}, "private": {"G1": [], "G2": []}},
                },
            }
        ),
    )
    file = files.info("F1")
    assert slack.calls("files.info") == [{"file": "F1"}]
    assert file.public_channels == ("C1", "C2")
    assert file.private_channels == ("G1", "D1", "G2")
    assert file.url == "https://files.slack.com/a/download"
    assert file.is_readable


@pytest.mark.parametrize(
    "more",
    [
        {"is_external": True, "mode": "external"},
        {"mode": "tombstone"},
        {"mode": "hidden_by_limit"},
        {"mode": "file_access"},
        {"url_private": ""},
    ],
    ids=str,
)
def test_what_has_no_bytes_in_slack_is_not_readable(
    slack: SlackServer, files: SlackFiles, more: dict[str, Any]
) -> None:
    found = {"id": "F1", "mode": "hosted", "url_private": "https://files.slack.com/a", "size": 0} | more
    slack.line_up("files.info", Answer({"ok": True, "file": found}))
    assert not files.info("F1").is_readable


@pytest.mark.parametrize("name", ["file_not_found", "file_deleted", "not_visible"])
def test_a_file_that_is_gone(slack: SlackServer, files: SlackFiles, name: str) -> None:
    slack.line_up("files.info", error(name))
    with pytest.raises(NotFound) as caught:
        files.info("F1")
    assert caught.value.hint


# Who may see it


def test_the_owner_may_without_a_question(slack: SlackServer, files: SlackFiles) -> None:
    assert files.may_see("U1", file_at(""))
    assert slack.requests == []


def test_who_reads_along_from_other_workspaces(slack: SlackServer, files: SlackFiles) -> None:
    for channel, others in (
        ({"is_ext_shared": True}, True),
        ({"is_pending_ext_shared": True}, True),
        ({"is_ext_shared": False, "is_org_shared": True}, True),
        ({"is_ext_shared": False, "is_org_shared": False}, False),
    ):
        slack.line_up("conversations.info", Answer({"ok": True, "channel": channel}))
        assert files.has_others("C1") is others
    slack.line_up("conversations.info", error("channel_not_found"))
    assert not files.has_others("C1"), "nothing that we say is read there"


US = {"ok": True, "user_id": "UBOT", "team_id": "T1"}


def test_every_member_may_see_a_public_channel(slack: SlackServer, files: SlackFiles) -> None:
    slack.always["auth.test"] = Answer(US)
    slack.line_up("users.info", Answer({"ok": True, "user": {"id": "U2", "team_id": "T1"}}))
    assert files.may_see("U2", file_at("", public_channels=("C1",)))


@pytest.mark.parametrize(
    "person",
    [
        {"team_id": "T1", "is_restricted": True},
        {"team_id": "T1", "is_ultra_restricted": True},
        {"team_id": "T1", "is_stranger": True},
        {"team_id": "T2"},
        {},
    ],
)
def test_guests_and_people_of_other_workspaces_must_be_in_the_channel_even_there(
    slack: SlackServer, files: SlackFiles, person: dict[str, object]
) -> None:
    slack.always["auth.test"] = Answer(US)
    slack.always["users.info"] = Answer({"ok": True, "user": {"id": "U2"} | person})
    slack.line_up(
        "conversations.members",
        Answer({"ok": True, "members": ["U1"]}),
        Answer({"ok": True, "members": ["U2"]}),
    )
    file = file_at("", public_channels=("C1",))
    assert not files.may_see("U2", file)
    assert files.may_see("U2", file)


def test_members_of_a_private_channel_may_on_any_page(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up(
        "conversations.members",
        Answer({"ok": True, "members": ["U3"], "response_metadata": {"next_cursor": "more"}}),
        Answer({"ok": True, "members": ["U2"], "response_metadata": {"next_cursor": ""}}),
    )
    assert files.may_see("U2", file_at("", private_channels=("G1",)))
    assert [call.get("cursor") for call in slack.calls("conversations.members")] == [None, "more"]


def test_others_may_not(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up(
        "conversations.members", error("channel_not_found"), Answer({"ok": True, "members": ["U3"]})
    )
    assert not files.may_see("U2", file_at("", private_channels=("G1", "G2")))


def test_a_missing_scope_is_not_taken_for_no(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up("conversations.members", error("missing_scope", needed="groups:read"))
    with pytest.raises(Misconfigured, match="groups:read"):
        files.may_see("U2", file_at("", private_channels=("G1",)))


# Downloading


def test_a_file_is_streamed_to_disk(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = sent(CONTENT)
    ticks: list[int] = []
    files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9, progress=lambda: ticks.append(1))
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert len(ticks) > 1
    assert slack.requests[-1].headers["Authorization"] == "Bearer xoxb-1"


def test_redirects_within_slack_keep_the_token(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = sent(b"", status=302, Location="/elsewhere")
    slack.always["/elsewhere"] = sent(CONTENT)
    files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)
    assert slack.requests[-1].method == "/elsewhere"
    assert slack.requests[-1].headers["Authorization"] == "Bearer xoxb-1"


def test_the_token_never_leaves_slack(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    with SlackServer().running() as stranger:
        slack.always[PATH] = sent(b"", status=302, Location=f"{stranger.origin}/steal")
        with pytest.raises(Refused, match="not kept by Slack"):
            files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)
        assert stranger.requests == []
    assert not (tmp_path / "f").exists()


def test_three_redirects_are_enough(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = sent(b"", status=302, Location=PATH)
    with pytest.raises(Misconfigured):
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)
    assert len(slack.requests) == 4


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_the_login_page_names_the_scope(
    slack: SlackServer, files: SlackFiles, tmp_path: Path, kind: str
) -> None:
    slack.always[PATH] = sent(b"", status=302, Location="/login")
    slack.always["/login"] = sent(LOGIN, kind)
    with pytest.raises(Misconfigured) as caught:
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)
    assert "`files:read`" in caught.value.hint


def test_a_login_page_that_is_larger_than_the_file(
    slack: SlackServer, files: SlackFiles, tmp_path: Path
) -> None:
    slack.always[PATH] = sent(LOGIN, "text/html")
    with pytest.raises(Misconfigured):
        files.download(file_at(slack.origin + PATH, size=5), tmp_path / "f", cap=10**9)


def test_a_person_s_own_page_is_no_login_page(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = sent(LOGIN, "text/html")
    files.download(file_at(slack.origin + PATH, size=len(LOGIN)), tmp_path / "f", cap=10**9)
    assert (tmp_path / "f").read_bytes() == LOGIN


@pytest.mark.parametrize("body", [CONTENT[:-1], CONTENT + b"x", b""], ids=["short", "long", "empty"])
def test_what_is_not_the_whole_file_is_fetched_again(
    slack: SlackServer, files: SlackFiles, tmp_path: Path, body: bytes
) -> None:
    slack.always[PATH] = sent(body)
    with pytest.raises(Unavailable):
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)


def test_a_connection_that_breaks(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = Answer(CONTENT[:-10], headers={"Content-Length": str(len(CONTENT))})
    with pytest.raises(Unavailable):
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, Misconfigured),
        (403, Misconfigured),
        (404, NotFound),
        (410, NotFound),
        (429, Throttled),
        (500, Unavailable),
    ],
)
def test_what_a_status_means(
    slack: SlackServer, files: SlackFiles, tmp_path: Path, status: int, expected: type[Exception]
) -> None:
    slack.always[PATH] = sent(b"no", status=status, Retry_After="9")
    with pytest.raises(expected):
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=10**9)


def test_a_file_over_the_cap_is_not_begun(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        files.download(file_at(slack.origin + PATH), tmp_path / "f", cap=100)
    assert slack.requests == []


def test_a_full_disk_is_the_operator_s(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.always[PATH] = sent(CONTENT)
    with pytest.raises(Misconfigured, match="disk"):
        files.download(file_at(slack.origin + PATH), tmp_path / "missing" / "f", cap=10**9)


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("body", [b"x" * 100, b"x" * 300_000], ids=["small", "large"])
def test_a_disk_that_fills_up_meanwhile_is_the_operator_s(
    slack: SlackServer, files: SlackFiles, body: bytes
) -> None:
    slack.always[PATH] = sent(body)
    with pytest.raises(Misconfigured, match="disk"):
        files.download(file_at(slack.origin + PATH, size=len(body)), FULL, cap=10**9)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x", True),
        ("https://slack.com/x", True),
        ("https://a.slack-edge.com/x", True),
        ("https://slack-files.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com:8443/x", False),
        ("https://slack.com.evil.example/x", False),
        ("https://evilslack.com/x", False),
        ("https://evil.example/slack.com", False),
        ("https://slack.com@evil.example/x", False),
        ("ftp://files.slack.com/x", False),
        ("file:///etc/passwd", False),
        ("http://127.0.0.1:1/x", False),
        ("https://files.slack.com:port/x", False),
        ("", False),
    ],
)
def test_where_the_token_may_go(url: str, allowed: bool) -> None:
    assert Origins("https://slack.com/api/").allow(url) is allowed


def test_another_slack_has_other_hosts() -> None:
    government = Origins("https://slack-gov.com/api/")
    assert government.allow("https://files.slack-gov.com/x")
    local = Origins("http://127.0.0.1:5000/api/")
    assert local.allow("http://127.0.0.1:5000/files/x")
    assert not local.allow("http://127.0.0.1:5001/files/x")
    assert not local.allow("https://127.0.0.1:5000/files/x")


# Sending


def test_a_report_is_uploaded_and_shared(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up(
        "files.getUploadURLExternal",
        Answer({"ok": True, "upload_url": f"{slack.origin}/upload/v1/x", "file_id": "F9"}),
    )
    assert files.upload("report.json", b"{}") == "F9"
    files.share("F9", channel="C1", thread_ts="1.0", title="report.json")
    assert slack.calls("files.getUploadURLExternal") == [{"filename": "report.json", "length": "2"}]
    [posted] = [each for each in slack.requests if each.method == "/upload/v1/x"]
    assert posted.body == b"{}"
    assert "Authorization" not in posted.headers
    assert slack.calls("files.completeUploadExternal") == [
        {"files": [{"id": "F9", "title": "report.json"}], "channel_id": "C1", "thread_ts": "1.0"}
    ]


def test_a_file_is_sent_as_what_its_name_says(slack: SlackServer, files: SlackFiles) -> None:
    kinds = {
        "report.html": "text/html; charset=utf-8",
        "report.JSON": "application/json",
        "curve.png": "image/png",
        "claims.repaired.jsonl": "application/octet-stream",
        "html": "application/octet-stream",
    }
    for name in kinds:
        slack.line_up(
            "files.getUploadURLExternal",
            Answer({"ok": True, "upload_url": f"{slack.origin}/upload/v1/{name}", "file_id": "F9"}),
        )
        files.upload(name, b"{}")
    sent_as = {
        each.method.rpartition("/")[2]: each.headers["Content-Type"]
        for each in slack.requests
        if each.method.startswith("/upload/")
    }
    assert sent_as == kinds


def test_files_that_belong_together_are_shared_in_one_call(slack: SlackServer, files: SlackFiles) -> None:
    files.share("F9", channel="C1", thread_ts="1.0", title="report.json", also={"F8": "report.html"})
    assert slack.calls("files.completeUploadExternal") == [
        {
            "files": [{"id": "F8", "title": "report.html"}, {"id": "F9", "title": "report.json"}],
            "channel_id": "C1",
            "thread_ts": "1.0",
        }
    ]


def test_a_file_on_the_disk_is_sent_as_it_lies(slack: SlackServer, files: SlackFiles, tmp_path: Path) -> None:
    slack.line_up(
        "files.getUploadURLExternal",
        Answer({"ok": True, "upload_url": f"{slack.origin}/upload/v1/x", "file_id": "F9"}),
    )
    path = tmp_path / "corrected.jsonl"
    path.write_bytes(b'{"a": 1}\n' * 50_000)
    assert files.upload("claims.repaired.jsonl", path) == "F9"
    [ticket] = slack.calls("files.getUploadURLExternal")
    assert ticket == {"filename": "claims.repaired.jsonl", "length": "450000"}
    [posted] = [each for each in slack.requests if each.method == "/upload/v1/x"]
    assert posted.body == path.read_bytes()


def test_bytes_that_do_not_arrive_are_sent_again(slack: SlackServer, files: SlackFiles) -> None:
    ticket = Answer({"ok": True, "upload_url": f"{slack.origin}/upload/v1/x", "file_id": "F9"})
    slack.always["files.getUploadURLExternal"] = ticket
    slack.line_up("/upload/v1/x", Answer(b"", 500), Answer(drop=True))
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            files.upload("report.json", b"{}")
        assert not isinstance(caught.value, UnknownOutcome)


def test_sharing_that_is_unclear_says_so(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up("files.completeUploadExternal", Answer(drop=True))
    with pytest.raises(UnknownOutcome):
        files.share("F9", channel="C1", thread_ts=None, title="report.json")


def test_an_upload_address_outside_of_slack_is_refused(slack: SlackServer, files: SlackFiles) -> None:
    slack.line_up(
        "files.getUploadURLExternal",
        Answer({"ok": True, "upload_url": "https://evil.example/x", "file_id": "F9"}),
    )
    with pytest.raises(Refused):
        files.upload("report.json", b"{}")
