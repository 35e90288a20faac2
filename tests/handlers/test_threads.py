"""Where somebody stands, there it answers: replies to answers, commands in threads, and plans that are asked for there.

A table over all doors: whatever is asked for in a thread is told in that thread.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bot.access import Access
from bot.derivations.model import KIND as DERIVATION
from bot.distillations.model import KIND as DISTILLATION
from bot.jobs.record import KIND as JOB
from bot.leases.endpoint import LeasePhase
from bot.sweeps.model import KIND as SWEEP
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import BOT, CHANNEL, DIRECT, USER, Door, Json, buttons, make_door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_events import mention, message

ROOT = "9.0"
PRESSED_IN_A_THREAD = {"message": {"ts": "9.5", "thread_ts": ROOT}}
EPHEMERAL_IN_A_THREAD = {
    "message": {},
    "container": {
        "type": "message",
        "message_ts": "9.5",
        "thread_ts": ROOT,
        "channel_id": CHANNEL,
        "is_ephemeral": True,
    },
}


def reply(text: str, ts: str = "10.1", **changes: Any) -> Json:
    return message(text, ts=ts, thread_ts=ROOT, **changes)


@pytest.fixture
def talking(door: Door) -> Door:
    """A bot with a thread that begins with a question, in which ``claims-router`` has answered."""
    door.questions.partners = {ROOT: "claims-router"}  # type: ignore[misc]
    return door


# The base


@pytest.mark.parametrize(
    ("typed", "model"),
    [
        ("--base Patient?", None),
        ("--base claims-router Patient?", "claims-router"),
        ("claims-router --base Patient?", "claims-router"),
        ("claims-router: \u2014base Patient?", "claims-router"),
    ],
)
def test_the_base_is_asked_at_every_door(talking: Door, typed: str, model: str | None) -> None:
    talking.command(typed, slash="/ask")
    talking.event(mention(f"<@{BOT}> {typed}"))
    talking.event(message(typed, DIRECT, channel_type="im"))
    talking.event(reply(typed))

    asked = talking.questions.asked
    assert len(asked) == 4
    assert {(each.model, each.of_base, each.text) for each in asked} == {(model, True, "Patient?")}


# Replies


@pytest.mark.parametrize(
    ("text", "model", "question"),
    [
        ("And for stage III?", None, "And for stage III?"),
        ("notes-summary and you?", "notes-summary", "and you?"),
        ("is 2 &lt; 3?", None, "is 2 < 3?"),
        ("what does <@U9> owe?", None, "what does <@U9> owe?"),
        ("thanks", None, "thanks"),
        ("hello", None, "hello"),
    ],
)
def test_a_reply_to_an_answer_is_a_question(
    talking: Door, text: str, model: str | None, question: str
) -> None:
    talking.leases.leased.append(lease("notes-summary"))

    assert talking.event(reply(text)).status == 200

    (asked,) = talking.questions.asked
    assert (asked.model, asked.text, asked.thread_ts, asked.id) == (model, question, ROOT, "C1.10.1")
    assert not asked.opens
    assert talking.client.made == []


@pytest.mark.parametrize(
    "event",
    [
        reply("And for stage III?") | {"thread_ts": "7.0"},
        message("And for stage III?"),
        reply("<@U9> what do you think?"),
        reply("<!here> is that right?"),
        reply(" <!subteam^S012|@claims> is that right?"),
        reply(f"<@{BOT}> and for stage III?"),  # its own event has it
        reply("  "),
        reply("Done.", bot_id="BOTHER"),
        reply("", subtype="message_changed", hidden=True),
        reply("see this", subtype="file_share", files=[{"id": "F1", "name": "cat.png"}]),
    ],
    ids=[
        "a thread of something else",
        "the channel",
        "to a colleague",
        "to all who are there",
        "to a user group",
        "a mention",
        "nothing",
        "another bot",
        "an edit",
        "a picture",
    ],
)
def test_what_people_say_to_each_other_is_left_alone(talking: Door, event: Json) -> None:
    assert talking.event(event).status == 200

    assert talking.questions.asked == []
    assert talking.client.made == []


PREVIOUS = {"type": "message", "user": "U1", "text": "And for stage III?", "ts": "10.1"}
TOMBSTONE = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": "9.0"}
"""As Slack tells it: github.com/42wim/matterbridge/issues/600, github.com/slack-edge/slack-edge/pull/10."""


@pytest.mark.parametrize(
    ("event", "question", "thread"),
    [
        (
            {
                "subtype": "message_deleted",
                "deleted_ts": "10.1",
                "previous_message": PREVIOUS | {"thread_ts": ROOT},
            },
            "C1.10.1",
            ROOT,
        ),
        (
            {"subtype": "message_deleted", "deleted_ts": "10.1", "previous_message": PREVIOUS},
            "C1.10.1",
            "10.1",
        ),
        ({"subtype": "message_changed", "message": TOMBSTONE, "previous_message": PREVIOUS}, "C1.9.0", "9.0"),
    ],
    ids=["a reply", "a mention without an answer", "a mention with one"],
)
def test_a_question_whose_message_is_deleted_is_taken_back(
    talking: Door, event: Json, question: str, thread: str
) -> None:
    told = {"type": "message", "channel": "C1", "channel_type": "channel", "hidden": True, "ts": "11.0"}
    assert talking.event(told | event).status == 200

    assert talking.questions.calls == [("take_back", question, thread)]
    assert talking.client.made == []


def test_an_edited_question_is_not(talking: Door) -> None:
    edited = {"subtype": "message_changed", "message": PREVIOUS | {"text": "And IV?", "edited": {}}}
    told = {"type": "message", "channel": "C1", "channel_type": "channel", "hidden": True, "ts": "11.0"}
    assert talking.event(told | edited | {"previous_message": PREVIOUS}).status == 200

    assert talking.questions.calls == []


def test_a_reply_that_mentions_the_bot_is_one_question_whichever_event_comes_first(talking: Door) -> None:
    said = f"and you, <@{BOT}>?"
    talking.event(reply(said))
    talking.event(mention(said, ts="10.1", thread_ts=ROOT))

    first, second = talking.questions.asked
    assert (first.id, first.text) == (second.id, second.text)


def test_that_the_model_sleeps_is_told_once_a_day_in_a_thread(talking: Door) -> None:
    talking.leases.leased = [lease(phase=LeasePhase.CREATING)]
    for ts in ("10.1", "10.2"):
        talking.event(reply("And now?", ts))
    talking.leases.leased = [lease()]
    talking.event(reply("And now?", "10.3"))

    assert [each.id for each in talking.questions.asked] == ["C1.10.1", "C1.10.3"]


def test_a_question_that_was_refused_is_a_conversation_too(door: Door) -> None:
    """Nobody has answered and no model was named: asleep is told once, and then whatever is awake is asked."""
    door.questions.begun = frozenset({ROOT})  # type: ignore[misc]
    door.leases.leased = [lease(phase=LeasePhase.CREATING)]
    for ts in ("10.1", "10.2"):
        door.event(reply("And now?", ts))
    door.leases.leased = [lease()]
    for ts in ("10.3", "10.4"):
        door.event(reply("And now?", ts))

    assert [each.id for each in door.questions.asked] == ["C1.10.1", "C1.10.3", "C1.10.4"]
    assert {each.model for each in door.questions.asked} == {None}


def test_whoever_may_not_ask_is_told_once_a_day_in_a_thread() -> None:
    door = make_door(Access(channels=frozenset({"COTHER"}), people=FakeMemberships()))
    door.questions.partners = {ROOT: "claims-router"}  # type: ignore[misc]
    for ts in ("10.1", "10.2"):
        door.event(reply("And now?", ts))

    assert door.questions.asked == []
    (told,) = door.client.calls("chat.postEphemeral")
    assert (told["thread_ts"], told["user"]) == (ROOT, USER)


@pytest.mark.parametrize(
    ("ask", "opens"),
    [
        (lambda door: door.event(mention(f"<@{BOT}> hello there")), True),
        (lambda door: door.event(mention(f"<@{BOT}> hello there", thread_ts=ROOT)), False),
        (lambda door: door.command("claims-router hello there", slash="/ask"), True),
        (lambda door: door.event(message("hello there", DIRECT)), True),
    ],
    ids=["a mention in the channel", "a mention in a thread", "/ask", "directly"],
)
def test_a_thread_is_a_conversation_when_it_begins_with_a_question(
    door: Door, ask: Callable[[Door], object], opens: bool
) -> None:
    ask(door)

    (asked,) = door.questions.asked
    assert asked.opens is opens


# Commands in threads, where Slack has none of its own


@pytest.mark.parametrize("spelt", ["/tune", "tune", "Tune"])
def test_a_mention_may_spell_out_a_command(door: Door, spelt: str) -> None:
    door.event(mention(f"<@{BOT}> {spelt} serve claims-router for 2h", thread_ts=ROOT))

    assert door.questions.asked == []
    assert door.leases.calls[-1] == ("propose", "claims-router", 120, ROOT)
    assert door.client.calls("chat.postEphemeral") == [], "the plan is the answer"


def test_a_direct_message_may_spell_out_a_command(door: Door) -> None:
    door.event(message("tune models", DIRECT))

    assert "claims-router" in words(door.client.calls("chat.postEphemeral")[0])


def test_ask_is_spelt_out_too(door: Door) -> None:
    door.event(mention(f"<@{BOT}> /ask claims-router hello there", thread_ts=ROOT))

    (asked,) = door.questions.asked
    assert (asked.model, asked.text, asked.thread_ts) == ("claims-router", "hello there", ROOT)


@pytest.mark.parametrize("text", ["tune my guitar?", "status of claim 5?", "/me waves", "tuned models?"])
def test_a_question_that_begins_like_a_command_is_a_question(door: Door, text: str) -> None:
    door.event(mention(f"<@{BOT}> {text}"))

    (asked,) = door.questions.asked
    assert asked.text == text


def test_a_command_in_a_message_is_checked_as_one_after_a_slash(door: Door) -> None:
    door.event(mention(f"<@{BOT}> tune serve claims-router", user="UASKER"))

    assert door.leases.calls == []
    assert "to make you one" in words(door.client.calls("chat.postEphemeral")[0])


def test_a_command_in_a_message_runs_once(door: Door) -> None:
    for event_id in ("Ev1", "Ev1", "Ev2"):
        door.event(mention(f"<@{BOT}> tune serve claims-router"), event_id)

    assert [each[0] for each in door.leases.calls] == ["plan", "propose"]


def test_a_form_that_is_asked_for_by_a_message_opens_by_a_button_there(door: Door) -> None:
    door.event(mention(f"<@{BOT}> tune start claims", thread_ts=ROOT))

    (told,) = door.client.calls("chat.postEphemeral")
    assert told["thread_ts"] == ROOT
    ((action, value),) = buttons(told)
    door.press(action, value, **EPHEMERAL_IN_A_THREAD)
    door.submit(door.opened, {})
    assert threads_of(door, JOB) == [ROOT]


# Plans come where they were asked for


def threads_of(door: Door, kind: str) -> list[str | None]:
    return [each.spec["thread_ts"] for each in door.store.of_kind(kind)]


def from_form(door: Door, press: Callable[[], object]) -> None:
    press()
    door.submit(door.opened, {})


def earlier_job(door: Door) -> str:
    """Return the name of a job whose plan was shown in the channel, then left alone."""
    door.command("start claims")
    door.submit(door.opened, {})
    door.client.made.clear()
    door.webhooks.clear()
    (job,) = door.store.of_kind(JOB)
    return str(job.spec["plan"]["job_name"])


DATASET = "claims"
PRESSED = [PRESSED_IN_A_THREAD, EPHEMERAL_IN_A_THREAD]
DOORS: dict[str, tuple[str, Callable[[Door, Json], object]]] = {
    "Start a job": (
        JOB,
        lambda door, there: from_form(door, lambda: door.press("dataset.start", DATASET, **there)),
    ),
    "Train again": (
        JOB,
        lambda door, there: from_form(door, lambda: door.press("job.again", earlier_job(door), **there)),
    ),
    "Split": (DERIVATION, lambda door, there: door.press("dataset.split", DATASET, **there)),
    "Convert": (
        DERIVATION,
        lambda door, there: door.press("dataset.convert", f"{DATASET} nova-lite", **there),
    ),
}


@pytest.mark.parametrize("there", PRESSED, ids=["for all", "for one person"])
@pytest.mark.parametrize("name", DOORS)
def test_what_is_asked_for_by_a_button_in_a_thread_comes_there(door: Door, name: str, there: Json) -> None:
    kind, press = DOORS[name]
    press(door, there)

    assert threads_of(door, kind)[0] == ROOT, door.webhooks


@pytest.mark.parametrize("there", PRESSED, ids=["for all", "for one person"])
def test_a_lease_that_is_asked_for_by_a_button_in_a_thread_comes_there(door: Door, there: Json) -> None:
    door.press("model.serve", "claims-router", **there)

    assert door.leases.calls[-1] == ("propose", "claims-router", 60, ROOT)


COMMANDS: dict[str, tuple[str, str]] = {
    "sweep claims epochCount=2,3": (SWEEP, ROOT),
    "distill claims with nova-pro for nova-lite": (DISTILLATION, ROOT),
    "split claims": (DERIVATION, ROOT),
    "convert claims for nova-lite": (DERIVATION, ROOT),
}


@pytest.mark.parametrize("text", COMMANDS)
def test_what_is_asked_for_by_a_mention_in_a_thread_comes_there(door: Door, text: str) -> None:
    kind, there = COMMANDS[text]
    door.event(mention(f"<@{BOT}> tune {text}", thread_ts=ROOT))

    assert threads_of(door, kind) == [there], door.client.made


def test_a_file_that_is_judged_again_in_a_thread_is_judged_there(door: Door) -> None:
    door.event(mention(f"<@{BOT}> tune validate F0CLAIMS1", thread_ts=ROOT))

    assert door.uploads.calls[0][:3] == ("F0CLAIMS1", CHANNEL, ROOT)


def test_an_earlier_job_that_is_repeated_in_a_thread_is_planned_there(door: Door) -> None:
    job = earlier_job(door)
    door.event(mention(f"<@{BOT}> tune again {job} with epochCount=3", thread_ts=ROOT))

    assert ROOT in threads_of(door, JOB)
