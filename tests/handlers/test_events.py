"""Events and shortcuts through the front door: taken in before they are acknowledged, once, and from people only."""

import logging
from typing import Any

import pytest

from bot.access import Access
from bot.errors import Unavailable
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import BOT, CHANNEL, DIRECT, USER, Door, Json, make_door, words


def message(text: str = "", channel: str = CHANNEL, **changes: Any) -> Json:
    kind = "im" if channel == DIRECT else "channel"
    event = {
        "type": "message",
        "channel": channel,
        "channel_type": kind,
        "user": USER,
        "team": "T1",
        "text": text,
        "ts": "10.1",
    }
    return event | changes


def shared(*names: str, channel: str = CHANNEL, **changes: Any) -> Json:
    files = [{"id": f"F0{number}", "name": name} for number, name in enumerate(names)]
    return message("look", channel, subtype="file_share", files=files, **changes)


def mention(text: str, **changes: Any) -> Json:
    return {
        "type": "app_mention",
        "channel": CHANNEL,
        "user": USER,
        "team": "T1",
        "text": text,
        "ts": "10.1",
    } | changes


def received(door: Door) -> list[tuple[Any, ...]]:
    return [call[:4] for call in door.uploads.calls]


@pytest.mark.parametrize(
    "name", ["claims.jsonl", "CLAIMS.JSONL", "claims.ndjson", "claims.json", "claims.jsonl.gz", "C.JSON.ZIP"]
)
def test_a_dataset_in_a_channel_is_answered_in_its_thread(door: Door, name: str) -> None:
    assert door.event(shared(name)).status == 200

    assert received(door) == [("F00", CHANNEL, "10.1", USER)]


def test_a_dataset_in_a_thread_is_answered_in_that_thread(door: Door) -> None:
    door.event(shared("claims.jsonl", thread_ts="9.0"))

    assert received(door) == [("F00", CHANNEL, "9.0", USER)]


@pytest.mark.parametrize("name", ["cat.png", "notes.txt", "jsonl", "notes.txt.gz", ".gz"])
def test_other_files_in_a_channel_are_left_alone(door: Door, name: str) -> None:
    door.event(shared(name))

    assert received(door) == []
    assert door.client.made == []


def test_a_table_with_a_mention_is_judged(door: Door) -> None:
    door.event(shared("claims.csv") | {"text": f"<@{BOT}> please"})
    assert door.client.made == [], "the mention's own event takes it"
    door.event(shared("claims.csv") | {"type": "app_mention", "text": f"<@{BOT}> please"})

    assert received(door) == [("F00", CHANNEL, "10.1", USER)]


def test_any_file_in_a_direct_message_is_looked_at(door: Door) -> None:
    door.event(shared("claims.txt", channel=DIRECT))

    assert received(door) == [("F00", DIRECT, "10.1", USER)]
    assert door.questions.asked == []


def test_a_message_in_a_direct_message_is_a_question_and_its_thread_a_conversation(door: Door) -> None:
    door.event(message("claims-router is 2 &lt; 3?", DIRECT))
    door.event(message("and <https://x.example|this>?", DIRECT, ts="11.0", thread_ts="10.1"))

    first, second = door.questions.asked
    assert (first.model, first.text, first.thread_ts, first.id) == (
        "claims-router",
        "is 2 < 3?",
        "10.1",
        "D1.10.1",
    )
    assert (second.model, second.text, second.thread_ts) == (None, "and this?", "10.1")


@pytest.mark.parametrize("said", ["help", "Hello!"])
def test_a_greeting_gets_help(door: Door, said: str) -> None:
    door.event(message(said, DIRECT))

    (call,) = door.client.calls("chat.postEphemeral")
    assert "All commands" in words(call)
    assert door.questions.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "BOTHER"},
        {"subtype": "bot_message", "bot_id": "BOTHER"},
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "channel_join"},
        {"subtype": "message_deleted"},
        {"user": None},
        {"user": BOT, "bot_id": "BBOT"},
        {"user": "USLACKBOT"},
    ],
)
def test_nobody_but_people_is_answered(door: Door, changes: Json) -> None:
    assert door.event(shared("claims.jsonl", channel=DIRECT) | changes).status == 200
    assert door.event(mention(f"<@{BOT}> hi", ts="12.0") | changes).status == 200

    assert received(door) == []
    assert door.questions.asked == []
    assert door.client.made == []


def test_small_talk_in_a_channel_is_left_alone(door: Door) -> None:
    door.event(message("claims-router is down"))

    assert door.questions.asked == []


@pytest.mark.parametrize(
    ("text", "model", "question"),
    [
        (f"<@{BOT}> what is a claim?", None, "what is a claim?"),
        (f"<@{BOT}|tunesmith>: claims-router Patient &amp; plan", "claims-router", "Patient & plan"),
        # What Slack's clients make links of while it is typed.
        (f"<@{BOT}> call <tel:+15550123456|+1 555 0123456>", None, "call +1 555 0123456"),
        (f"<@{BOT}> mail <mailto:a@b.example|a@b.example>", None, "mail a@b.example"),
        (f"<@{BOT}> see <http://b.example|b.example>", None, "see b.example"),
    ],
)
def test_a_mention_is_a_question(door: Door, text: str, model: str | None, question: str) -> None:
    door.event(mention(text))

    (asked,) = door.questions.asked
    assert (asked.model, asked.text, asked.thread_ts, asked.channel) == (model, question, "10.1", CHANNEL)


def test_a_mention_alone_gets_help(door: Door) -> None:
    door.event(mention(f"<@{BOT}>"))

    assert "All commands" in words(door.client.calls("chat.postEphemeral")[0])


def test_a_mention_with_a_dataset_is_the_upload_that_its_message_is(door: Door) -> None:
    event = shared("claims.jsonl")
    door.event(event)
    door.event(mention(f"<@{BOT}> check this", files=event["files"]))

    assert set(received(door)) == {("F00", CHANNEL, "10.1", USER)}
    assert door.questions.asked == []


EDITS: dict[str, Json] = {
    "a question": {"text": f"<@{BOT}> claims-router what is due?"},
    "a command": {"text": f"<@{BOT}> /tune jobs"},
    "a file": {"files": [{"id": "F00", "name": "claims.jsonl"}]},
}


@pytest.mark.parametrize("said", EDITS)
def test_a_mention_that_is_added_a_moment_later_counts(door: Door, said: str) -> None:
    door.event(mention(f"<@{BOT}> hi", edited={"user": USER, "ts": "70.0"}) | EDITS[said])

    assert door.questions.asked or door.uploads.calls or door.client.calls("chat.postEphemeral")


@pytest.mark.parametrize("edited", [{"ts": "90000.0"}, {"ts": "x"}, {}, {"user": USER}, "yes", {"ts": None}])
@pytest.mark.parametrize("said", EDITS)
def test_a_word_that_is_mended_in_an_old_mention_asks_nothing_anew(
    door: Door, said: str, edited: object
) -> None:
    """Slack tells of a mention once more whenever its message is edited, and nobody remembers it after a day."""
    door.event(mention(f"<@{BOT}> hi", edited=edited or {"none": True}) | EDITS[said])

    assert (door.questions.asked, door.uploads.calls, door.client.made) == ([], [], [])


def test_a_misspelt_model_is_said_in_the_thread(door: Door) -> None:
    door.event(mention(f"<@{BOT}> claims-ruoter hello", thread_ts="9.0"))

    (call,) = door.client.calls("chat.postEphemeral")
    assert "Did you mean `claims-router`?" in words(call)
    assert call["thread_ts"] == "9.0"


def test_a_repeated_event_is_acknowledged_and_answered_once(door: Door) -> None:
    for event_id in ("Ev1", "Ev1", "Ev2"):  # Slack Connect gives one message several IDs
        assert door.event(message("help", DIRECT), event_id).status == 200

    assert len(door.client.calls("chat.postEphemeral")) == 1


@pytest.mark.parametrize("part", ["uploads", "inbound"])
def test_what_could_not_be_written_down_is_delivered_again(
    door: Door, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(_key: str) -> bool:
        raise Unavailable("Redis did not answer.")

    with monkeypatch.context() as broken:
        if part == "inbound":
            broken.setattr(door.inbound, "first_time", unavailable)
        else:
            door.uploads.error = Unavailable("Redis did not answer.")
        assert door.event(shared("claims.jsonl"), "Ev1").status == 500

    door.uploads.error = None
    assert door.event(shared("claims.jsonl"), "Ev1").status == 200
    assert ("F00", CHANNEL, "10.1", USER) in received(door)


def test_an_unexpected_error_is_said_and_not_delivered_again(door: Door) -> None:
    door.questions.error = ZeroDivisionError()

    assert door.event(message("a question", DIRECT)).status == 200

    assert "Something broke" in words(door.client.calls("chat.postEphemeral")[0])


def test_whoever_may_not_hand_in_files_is_told_once_a_day_by_themselves_and_the_log_too(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for number in range(3):
            door.event(shared("claims.jsonl", user="UASKER", ts=f"1{number}.0"))

    assert received(door) == []
    ((method, told),) = door.client.made
    assert (method, told["user"]) == ("chat.postEphemeral", "UASKER")
    assert told["text"].startswith("I left your file alone. This needs a trainer")
    assert len([line for line in caplog.messages if "was not taken" in line]) == 1
    door.event(shared("claims.jsonl", user="UASKER2", ts="14.0"))
    assert [call["user"] for call in door.client.calls("chat.postEphemeral")] == ["UASKER", "UASKER2"]


def test_but_in_a_direct_message_they_are_told(door: Door) -> None:
    door.event(shared("claims.jsonl", channel=DIRECT, user="UASKER"))

    assert received(door) == []
    assert "to make you one" in words(door.client.calls("chat.postEphemeral")[0])


def test_a_channel_that_is_not_allowed() -> None:
    door = make_door(Access(channels=frozenset({"COTHER"}), people=FakeMemberships()))

    door.event(shared("claims.jsonl"))
    door.event(mention(f"<@{BOT}> hello there", ts="11.0"))
    door.event(message("hello there", DIRECT, ts="12.0"))

    assert received(door) == []
    assert "not set up for this channel" in words(door.client.calls("chat.postEphemeral")[0])
    assert [each.channel for each in door.questions.asked] == [DIRECT]


def test_the_home_shows_jobs_and_datasets_to_trainers_only() -> None:
    door = make_door(access=Access(trainers=frozenset({"UTRAIN"}), people=FakeMemberships()))
    for user in ("UOTHER", "UTRAIN"):
        door.event(
            {"type": "app_home_opened", "user": user, "channel": DIRECT, "tab": "home", "event_ts": user}
        )
    other, trainer = (words(call["view"]) for call in door.client.calls("views.publish"))

    assert "`claims`" in trainer
    assert "`claims`" not in other
    assert "claims-router" in other, "models are for everybody"


def test_the_home_shows_what_runs(door: Door) -> None:
    door.event({"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": "home", "event_ts": "1"})

    (call,) = door.client.calls("views.publish")
    assert call["user_id"] == USER
    said = words(call["view"])
    assert "claims-router" in said
    assert "1 h 15 min left" in said
    assert "`claims`" in said


def test_the_messages_tab_offers_prompts_without_a_thread(door: Door) -> None:
    door.event(
        {"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": "messages", "event_ts": "1"}
    )

    (call,) = door.client.calls("assistant.threads.setSuggestedPrompts")
    assert call["channel_id"] == DIRECT
    assert "thread_ts" not in call
    assert 1 <= len(call["prompts"]) <= 4


@pytest.mark.parametrize(
    "event",
    [
        {"type": "file_shared", "file_id": "F00", "user_id": USER, "channel_id": CHANNEL, "event_ts": "1"},
        {"type": "agent_session_stopped", "channel": DIRECT, "user": USER},
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": [BOT]}},
    ],
    ids=lambda event: str(event["type"]),
)
def test_what_needs_nothing_is_acknowledged(door: Door, event: Json) -> None:
    assert door.event(event).status == 200
    assert door.client.made == []


@pytest.mark.parametrize("streams", [[], ["11.1"], ["11.1", "12.1"]])
def test_stop_ends_the_work_in_its_thread_whether_or_not_a_stream_was_open(
    door: Door, streams: list[str]
) -> None:
    """docs.slack.dev/reference/events/agent_session_stopped: ``streaming_message_ts`` "is an empty array when no stream
    was active, so the event still tells you to stop work that isn't a stream".
    """
    event = {"type": "agent_session_stopped", "channel": CHANNEL, "user": USER, "thread_ts": "10.1"}
    door.event(event | {"streaming_message_ts": streams, "event_ts": "13.1"})
    assert door.questions.calls == [("10.1", USER)]


# Shortcuts


def test_the_message_shortcut_hands_in_the_files_of_the_message(door: Door) -> None:
    files = [{"id": "F0A", "name": "cat.png"}, {"id": "F0B", "name": "claims.jsonl"}]

    assert door.shortcut("validate_file", {"ts": "10.1", "user": "UOTHER", "files": files}).status == 200

    assert received(door) == [("F0B", CHANNEL, "10.1", USER)]


def test_the_message_shortcut_takes_a_file_of_any_name_when_asked(door: Door) -> None:
    door.shortcut(
        "validate_file", {"ts": "10.1", "thread_ts": "9.0", "files": [{"id": "F0A", "name": "data"}]}
    )

    assert received(door) == [("F0A", CHANNEL, "9.0", USER)]


def test_the_message_shortcut_on_a_message_without_a_file(door: Door) -> None:
    door.shortcut("validate_file", {"ts": "10.1", "text": "hello"})

    assert "no file" in door.said


def test_the_message_shortcut_by_somebody_who_is_no_trainer(door: Door) -> None:
    door.shortcut("validate_file", {"ts": "10.1", "files": [{"id": "F0A"}]}, user={"id": "UASKER"})

    assert "to make you one" in door.said
    assert received(door) == []
