"""A command without its name asks which one is meant, with a menu of those that there are."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.datasets.model import Role, Verdict
from handlers.commands import catalogue
from tests.handlers.door import Door, make_door, words
from tests.handlers.test_names import DATA, JOB, MODEL, house

ASKING = {
    "model": MODEL,
    "serve": MODEL,
    "extend": MODEL,
    "release": MODEL,
    "share": MODEL,
    "stop": JOB,
    "follow": JOB,
    "mute": JOB,
    "again": JOB,
    "dataset": DATA,
    "split": DATA,
    "compare": DATA,
    "convert": DATA,
    "sweep": f"{DATA} (dataset)",
    "delete": MODEL,
    "unshare": MODEL,
    "rename": f"{MODEL} (model)",
    "settings": MODEL,
    "handover": JOB,
}
"""Commands that take a name, and one of the names that there are."""
TELLS_ALONE = {"distill": "lists the teachers and what is under way"}
"""Commands that take a name and have an answer of their own without it, and which."""
GOES_ON = {"compare": "plans", "convert": "Amazon Nova Lite"}
"""Commands that take two names: what is chosen next."""
_TAKES_A_NAME = re.compile(r"/tune \w+ [A-Z]")


def menu_of(door: Door) -> dict[str, Any]:
    """Return the menu of the one answer."""
    (answer,) = door.webhooks
    elements: list[dict[str, Any]] = [
        each for block in answer["blocks"] for each in block.get("elements", [])
    ]
    (menu,) = [each for each in elements if "options" in each]
    return menu


def choices(door: Door) -> dict[str, str]:
    """Return the menu of the one answer: what each choice is called, and what it does."""
    menu = menu_of(door)
    assert menu["action_id"] == "menu.pick"
    return {each["text"]["text"]: each["value"] for each in menu["options"]}


def test_every_command_that_takes_a_name_asks_for_it() -> None:
    taking = {each.key for each in catalogue() if _TAKES_A_NAME.match(each.usage)}
    assert taking == {*ASKING, *TELLS_ALONE}


@pytest.mark.parametrize("command", ASKING)
def test_without_a_name_it_is_asked_which_and_a_choice_is_the_command(command: str) -> None:
    door, _ = house()
    door.command(command)
    assert "Which " in door.said
    offered = choices(door)
    assert ASKING[command] in offered

    door.webhooks.clear()
    door.press("menu.pick", offered[ASKING[command]])
    chosen = [*map(words, door.webhooks), *(words(each["view"]) for each in door.client.calls("views.open"))]
    typed, _ = house()
    typed.command(offered[ASKING[command]])
    said = [*map(words, typed.webhooks), *(words(each["view"]) for each in typed.client.calls("views.open"))]
    assert chosen == said
    if command in GOES_ON:
        second = choices(door)
        assert GOES_ON[command] in second
        door.webhooks.clear()
        door.press("menu.pick", second[GOES_ON[command]])
        chosen = [*map(words, door.webhooks)]
    assert not any("Which " in each for each in chosen)


@pytest.mark.parametrize("command", ["stop", "follow", "mute", "again", "release", "extend"])
def test_where_there_is_none_it_is_said_how_to_get_one(command: str) -> None:
    door = make_door()
    door.leases.leased = []
    door.command(command)

    assert "There is no " in door.said
    assert "`/tune " in door.said


def test_a_menu_is_named_in_plain_english_whatever_is_asked_for() -> None:
    door, _ = house()
    door.command(f"compare {DATA}")
    assert "Which other dataset?" in door.said
    assert menu_of(door)["placeholder"]["text"] == "Choose one"


def test_a_sweep_is_offered_of_what_a_job_can_start_from_alone() -> None:
    door, _ = house()
    known = door.datasets.datasets[0]
    for name, change in (("held-out", {"role": Role.VALIDATION}), ("bad", {"verdict": Verdict.BLOCKED})):
        report = replace(known.report, **change)
        door.datasets.save(replace(known, id=name, name=name, report=report))
    door.command("sweep")
    offered = choices(door)
    assert f"{DATA} (dataset)" in offered
    assert not {"held-out (dataset)", "bad (dataset)"} & offered.keys()


def test_a_choice_is_checked_as_the_command_is() -> None:
    door, _ = house()
    door.press("menu.pick", f"serve {MODEL}", user={"id": "UASKER"})

    assert door.leases.calls == []
    assert "to make you one" in door.said
