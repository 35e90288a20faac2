"""A sweep through the front door."""

import pytest

from bot.controller.model import Key
from tests.handlers.door import Door


@pytest.mark.parametrize(
    "text",
    ["sweep claims epochCount=2,4,6", "sweep claims over epochs=2, 4, 6", "sweep claims epochs = 2 4 6"],
)
def test_one_line_plans_it(door: Door, text: str) -> None:
    door.command(text)

    [resource] = door.store.of_kind("sweep")
    assert [each["hyperparameters"]["epochCount"] for each in resource.spec["plans"]] == ["2", "4", "6"]
    assert "Nothing is spent" in door.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sweep claims", "Something is missing"),
        ("sweep claims epochs 2 4", "I cannot read what to vary"),
        ("sweep claims epochCount=", "I cannot read what to vary"),
        ("sweep claims epochCount=2,99", "It takes 1 to 10"),
        ("sweep clams epochCount=2,4", "There is no"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(door: Door, text: str, said: str) -> None:
    door.command(text)

    assert said in door.said
    assert door.store.of_kind("sweep") == []


def test_cancel_is_counted(door: Door) -> None:
    door.command("sweep claims epochCount=2,4")
    [resource] = door.store.of_kind("sweep")

    door.press("plan.cancel", f"sweep:{resource.key.id}")

    changed = door.store.get(Key("sweep", resource.key.id))
    assert changed is not None
    assert changed.spec["presses"]["cancelled"]["by"] == "UTRAIN"


def test_a_sweep_that_is_not_known_any_more_says_so(door: Door) -> None:
    door.press("plan.start", "sweep:0123456789ab@1")

    said = str(door.client.calls("chat.postEphemeral") or door.webhooks)
    assert "plans another" in said
