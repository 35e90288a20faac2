"""Files by the names that people know them by, and a word about those that are no datasets as they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.access import Access
from bot.datasets.model import Role
from bot.uploads.lineage import KnownFile
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import BOT, CHANNEL, USER, Door, Json, buttons, make_door, words
from tests.handlers.test_distill import plan
from tests.handlers.test_events import mention, received, shared
from tests.unit.jobs.samples import dataset


def history(*names: str, user: str = USER) -> Json:
    """Return a channel in which these files were shared, the newest first."""
    messages = [
        {"user": user, "ts": f"{1000 - place}.0", "files": [{"id": f"F0HIST{place}", "name": name}]}
        for place, name in enumerate(names)
    ]
    return {"ok": True, "messages": messages}


def judged(name: str, at: float, file_id: str = "F0JUDGED") -> KnownFile:
    return KnownFile(file_id, name, datetime.fromtimestamp(at, UTC))


# By name


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("claims.jsonl", "F0HIST1"),
        ("claims", "F0HIST1"),
        ("NOTES.csv", "F0HIST2"),
        ("my plans.jsonl", "F0HIST3"),
        ('"my plans"', "F0HIST3"),
        ("“my plans.jsonl” for nova-lite", "F0HIST3"),
    ],
)
def test_a_file_that_i_shared_is_found_by_its_name(door: Door, typed: str, found: str) -> None:
    door.client.answers["conversations.history"] = history(
        "other.jsonl", "claims.jsonl", "notes.csv", "my plans.jsonl"
    )

    door.command(f"validate {typed}")

    assert [each[0] for each in door.uploads.calls] == [found], door.said
    assert "I am looking at `" in door.said


def test_of_a_file_its_copies_and_what_was_judged_in_threads_the_newest_is_meant_and_named(
    door: Door,
) -> None:
    door.client.answers["conversations.history"] = history("claims-fixed.jsonl", "claims.jsonl")
    door.uploads.judged = [judged("claims.repaired.jsonl", 999.5)]  # type: ignore[misc]
    door.command("validate claims")
    assert (door.uploads.calls[-1][0], "`claims-fixed.jsonl`" in door.said) == ("F0HIST0", True)

    door.webhooks.clear()
    door.uploads.judged = [judged("claims.repaired.jsonl", 1001)]  # type: ignore[misc]
    door.command("validate claims as validation")
    assert (door.uploads.calls[-1][0], "`claims.repaired.jsonl`" in door.said) == ("F0JUDGED", True)
    assert door.uploads.calls[-1][5] is Role.VALIDATION


def test_what_was_judged_is_found_where_the_channel_cannot_be_looked_through(door: Door) -> None:
    door.client.answers["conversations.history"] = {"ok": False, "error": "not_in_channel"}
    door.uploads.judged = [judged("claims.jsonl", 1)]  # type: ignore[misc]

    door.command("validate claims")
    assert received(door)[0][0] == "F0JUDGED"

    door.webhooks.clear()
    door.command("validate plans")
    assert "/invite" in door.said


def test_a_dataset_is_the_file_that_it_was_kept_from(door: Door) -> None:
    door.command("validate claims")

    assert received(door)[0][0] == dataset().source.file_id


def test_a_misspelt_file_gets_the_nearest_name(door: Door) -> None:
    door.client.answers["conversations.history"] = history("claims.jsonl")

    door.command("validate clams.jsonl")

    assert "Did you mean `claims.jsonl`?" in door.said
    assert door.uploads.calls == []


def test_a_file_of_somebody_else_is_not_mine(door: Door) -> None:
    door.client.answers["conversations.history"] = history("plans.jsonl", user="UOTHER")

    door.command("validate plans.jsonl")

    assert "none is called `plans.jsonl`" in door.said


@pytest.mark.parametrize(
    "command", ["start claims", "dataset claims", "split claims", "convert claims for nova-lite"]
)
def test_a_dataset_that_is_there_only_as_a_copy_is_found_by_the_name_of_its_file(
    door: Door, command: str
) -> None:
    door.datasets.datasets = [dataset("claims.repaired", sha256="cd" * 32)]

    door.command(command)

    said = words(door.opened) if command.startswith("start") else door.said
    assert "There is no dataset" not in said


def test_prompts_are_found_by_name_and_the_newest_may_be_plain_lines(door: Door) -> None:
    door.client.answers["conversations.history"] = history("cat.png", "prompts.txt", "empty.jsonl")
    door.command("distill with nova-pro")
    assert plan(door)["source"]["file_id"] == "F0HIST1"
    assert "the prompts of `prompts.txt`" in door.said


def test_prompts_by_name(door: Door) -> None:
    door.client.answers["conversations.history"] = history("newer.jsonl", "prompts.txt")
    door.command("distill prompts.txt with nova-pro")
    assert plan(door)["source"]["file_id"] == "F0HIST1"


# A word about what is no dataset as it is


def told(door: Door) -> list[str]:
    return [words(each) for each in door.client.calls("chat.postEphemeral")]


@pytest.mark.parametrize("name", ["claims.csv", "CLAIMS.TSV", "claims.csv.gz"])
def test_a_table_gets_a_word_and_a_press_has_it_judged_in_its_thread(door: Door, name: str) -> None:
    door.event(shared(name))

    assert received(door) == []
    (said,) = door.client.calls("chat.postEphemeral")
    assert said["user"] == USER
    assert f"`{name}`" in words(said)
    assert "`prompt` and `completion`" in words(said)
    ((action, value),) = buttons(said)
    door.press(action, value, container={"type": "message", "is_ephemeral": True}, message={})
    assert received(door) == [("F00", CHANNEL, "10.1", USER)]


def test_several_tables_have_a_button_each(door: Door) -> None:
    door.event(shared("a.csv", "b.csv", "cat.png"))

    (said,) = door.client.calls("chat.postEphemeral")
    assert [value for _, value in buttons(said)] == ["F00 10.1", "F01 10.1"]
    door.press(*buttons(said)[1])
    assert received(door) == [("F01", CHANNEL, "10.1", USER)]


def test_a_word_about_a_table_is_said_each_time_and_about_a_document_once_a_day(door: Door) -> None:
    for ts in ("10.1", "11.1"):
        for name in ("claims.csv", "claims.xlsx", "terms.pdf"):
            door.event(shared(name, ts=f"{ts}{len(name)}"))

    said = told(door)
    assert [len([each for each in said if name in each]) for name in ("csv`", "xlsx`", "pdf`")] == [2, 2, 1]


@pytest.mark.parametrize(
    ("name", "word"),
    [("claims.xlsx", "CSV UTF-8"), ("claims.ods", "CSV UTF-8"), ("terms.pdf", "save it as CSV")],
)
@pytest.mark.parametrize("by", ["itself", "mention"])
def test_a_workbook_or_document_gets_a_word_what_to_do(door: Door, name: str, word: str, by: str) -> None:
    event = shared(name)
    if by == "mention":
        event = mention(f"<@{BOT}> check this", files=event["files"])
    door.event(event)

    (said,) = told(door)
    assert f"`{name}`" in said
    assert word in said
    assert received(door) == []
    assert door.questions.asked == []


@pytest.mark.parametrize("name", ["cat.png", "notes.txt", "clip.mp4", "nothing"])
def test_other_files_are_left_alone(door: Door, name: str) -> None:
    door.event(shared(name))

    assert door.client.made == []


@pytest.mark.parametrize("name", ["claims.csv", "claims.xlsx", "terms.pdf"])
def test_whoever_may_not_have_files_judged_is_not_invited_to(name: str) -> None:
    door = make_door(Access(trainers=frozenset({"UBOSS"}), people=FakeMemberships()))
    door.event(shared(name))

    assert told(door) == []


@pytest.mark.parametrize("changes", [{"bot_id": "BOTHER"}, {"subtype": "message_changed", "hidden": True}])
def test_files_of_bots_and_edits_get_no_word(door: Door, changes: dict[str, Any]) -> None:
    door.event(shared("claims.csv") | changes)

    assert door.client.made == []
