"""Files of people and of the app: who sees them, how they go up and come down."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import client_of, error_of, section

CHANNEL = "C0CLAIMSAI"


class Refuse(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def get(url: str, token: str | None, *, follow: bool = True) -> tuple[int, bytes, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    opener = urllib.request.build_opener() if follow else urllib.request.build_opener(Refuse)
    try:
        with opener.open(urllib.request.Request(url, headers=headers)) as response:
            return response.status, response.read(), dict(response.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_describes_a_shared_file(client: WebClient, trainer: Person) -> None:
    file = trainer.uploads("claims-ai", "train.jsonl", b'{"a": 1}\n', "look")
    found = client.files_info(file=file["id"])["file"]
    assert (found["name"], found["size"], found["user"]) == ("train.jsonl", 9, trainer.id)
    assert found["channels"] == [CHANNEL]
    share = found["shares"]["public"][CHANNEL][0]
    assert share["ts"] == trainer.sees("claims-ai")[0]["ts"]


def test_a_file_in_a_private_channel_or_direct_messages(client: WebClient, trainer: Person) -> None:
    private = trainer.uploads("finance-private", "a.csv", b"1")
    direct = trainer.uploads(trainer.dm, "b.csv", b"2")
    assert client.files_info(file=private["id"])["file"]["groups"] == ["C0FINANCE1"]
    found = client.files_info(file=direct["id"])["file"]
    assert (found["ims"], found["is_public"]) == ([trainer.dm], False)


def test_sees_only_files_of_its_channels(slack: SlackStandIn, client: WebClient) -> None:
    approver = slack.person("approver")
    elsewhere = [approver.uploads(channel, "x.txt", b"1")["id"] for channel in ("general", "board", None)]
    for file_id in [*elsewhere, "F0NOTHERE"]:
        assert error_of(client.files_info, file=file_id) == "file_not_found"


def test_says_that_a_file_was_deleted(client: WebClient, trainer: Person) -> None:
    file = trainer.uploads("claims-ai", "x.txt", b"1")
    trainer.deletes_file(file["id"])
    assert error_of(client.files_info, file=file["id"]) == "file_deleted"
    assert trainer.sees("claims-ai")[0]["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert get(file["url_private_download"], "xoxb-000000000000-playground", follow=False)[0] == 302


def test_downloads_with_the_bots_token(slack: SlackStandIn, trainer: Person) -> None:
    file = trainer.uploads("claims-ai", "a b.jsonl", b"the bytes")
    for key in ("url_private", "url_private_download"):
        status, content, headers = get(file[key], slack.bot_token)
        assert (status, content, headers["Content-Length"]) == (200, b"the bytes", "9")


def test_a_stranger_gets_the_login_page(slack: SlackStandIn, trainer: Person) -> None:
    url = trainer.uploads("claims-ai", "a.txt", b"1")["url_private_download"]
    for token in (None, "xoxb-other"):
        status, content, headers = get(url, token)
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert content.startswith(b"<!DOCTYPE html>")
    assert get(url, None, follow=False)[0] == 302


def test_without_files_read_the_bot_is_a_stranger() -> None:
    with SlackStandIn(scopes=["chat:write"]) as slack:
        url = slack.person("trainer").uploads("claims-ai", "a.txt", b"1")["url_private_download"]
        status, content, _ = get(url, slack.bot_token)
    assert (status, content[:9]) == (200, b"<!DOCTYPE")


@pytest.mark.parametrize("target", ["same", "localhost"])
def test_redirects_a_download_when_told_to(slack: SlackStandIn, trainer: Person, target: str) -> None:
    slack.faults.redirect_downloads = target
    url = trainer.uploads("claims-ai", "a.txt", b"1")["url_private_download"]
    status, _, headers = get(url, slack.bot_token, follow=False)
    location = headers["Location"]
    assert status == 302
    assert ("localhost" in location) is (target == "localhost")
    assert get(location.replace("localhost", "127.0.0.1"), slack.bot_token)[1] == b"1"
    assert get(location.replace("localhost", "127.0.0.1"), None)[1].startswith(b"<!DOCTYPE")


def test_cuts_a_download_when_told_to(slack: SlackStandIn, trainer: Person) -> None:
    slack.faults.truncate_downloads = 3
    url = trainer.uploads("claims-ai", "a.txt", b"123456")["url_private_download"]
    assert get(url, slack.bot_token)[1] == b"123"


def test_uploads_with_the_sdk(client: WebClient, trainer: Person) -> None:
    parent = trainer.says("claims-ai", "send it")
    answer = client.files_upload_v2(
        filename="fixed.jsonl",
        content="{}\n",
        channel=CHANNEL,
        thread_ts=parent["ts"],
        initial_comment="here",
    )
    assert answer["file"]["shares"] == {}
    reply = trainer.thread(parent)[1]
    assert (reply["text"], reply["subtype"], reply["files"][0]["name"]) == (
        "here",
        "file_share",
        "fixed.jsonl",
    )
    assert trainer.downloads(answer["file"]["id"]) == b"{}\n"
    assert client.files_info(file=answer["file"]["id"])["file"]["shares"]["public"][CHANNEL][0]["thread_ts"]


def test_uploads_step_by_step(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    begun = client.files_getUploadURLExternal(filename="a.png", length=3)
    ids = [{"id": begun["file_id"], "title": "A picture"}]
    early = error_of(client.files_completeUploadExternal, files=ids, channel_id=CHANNEL)
    assert early == "file_not_found"
    with pytest.raises(HTTPError) as refusal:
        urllib.request.urlopen(urllib.request.Request(begun["upload_url"], b"four"))
    with refusal.value as response:
        assert response.code == 400
    with urllib.request.urlopen(urllib.request.Request(begun["upload_url"], b"abc")) as response:
        assert response.read() == b"OK - 3"
    assert (
        error_of(client.files_completeUploadExternal, files=ids, channel_id="claims-ai")
        == "channel_not_found"
    )
    assert (
        error_of(client.files_completeUploadExternal, files=ids, channel_id="C0GENERAL1") == "not_in_channel"
    )
    blocks = json.dumps([section("with blocks")])
    client.files_completeUploadExternal(files=ids, channel_id=CHANNEL, blocks=blocks)
    message = trainer.sees("claims-ai")[0]
    assert (message["files"][0]["title"], message["blocks"][0]["text"]["text"]) == (
        "A picture",
        "with blocks",
    )


def upload(client: WebClient, name: str) -> str:
    """Upload a file without sharing it, and return its ID."""
    begun = client.files_getUploadURLExternal(filename=name, length=3)
    with urllib.request.urlopen(urllib.request.Request(begun["upload_url"], b"abc")):
        client.files_completeUploadExternal(files=[{"id": begun["file_id"], "title": name}])
    return str(begun["file_id"])


def picture(file_id: str) -> dict[str, object]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Losses fall."}


def test_a_picture_in_a_message_is_seen_by_whoever_reads_the_message(
    slack: SlackStandIn, client: WebClient, trainer: Person
) -> None:
    curve, own, asker = upload(client, "curve.png"), upload(client, "own.png"), slack.person("asker")
    with pytest.raises(KeyError):
        trainer.downloads(curve)
    client.chat_postMessage(channel=CHANNEL, text="It is trained.", blocks=[picture(curve)])
    client.chat_postEphemeral(channel=CHANNEL, user=trainer.id, text="Yours.", blocks=[picture(own)])
    assert trainer.downloads(curve) == asker.downloads(curve) == b"abc"
    assert trainer.downloads(own) == b"abc"
    with pytest.raises(KeyError):
        asker.downloads(own)


def test_refuses_empty_uploads(client: WebClient) -> None:
    assert error_of(client.files_getUploadURLExternal, filename="a", length=0) == "missing_argument"
    assert error_of(client.api_call, "files.getUploadURLExternal", params={"length": 1}) == "missing_argument"
    long_text = "x" * 1_001
    assert (
        error_of(client.files_getUploadURLExternal, filename="a", length=1, alt_txt=long_text)
        == "alt_txt_too_large"
    )


def test_deletes_its_own_files(slack: SlackStandIn, trainer: Person) -> None:
    client = client_of(slack)
    file_id = client.files_upload_v2(filename="a", content="x", channel=CHANNEL)["file"]["id"]
    client.files_delete(file=file_id)
    assert error_of(client.files_info, file=file_id) == "file_deleted"
    theirs = trainer.uploads("claims-ai", "b", b"x")["id"]
    assert error_of(client.files_delete, file=theirs) == "cant_delete_file"
