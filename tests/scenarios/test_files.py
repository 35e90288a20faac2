"""Every way in which a file reaches the bot, and every file that is not taken."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from bot.playground.narration import buttons, text_of
from bot.playground.slack import Person
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, CLAIMS, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


# The ways in


def _by_upload_in_a_channel(house: House) -> Json:
    message = house.uploads()
    return house.waits(button="dataset.start", thread=message["ts"])


def _by_upload_in_a_channel_that_partners_are_in(house: House) -> Json:
    house.slack.joins("pat", "partner", CHANNEL)
    return _by_upload_in_a_channel(house)


def _by_upload_in_a_direct_message(house: House) -> Json:
    where = house.trainer.dm
    house.trainer.uploads(where, "claims.jsonl", CLAIMS)
    message = house.trainer.sees(where)[-1]
    return house.waits(button="dataset.start", thread=message["ts"], where=where)


def _by_permalink_from_another_channel(house: House) -> Json:
    file = house.trainer.uploads("finance-private", "claims.txt", CLAIMS)
    house.trainer.slash("/tune", f"validate {file['permalink']}")
    return house.waits(button="dataset.start")


def _by_id(house: House) -> Json:
    file = house.trainer.uploads(CHANNEL, "claims.txt", CLAIMS)
    house.trainer.slash("/tune", f"validate {file['id']} as train for claude-3-haiku")
    return house.waits(button="dataset.start")


def _by_being_the_newest_upload_here(house: House) -> Json:
    message = house.uploads()
    house.waits(button="dataset.start", thread=message["ts"])
    house.trainer.slash("/tune", "validate")
    said = house.waits("I am looking at `claims.jsonl`")
    return house.waits(button="dataset.start", after=said["ts"])


def _by_message_shortcut(house: House) -> Json:
    house.trainer.uploads(CHANNEL, "claims.txt", CLAIMS, "these are for training")
    message = house.trainer.sees(CHANNEL)[-1]
    house.trainer.uses_shortcut("validate_file", message)
    return house.waits(button="dataset.start", thread=message["ts"])


def _by_form(house: House) -> Json:
    house.trainer.slash("/tune", "validate")
    offer = house.waits(button="validate.form")
    house.trainer.clicks(offer, "validate.form")
    file = house.trainer.uploads(None, "claims.jsonl", CLAIMS)
    answer = house.trainer.submits(house.form(), {"file": [file["id"]]})
    assert not answer["errors"]
    return house.waits(button="dataset.start")


@pytest.mark.parametrize(
    "way",
    [
        _by_upload_in_a_channel,
        _by_upload_in_a_channel_that_partners_are_in,
        _by_upload_in_a_direct_message,
        _by_permalink_from_another_channel,
        _by_id,
        _by_being_the_newest_upload_here,
        _by_message_shortcut,
        _by_form,
    ],
)
def test_a_file_reaches_the_bot(house: House, way: Callable[[House], Json]) -> None:
    verdict = way(house)

    assert "ready" in text_of(verdict)
    assert f"<@{house.trainer.id}>" in text_of(verdict)
    stored = house.bedrock.log.of("PutObject", outcome="ok")
    assert len({call.parameters.get("Key", json.dumps(call.parameters)) for call in stored}) >= 1


def test_a_file_for_people_is_left_alone(house: House) -> None:
    house.trainer.uploads(CHANNEL, "minutes.pdf", b"%PDF-1.7 the minutes")
    house.slack.wait_until_delivered()
    house.lives()

    assert house.slack.log.calls("files.info") == []


# Files that are none


def _zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("claims.jsonl", CLAIMS)
    return sink.getvalue()


NO_DATASETS = {
    "html": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page, not a dataset"),
    "zip": (_zip(), "zip"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF document"),
    "csv": (b"question,answer\nWhere does it go?,queue-dental\n", "CSV"),
    "empty": (b"", "The file is empty"),
    "bytes": (b"\x00\x01\x02\xff\xfe" * 50, "error"),
}


def test_what_is_not_jsonl_is_refused_with_what_it_is(house: House, subtests: pytest.Subtests) -> None:
    house.dataset(name="good.jsonl")
    for kind, (content, words) in NO_DATASETS.items():
        with subtests.test(kind):
            message = house.uploads(content, f"{kind}.jsonl")
            verdict = house.waits(f"{kind}.jsonl", "not ready", words, thread=message["ts"])
            assert "dataset.start" not in buttons(verdict)

    house.trainer.slash("/tune", "datasets")
    house.waits("*Datasets*, newest first (1)", "`good`")  # as it was, and alone


# Files that cannot be had


def test_a_file_over_the_limit_is_not_even_fetched(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_MAX_FILE_BYTES="1000")
    message = house.uploads()

    house.waits("at most 1,000", "TUNESMITH_MAX_FILE_BYTES", thread=message["ts"])

    assert house.slack.log.of("download") == []
    house.lives()


def test_a_deleted_file_is_named_as_such(house: House) -> None:
    file = house.trainer.uploads(CHANNEL, "notes.txt", CLAIMS)
    house.trainer.deletes_file(file["id"])
    house.trainer.slash("/tune", f"validate {file['id']}")

    house.waits("could not take it in", "deleted")
    house.lives()


def test_a_file_that_never_was_is_named_as_such(house: House) -> None:
    house.trainer.slash("/tune", "validate F0NEVERWAS")

    house.waits("could not take it in")
    house.lives()


def test_nobody_reads_a_file_through_the_bot_that_they_cannot_see(house: House) -> None:
    secret = house.approver.uploads("finance-private", "layoffs-2027.txt", CLAIMS)
    house.asker.slash("/tune", f"validate {secret['id']}")

    house.waits("you cannot", by=house.asker)

    assert house.slack.log.of("download") == []
    assert not _mentions(house.asker, "layoffs")


def _mentions(person: Person, word: str) -> bool:
    messages = [reply for message in person.sees(CHANNEL) for reply in person.thread(message)]
    return any(word in json.dumps(message) for message in messages)


def test_without_the_scope_the_operator_is_told_how_to_add_it(open_house: OpenHouse) -> None:
    house = open_house(slack={"scopes": _all_scopes_but("files:read")})
    file = house.trainer.uploads(CHANNEL, "claims.jsonl", CLAIMS)
    house.trainer.slash("/tune", f"validate {file['id']}")

    house.waits("files:read")
    house.lives()


def _all_scopes_but(left_out: str) -> list[str]:
    from handlers import manifest  # noqa: PLC0415

    scopes = manifest.build("socket", None)["oauth_config"]["scopes"]["bot"]
    return [scope for scope in scopes if scope != left_out]


def test_a_file_elsewhere_is_not_fetched_with_slacks_token(house: House) -> None:
    house.slack.faults.redirect_downloads = "evil.example"
    message = house.uploads()

    house.waits("not kept by Slack", thread=message["ts"])
    house.slack.faults.clear()
    house.dataset(name="again.jsonl")
