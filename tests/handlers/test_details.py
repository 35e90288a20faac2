"""*Details*: for whoever sees the message, and for nobody else."""

import pytest

from bot.errors import Unavailable
from handlers.ui.blocks import context, section
from handlers.ui.folding import DETAILS, folded, unfolded
from tests.handlers.door import CHANNEL, USER, Door, words

BLOCKS = [section("*Hyperparameters*\n`epochCount` 4")]


def test_a_press_shows_what_the_message_in_this_channel_holds_back(door: Door) -> None:
    door.details.keep(CHANNEL, "a1", BLOCKS)
    door.user = "UANYBODY"
    door.press(DETAILS, "a1")

    assert "`epochCount` 4" in words(door.opened)
    assert door.opened["title"]["text"] == "Details"


@pytest.mark.parametrize("place", ["C2", "D1", USER, "UOTHER"])
def test_what_another_place_has_is_not_there(door: Door, place: str) -> None:
    door.details.keep(place, "a1", BLOCKS)
    door.press(DETAILS, "a1")

    assert "I no longer have the details" in door.said
    assert door.client.calls("views.open") == []


def test_an_answer_to_one_person_has_details_for_them_alone(door: Door) -> None:
    door.command("cost")
    [said] = door.webhooks
    [button] = [
        each
        for block in said["blocks"]
        for each in block.get("elements", [])
        if each.get("action_id") == DETAILS
    ]
    assert set(door.details.kept) == {(USER, button["value"])} == door.details.brief

    seen = {"type": "message", "message_ts": "5.0", "channel_id": CHANNEL, "is_ephemeral": True}
    door.press(DETAILS, button["value"], container=seen)
    assert "Prices by base model" in words(door.opened)

    door.webhooks.clear()
    door.user = "UBOSS"
    door.press(DETAILS, button["value"], container=seen)
    assert "I no longer have the details" in door.said


def test_an_answer_is_given_though_its_details_cannot_be_kept(door: Door) -> None:
    door.details.away = Unavailable("The store is away.")
    door.command("cost")

    assert "Being spent now" in door.said


def test_a_card_holds_back_what_is_not_on_its_face_and_a_modal_has_room_for_all() -> None:
    card = folded("A plan.", [section("*Plan*")], BLOCKS)
    assert "epochCount" not in words({"blocks": list(card.blocks)})
    assert unfolded(card) == [section("*Plan*"), *BLOCKS]

    bare = folded("A plan.", [section("*Plan*")], [])
    assert list(bare.blocks) == [section("*Plan*")]

    long = folded("A plan.", [section("*Plan*")], [context("x")] * 200)
    assert len(long.details) == 99
    assert "more than fits" in words({"blocks": [long.details[-1]]})
