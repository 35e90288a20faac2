"""Deleting a model through the front door: the question, the press, and what it says meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.deletions.service import key_of
from bot.models.model import ModelLabel
from tests.handlers.door import CHANNEL, USER, Door, buttons
from tests.tables import table
from tests.unit.jobs.samples import model

MADE = replace(model("claims-router"), owner=USER)
VALUE = f"claims-router {key_of(MADE.arn)}"


@pytest.fixture
def door(door: Door) -> Door:
    door.models.save(MADE)
    return door


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_one_is_asked_before_anything_is_deleted(door: Door, way: str) -> None:
    if way == "typed":
        door.command("delete claims-router")
    else:
        door.press("model.delete", "claims-router")
    assert "*Delete `claims-router`?*" in door.said
    assert "$1.95" in door.said
    assert "It cannot be brought back" in door.said
    assert buttons(door.webhooks[0]) == [("model.delete_now", VALUE)]
    [press] = next(each["elements"] for each in door.webhooks[0]["blocks"] if each["type"] == "actions")
    assert press["style"] == "danger"
    assert "is deleted at Bedrock" in press["confirm"]["text"]["text"]
    assert door.store.of_kind("deletion") == []


def test_the_press_has_it_deleted_once_and_says_where_it_is_told(door: Door) -> None:
    for said in ("Deleting `claims-router` in 10 s", "is being deleted already"):
        door.forget_answers()
        door.press("model.delete_now", VALUE, message={"ts": "5.5", "thread_ts": "5.0"})
        assert said in door.said
    [wish] = door.store.of_kind("deletion")
    assert (wish.spec["arn"], wish.spec["channel"], wish.spec["user"]) == (MADE.arn, CHANNEL, USER)


def test_badly_asked_for(door: Door) -> None:
    door.models.save(replace(model("theirs"), owner="UOTHER"))
    for typed, said in {
        "delete claims-ruoter": "Did you mean `claims-router`?",
        "delete theirs": "Only its owner or the operator may do that. Ask <@UOTHER>.",
        "delete claims-router theirs": "I don't know what `theirs` means there",
    }.items():
        door.webhooks.clear()
        door.command(typed)
        assert said in door.said
    door.webhooks.clear()
    door.press("model.delete_now", f"claims-router {'0' * 20}")
    assert "another model by now" in door.said
    assert door.store.of_kind("deletion") == []


def test_whoever_is_late_reads_who_deleted_it_unless_they_never_saw_it(door: Door) -> None:
    door.command("start claims")
    door.submit(door.opened, {"job_name": "mine", "model_name": "mine-model"})
    [job] = door.store.of_kind("job")
    for name, of in (("seen", job.key.id), ("hidden", "0" * 12)):
        arn = f"{MADE.arn}-{name}"
        label = ModelLabel(arn, of, name, name, "UELSE", datetime(2026, 11, 22, tzinfo=UTC), deleted=True)
        door.models.label(lambda label=label: label)  # type: ignore[misc]
    doors = ("alias support {}", "delete {}")
    with table() as row:
        for typed in doors:
            with row(typed):
                door.webhooks.clear()
                door.command(typed.format("seen"))
                assert "There is no model `seen` any more. <@UELSE> deleted it." in door.said
                door.webhooks.clear()
                door.command(typed.format("hidden"))
                assert "There is no model `hidden`." in door.said
                assert "UELSE" not in door.said
