"""The menu of `/tune`, the list of all commands, what a word is about, and the welcome in a channel."""

from dataclasses import replace
from typing import Any

import pytest

from bot.access import Access
from bot.jobs.model import Phase
from handlers.commands import catalogue
from handlers.core import Task
from handlers.help import _SAID_FOR, TASKS, about
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import BOT, CHANNEL, DIRECT, TEAM, USER, Door, buttons, make_door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_events import mention, message
from tests.handlers.test_names import house
from tests.tables import table

COMMANDS = {each.key: each for each in catalogue()}
SIX = {"Check a file", "Plan a job", "Follow jobs", "Serve a model", "Ask a model", "Costs"}


def labels(body: Any) -> set[str]:
    elements = [element for block in body["blocks"] for element in block.get("elements", [])]
    return {each["text"]["text"] for each in elements if each["type"] == "button"}


# The menu


def test_tune_alone_shows_what_goes_on_and_six_things_to_do() -> None:
    door, _ = house()
    door.leases.leased = [lease(channel="C1", thread_ts="9.0")]

    door.command("")

    assert labels(door.webhooks[0]) == SIX | {"All commands"}
    assert "`claims-router` · in service · *1 h 15 min left*" in door.said
    assert f"`claims-job` · {Phase.TRAINING.value}" in door.said
    assert "|Open thread>" in door.said


def test_with_nothing_going_on_that_is_said(door: Door) -> None:
    door.leases.leased = []
    door.command("")

    assert "Nothing is running, and nothing is billed by the hour." in door.said


def test_who_may_not_see_jobs_is_not_told_that_there_are_none() -> None:
    door = make_door(Access(trainers=frozenset({"UBOSS"}), people=FakeMemberships()))
    door.leases.leased = []
    door.command("")

    assert "No model is in service, and nothing is billed by the hour." in door.said
    assert "Nothing is running" not in door.said


def test_of_many_things_that_go_on_three_are_named(door: Door) -> None:
    door.leases.leased = [lease(f"model-{number}") for number in range(5)]
    door.command("")

    assert "and 2 more" in door.said
    assert door.said.count("in service") == 3


@pytest.mark.parametrize(
    ("access", "offered"),
    [
        (Access(trainers=frozenset({"UBOSS"}), people=FakeMemberships()), {"Models", "Ask a model", "Costs"}),
        (Access(people=FakeMemberships()), SIX - {"Plan a job", "Serve a model"} | {"Models"}),
    ],
    ids=["an asker", "a member, while no trainer is named"],
)
def test_nothing_is_offered_that_would_be_refused(access: Access, offered: set[str]) -> None:
    door = make_door(access)
    door.command("")

    assert labels(door.webhooks[0]) == offered | {"All commands"}
    for action, value in buttons(door.webhooks[0]):
        door.webhooks.clear()
        door.press(action, value)
        assert not any("make you one" in words(each) for each in door.webhooks), action


@pytest.mark.parametrize(
    "ask",
    [
        lambda door: door.event(message("hi", DIRECT)),
        lambda door: door.event(mention(f"<@{BOT}>")),
        lambda door: door.event(mention(f"<@{BOT}> tune")),
    ],
    ids=["a greeting", "a mention alone", "the command in a mention"],
)
def test_whoever_speaks_to_the_bot_without_a_question_gets_the_menu(door: Door, ask: Any) -> None:
    ask(door)

    (shown,) = door.client.calls("chat.postEphemeral")
    assert labels(shown) == SIX | {"All commands"}


def test_every_button_of_the_menu_does_what_it_says(door: Door) -> None:
    door.command("")
    seen = {}
    for action, value in buttons(door.webhooks[0]):
        door.webhooks.clear()
        door.client.made.clear()
        door.press(action, value)
        opened = [call["view"]["title"]["text"] for call in door.client.calls("views.open")]
        seen[action] = opened or [words(each)[:40] for each in door.webhooks]

    titles = {action: said[0] for action, said in seen.items()}
    assert titles["validate.form"] == "Validate a file"
    assert titles["menu.plan"] == "Start a job"
    assert titles["menu.jobs"].startswith("No job is running.")
    assert titles["menu.models"].startswith("*Models*")
    assert "claims-router" in str(door.leases.leased)
    assert titles["menu.cost"].startswith("*Being spent now*")
    assert titles["menu.everything"].startswith("What would you like to do?")


# Asking by a form


def test_a_question_is_asked_by_a_form_where_it_was_opened() -> None:
    door, _ = house()
    door.press("menu.ask", "menu", message={"ts": "9.5", "thread_ts": "9.0"})
    door.submit(door.opened, {"question": "Who earns what?"})

    (asked,) = door.questions.asked
    assert (asked.text, asked.model, asked.channel, asked.thread_ts) == (
        "Who earns what?",
        None,
        CHANNEL,
        "9.0",
    )


def test_the_form_names_the_models_that_answer_here() -> None:
    door, _ = house()
    door.leases.leased = [lease(), lease("of-nobody")]
    door.press("menu.ask", "menu")

    assert "claims-router" in words(door.opened)
    assert "of-nobody" not in words(door.opened)


def test_without_a_model_that_is_awake_it_is_said_how_to_wake_one(door: Door) -> None:
    door.leases.leased = []
    door.press("menu.ask", "menu")

    assert "No model is in service here" in door.said


def test_the_form_offers_models_that_are_asleep_whose_questions_are_kept() -> None:
    door, _ = house()
    door.leases.leased = []
    door.press("menu.ask", "menu")

    assert "claims-router (asleep)" in words(door.opened)


def test_a_form_without_a_question_stays() -> None:
    door, _ = house()
    door.press("menu.ask", "menu")
    response = door.submit(door.opened, {"question": None})

    assert "Write a question first." in str(response.body)
    assert door.questions.asked == []


# All commands, and those about a word


def test_the_list_has_every_command_once_under_its_task(door: Door) -> None:
    approver = replace(door, user="UBOSS")  # who may all of them
    approver.command("help")

    said = approver.told
    for command in catalogue():
        typed = command.slash if command.key == command.slash else f"{command.slash} {command.name}"
        assert said.count(f"`{typed}` ") == 1, typed
    places = [said.index(f"*{task.value}*") for task in Task]
    assert places == sorted(places)


def test_a_task_opens_a_line_for_each_of_its_commands(door: Door) -> None:
    opened = 0
    for action, task in TASKS.items():
        door.client.made.clear()
        door.press(action, "help")
        said = words(door.opened)
        assert f"*{task.value}*\n" in said
        opened += said.count("\n`/")
    assert opened > 30


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("price", "cost"),
        ("prices", "cost"),
        ("money", "cost"),
        ("budgets", "budget"),
        ("wake", "serve"),
        ("deploy", "serve"),
        ("train", "start"),
        ("hyperparameters", "again"),
        ("duplicates", "validate"),
        ("notify", "follow"),
        ("quietly", "quiet"),
        ("cancel", "stop"),
        ("teacher", "distill"),
        ("validation", "split"),
        ("questoin", "/ask"),
        ("modles", "models"),
        ("serve a model for longer", "extend"),
        ("serv", "serve"),
    ],
)
def test_a_word_finds_the_commands_that_it_is_about(door: Door, word: str, meant: str) -> None:
    found = [each.key for each in about(COMMANDS, word.split())]
    assert meant in found[:4], found
    assert "help" not in found, "what it names are examples"

    door.command(f"help {word}")
    assert COMMANDS[meant].usage.split()[-1].split("|")[0] in door.said


def test_a_command_that_is_none_is_told_by_what_it_means(door: Door) -> None:
    meant = {
        "remove": "release",
        "promote": "alias",
        "rollback": "alias",
        "aliases": "alias",
        "deploy": "serve",
        "servr": "serve",
        "statsu": "status",
    }
    with table() as row:
        for typed, command in meant.items():
            with row(typed):
                door.webhooks.clear()
                door.command(f"{typed} support")
                assert f"There is no command `{typed}`. Did you mean `{command}`?" in door.said


def test_what_people_say_for_a_command_names_one_that_is_there() -> None:
    assert {
        each for each in _SAID_FOR.values() if each not in COMMANDS and f"/{each}" not in COMMANDS
    } == set()


@pytest.mark.parametrize("word", ["xyzzy", "日本", "a", "<!channel>", "'" * 500])
def test_a_word_that_is_about_nothing_is_said_to_be(door: Door, word: str) -> None:
    door.command(f"help {word}")

    assert (
        "There is no command" in door.said
        or "*About" in door.said
        or "What would you like to do?" in door.said
    )


# The welcome


def joined(door: Door, user: str = BOT, **changes: Any) -> None:
    event = {
        "type": "member_joined_channel",
        "user": user,
        "channel": CHANNEL,
        "channel_type": "C",
        "team": TEAM,
        "inviter": USER,
        "event_ts": "8.0",
    }
    door.event(event | changes)


def test_a_channel_that_the_bot_comes_into_is_told_in_three_lines_what_it_does(door: Door) -> None:
    joined(door)

    (said,) = door.client.calls("chat.postMessage")
    assert said["channel"] == CHANNEL
    assert words(said).count("•") == 3
    assert labels(said) == {"Try a sample", "What can I do?"}


def test_others_who_come_are_not_greeted(door: Door) -> None:
    joined(door, user="UNEW")

    assert door.client.made == []


def test_a_channel_that_the_bot_is_not_for_is_left_alone() -> None:
    door = make_door(Access(channels=frozenset({"COTHER"}), people=FakeMemberships()))
    joined(door)

    assert door.client.made == []


def test_a_press_shares_the_sample_in_the_welcomes_thread_once(door: Door) -> None:
    joined(door)
    (said,) = door.client.calls("chat.postMessage")
    ((action, value), _) = buttons(said)
    door.press(action, value, message={"ts": "8.5"})
    assert door.uploads.calls == [("sample", CHANNEL, "8.5", USER)]
    assert "I am sharing a sample in the thread" in door.said

    door.webhooks.clear()
    door.uploads.begins = False
    door.press(action, value, message={"ts": "8.5"})
    assert "already" in door.said


def test_whoever_may_not_have_files_judged_cannot_try_the_sample() -> None:
    door = make_door(Access(trainers=frozenset({"UBOSS"}), people=FakeMemberships()))
    door.press("menu.sample", "welcome")

    assert door.uploads.calls == []
    assert "to make you one" in door.said
