"""Split, convert and compare through the front door: commands, buttons, and the cards that offer them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.datasets.model import Role
from bot.derivations.model import SCHEMA, ConversionParameters, DerivationSpec, Operation, SplitParameters
from bot.uploads.cards import VerdictCard
from handlers.commands.split import Wanted, read
from handlers.ui.cards.datasets import verdict_card
from tests.handlers.door import CHANNEL, USER, Door, buttons
from tests.unit.jobs.samples import dataset

ID, OTHER = "ab" * 6, "cd" * 6


def asked(door: Door) -> list[DerivationSpec]:
    return [SCHEMA.spec_of(each) for each in door.store.of_kind("derivation")]


def two(door: Door) -> None:
    door.datasets.save(dataset("notes", sha256="cd" * 32))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("claims", Wanted("claims")),
        ("claims 20%", Wanted("claims", 0.2)),
        ("claims seed 9 12.5% exact", Wanted("claims", 0.125, 9, near=False)),
    ],
)
def test_split_is_read(door: Door, typed: str, wanted: Wanted) -> None:
    assert read(typed) == wanted
    door.command(f"split {typed}")
    [spec] = asked(door)
    assert (spec.operation, spec.datasets) == (Operation.SPLIT, (ID,))
    assert spec.params == SplitParameters(wanted.share, wanted.seed, near=wanted.near)
    assert (spec.channel, spec.thread_ts, spec.user) == (CHANNEL, None, USER)
    assert "follow here" in door.said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("split", "Which dataset?"),
        ("split claims much", "means there"),
        ("split claims seed", "means there"),
        ("split claims 99%", "not a share"),
        ("split claimz", "Did you mean `claims`?"),
        ("convert claims for", "for which base model"),
        ("convert claims for nova-lit", "Did you mean `nova-lite`?"),
        ("convert claims for claude 3 haiku", "already"),
        ("compare claims claims", "Both are version"),
        ("compare claims notez", "There is no dataset"),
        ("dataset claims vs claims", "Both are version"),
    ],
)
def test_what_was_badly_asked_for(door: Door, typed: str, words: str) -> None:
    door.command(typed)
    assert words in door.said
    assert asked(door) == []


def test_convert(door: Door) -> None:
    door.command("convert claims for Nova Lite")
    [spec] = asked(door)
    assert (spec.operation, spec.params) == (Operation.CONVERT, ConversionParameters("nova-lite"))


@pytest.mark.parametrize(
    "typed", ["compare claims notes", "compare claims vs notes", "dataset claims vs notes"]
)
def test_compare(door: Door, typed: str) -> None:
    two(door)
    door.command(typed)
    [spec] = asked(door)
    assert (spec.operation, spec.datasets) == (Operation.COMPARE, (ID, OTHER))


# Buttons


@pytest.mark.parametrize(
    ("changes", "thread"),
    [
        ({"message": {"ts": "5.0", "thread_ts": "4.0"}}, "4.0"),
        ({"message": {"ts": "5.0"}}, "5.0"),
        ({"container": {"type": "message", "message_ts": "5.0", "channel_id": CHANNEL, "is_ephemeral": True}}, None),
    ],
    ids=["thread", "message", "only I see it"],
)  # fmt: skip
def test_a_split_goes_where_it_was_pressed(door: Door, changes: dict[str, Any], thread: str | None) -> None:
    door.press("dataset.split", ID, **changes)
    [spec] = asked(door)
    assert (spec.channel, spec.thread_ts, spec.user) == (CHANNEL, thread, USER)


def test_a_second_press_says_so(door: Door) -> None:
    door.press("dataset.split", ID)
    door.press("dataset.split", ID)
    assert len(asked(door)) == 1
    assert "pressed before" in str(door.webhooks[1])


def test_a_split_is_of_the_name_that_its_card_shows_where_the_same_bytes_have_several(door: Door) -> None:
    """Tried: the button on the older name's card, a command by either name, and a button of an older release."""
    older, newer = (
        dataset("claims"),
        replace(dataset("refunds"), stored_at=dataset().stored_at + timedelta(1)),
    )
    door.datasets.datasets = [older, newer]
    assert older.id == newer.id
    shown = {
        value
        for each in (older, newer)
        for _, value in buttons({"blocks": verdict_card(VerdictCard(each.report, each, USER)).blocks})
    }
    assert {f"{ID} claims", f"{ID} refunds"} <= shown
    door.press("dataset.split", f"{ID} claims")
    door.press("dataset.split", f"{ID} refunds")
    door.command("split claims 20%")
    door.press("dataset.split", ID, message={"ts": "9.0"})
    assert [each.names for each in reversed(asked(door))] == [
        ("claims",),
        ("refunds",),
        ("claims",),
        ("refunds",),
    ]


def test_the_menu_converts_and_the_button_compares(door: Door) -> None:
    two(door)
    door.press("dataset.convert", f"{ID} nova-lite")
    door.press("dataset.compare", f"{ID} {OTHER}")
    assert {each.operation for each in asked(door)} == {Operation.CONVERT, Operation.COMPARE}


def test_one_dataset_offers_what_can_be_done_with_it(door: Door) -> None:
    door.datasets.datasets = [dataset(records=400)]
    door.client.answers["chat.getPermalink"] = {"ok": True, "permalink": "https://x.slack.com/archives/C1/p1"}
    door.command("dataset claims")
    assert [each for each, _ in buttons(door.webhooks[0])] == [
        "dataset.start",
        "dataset.split",
        "details",
        "dataset.open",
        "dataset.rename",
    ]
    assert "https://x.slack.com/archives/C1/p1" in str(door.webhooks[0])
    assert door.client.calls("chat.getPermalink") == [{"channel": "C1", "message_ts": "1.0"}]
    menus = [each for block in door.webhooks[0]["blocks"] for each in block.get("elements", [])]
    [menu] = [each for each in menus if each.get("type") == "static_select"]
    assert f"{ID} nova-lite claims" in [each["value"] for each in menu["options"]]
    assert not any("claude" in each["value"] for each in menu["options"])


def test_a_dataset_without_a_link_or_a_split_to_make(door: Door) -> None:
    door.client.answers["chat.getPermalink"] = {"ok": False, "error": "message_not_found"}
    door.datasets.datasets = [dataset(role=Role.VALIDATION)]
    door.command("dataset claims")
    assert [each for each, _ in buttons(door.webhooks[0])] == ["details", "dataset.rename"]
