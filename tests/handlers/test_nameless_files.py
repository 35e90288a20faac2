"""Files of which an event has the ID alone, as in channels shared with other organisations: their names are asked for.

docs.slack.dev/reference/objects/file-object, *Slack Connect files*.
"""

from typing import Any

import pytest

from tests.handlers.door import BOT, CHANNEL, DIRECT, USER, Door, Json, words
from tests.handlers.test_events import mention, message, received


def nameless(*ids: str) -> list[Json]:
    """Return files as an event of a shared channel has them."""
    bare: Json = {
        "mode": "file_access",
        "file_access": "check_file_info",
        "created": 0,
        "timestamp": 0,
        "user": "",
    }
    return [bare | {"id": each} for each in ids or ("F00",)]


def dropped(*ids: str, **changes: Any) -> Json:
    return message(subtype="file_share", files=nameless(*ids)) | changes


def known_as(door: Door, name: str) -> None:
    """Have Slack say what the file is called."""
    door.client.answers["files.info"] = {"ok": True, "file": {"id": "F00", "name": name, "mode": "hosted"}}


@pytest.mark.parametrize("name", ["claims.jsonl", "CLAIMS.JSON.GZ"])
def test_a_dataset_is_taken_once_slack_has_said_its_name(door: Door, name: str) -> None:
    known_as(door, name)

    door.event(dropped())

    assert received(door) == [("F00", CHANNEL, "10.1", USER)]
    assert door.client.calls("files.info") == [{"file": "F00"}]


def test_slack_is_asked_only_after_the_event_is_acknowledged_and_once(door: Door) -> None:
    known_as(door, "claims.jsonl")

    door.event(dropped())
    door.event(dropped())

    assert len(door.client.calls("files.info")) == 1
    assert len(received(door)) == 1


@pytest.mark.parametrize("name", ["cat.png", "notes.txt"])
def test_other_files_are_left_alone(door: Door, name: str) -> None:
    known_as(door, name)

    door.event(dropped())

    assert received(door) == []
    assert [made for made, _ in door.client.made] == ["files.info"]


def test_a_table_gets_its_word(door: Door) -> None:
    known_as(door, "claims.csv")

    door.event(dropped())

    (said,) = door.client.calls("chat.postEphemeral")
    assert "`claims.csv` is a table" in words(said)


@pytest.mark.parametrize("error", ["file_not_found", "access_denied", "not_visible", "file_deleted"])
def test_a_file_that_slack_keeps_from_us_is_left_alone(door: Door, error: str) -> None:
    door.client.answers["files.info"] = {"ok": False, "error": error}

    assert door.event(dropped()).status == 200

    assert (received(door), door.client.calls("chat.postEphemeral")) == ([], [])


def test_one_that_slack_says_nothing_of_hides_no_other(door: Door) -> None:
    door.client.answers["files.info"] = {"ok": False, "error": "file_not_found"}
    named = {"id": "F0NAMED", "name": "claims.jsonl"}

    door.event(message(subtype="file_share", files=[*nameless(), named]))

    assert received(door) == [("F0NAMED", CHANNEL, "10.1", USER)]


def test_whoever_dropped_it_hears_that_slack_was_silent(door: Door) -> None:
    door.client.answers["files.info"] = {"ok": False, "error": "ratelimited"}

    door.event(dropped())

    (said,) = door.client.calls("chat.postEphemeral")
    assert "Slack did not tell me what your file is called" in words(said)


def test_beside_a_mention_it_is_a_file_that_is_to_be_judged(door: Door) -> None:
    door.event(mention(f"<@{BOT}> look", files=nameless()))

    assert received(door) == [("F00", CHANNEL, "10.1", USER)]
    assert door.questions.asked == []


def test_in_a_direct_message_no_name_is_needed(door: Door) -> None:
    door.event(dropped(channel=DIRECT, channel_type="im"))

    assert received(door) == [("F00", DIRECT, "10.1", USER)]
    assert door.client.made == []


def test_the_shortcut_takes_all_of_them(door: Door) -> None:
    door.shortcut("validate_file", {"ts": "10.1", "files": nameless("F00", "F01")})

    assert [each[0] for each in received(door)] == ["F00", "F01"]


def test_the_newest_upload_is_found_among_them(door: Door) -> None:
    door.client.answers["conversations.history"] = {
        "ok": True,
        "messages": [{"user": USER, "ts": "20.0", "files": nameless()}],
    }
    known_as(door, "claims.jsonl")

    door.command("validate")

    assert [each[0] for each in received(door)] == ["F00"]
    assert "I am looking at `claims.jsonl`" in door.said


def test_so_many_are_asked_for_and_no_more(door: Door) -> None:
    messages = [
        {"user": USER, "ts": f"{each}.0", "files": nameless(f"F0{each}")} for each in range(40, 20, -1)
    ]
    door.client.answers["conversations.history"] = {"ok": True, "messages": messages}
    known_as(door, "notes.txt")

    door.command("validate")

    assert len(door.client.calls("files.info")) == 10
