"""A command without its name asks which one is meant, with a menu of those that there are."""

import pytest

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
}
"""Commands that take one name, and one of the names that there are."""


def choices(door: Door) -> dict[str, str]:
    """Return the menu of the one answer: what each choice is called, and what it does."""
    (answer,) = door.webhooks
    (menu,) = [each for block in answer["blocks"] for each in block.get("elements", []) if "options" in each]
    assert menu["action_id"] == "menu.pick"
    return {each["text"]["text"]: each["value"] for each in menu["options"]}


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
    assert not any("Which " in each for each in chosen)


@pytest.mark.parametrize("command", ["stop", "follow", "mute", "again", "release", "extend"])
def test_where_there_is_none_it_is_said_how_to_get_one(command: str) -> None:
    door = make_door()
    door.leases.leased = []
    door.command(command)

    assert "There is no " in door.said
    assert "`/tune " in door.said


def test_a_choice_is_checked_as_the_command_is() -> None:
    door, _ = house()
    door.press("menu.pick", f"serve {MODEL}", user={"id": "UASKER"})

    assert door.leases.calls == []
    assert "to make you one" in door.said
