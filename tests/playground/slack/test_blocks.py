"""The Block Kit validator's words and the rules that concern whole messages."""

from typing import Any

import pytest

from bot.playground.slack import elements_of, validate_message, validate_view
from bot.playground.slack.blocks import too_long
from tests.playground.slack.support import button, modal, section, text_input

Json = dict[str, Any]


def words(blocks: Any) -> list[str]:
    return [finding.text for finding in validate_message(blocks)]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"type": "sectoin"}, "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        (
            {"type": "divider", "colour": "red"},
            "invalid additional property: colour [json-pointer:/blocks/0/colour]",
        ),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section(7), "must provide a string [json-pointer:/blocks/0/text/text]"),  # type: ignore[arg-type]
        (
            section(accessory=button() | {"style": "blue"}),
            "must be one of primary, danger [json-pointer:/blocks/0/accessory/style]",
        ),
        (
            {"type": "actions", "elements": [button(), button()]},
            '`action_id` "press" already exists [json-pointer:/blocks/0/elements/1/action_id]',
        ),
        ("text", "unsupported type: None [json-pointer:/blocks/0/type]"),
    ],
)
def test_says_what_is_wrong_and_where(block: Any, message: str) -> None:
    assert words([block]) == [f"[ERROR] {message}"]


def test_finds_everything_at_once() -> None:
    assert len(words([{"type": "header"}, section(""), {"type": "nope"}])) == 3


def test_block_ids_are_distinct() -> None:
    blocks = [section(block_id="a"), section(block_id="a")]
    assert words(blocks) == ['[ERROR] `block_id` "a" already exists [json-pointer:/blocks/1/block_id]']


def test_wants_a_list() -> None:
    assert words({"type": "section"}) == ["[ERROR] must provide an array [json-pointer:/blocks]"]


def test_a_message_holds_one_table_and_so_much_text() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert words([table, table]) == ["[ERROR] no more than 1 table blocks allowed [json-pointer:/blocks]"]
    assert not too_long([section("x" * 2_640)] * 5)
    assert too_long([section("x" * 2_641)] * 5)
    assert too_long([{"type": "markdown", "text": "x" * 6_001}] * 2)


def test_a_file_field_stands_in_modals_only() -> None:
    field = text_input() | {"element": {"type": "file_input", "action_id": "f"}}
    assert "file_input" in words([field])[0]
    assert validate_view(modal(field)) == []


def test_markdown_stands_in_messages_only() -> None:
    markdown = {"type": "markdown", "text": "x"}
    assert words([markdown]) == []
    assert [f.pointer for f in validate_view(modal(markdown))] == ["/blocks/0/type"]


def test_a_form_with_inputs_needs_a_submit_button() -> None:
    view = modal(text_input())
    del view["submit"]
    assert [f.under("/view") for f in validate_view(view)] == [
        "[ERROR] missing required field: submit [json-pointer:/view]"
    ]


def test_a_view_is_a_modal_or_a_home() -> None:
    assert [f.pointer for f in validate_view({"type": "window", "blocks": []})] == ["/type"]
    assert validate_view([]) != []
    assert validate_view({"type": "home", "blocks": [section()]}) == []


def test_the_initial_option_is_one_of_the_options() -> None:
    option: Json = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    other = option | {"value": "b"}
    select = {"type": "static_select", "options": [option], "initial_option": other, "action_id": "s"}
    assert "initial option" in words([section(accessory=select)])[0]
    boxes = {"type": "checkboxes", "options": [option], "initial_options": [option], "action_id": "c"}
    assert words([section(accessory=boxes)]) == []


def test_elements_can_be_found_by_name() -> None:
    message = {"blocks": [section(accessory=button("one")), {"type": "actions", "elements": [button("two")]}]}
    assert sorted(elements_of(message)) == ["one", "two"]
