"""The row inspector through the front door: paging, choosing, and what is made of it."""

import json
from dataclasses import replace

import pytest

from bot.errors import BadField, Refused
from handlers.ui.limits import PRIVATE_METADATA
from tests.handlers.door import CHANNEL, USER, Door, Json, initial_state, words
from tests.handlers.fake_services import FakeUploads

UPLOAD = "0123456789ab"


@pytest.fixture
def page(door: Door) -> Json:
    """The first page, as it was opened from a verdict in a thread."""
    door.press("dataset.rows", UPLOAD, message={"ts": "5.0", "thread_ts": "4.0"})
    return door.opened


def turned(door: Door, page: Json, action_id: str, **chosen: object) -> Json:
    """Return the page that is shown after a press on this one, on which that was chosen before."""
    state = initial_state(page)
    for block_id, value in chosen.items():
        state[block_id.replace("_", ".")] = {"choice": {"selected_option": {"value": value}}}
    value = next(
        each["value"]
        for block in page["blocks"]
        for each in block.get("elements", [])
        if each.get("action_id") == action_id
    )
    door.choose(page | {"state": {"values": state}}, action_id, value)
    view: Json = door.client.calls("views.update")[-1]["view"]
    return view


def ack(response: object) -> Json:
    body = getattr(response, "body", "")
    return dict(json.loads(body)) if body else {}


def test_the_first_page_shows_a_row_and_what_is_wrong_with_it(door: Door, page: Json) -> None:
    said = words(page)
    assert "*Line 3* of `claims.jsonl` · 1 of 3" in said
    assert '» "content": "3"' in said
    assert ":no_entry: Empty at `a[0]` · `empty`" in said
    assert "→ Fill." in said
    assert "Previous" not in said
    assert door.uploads.calls == [("rows", UPLOAD, USER)]


def test_pages_are_turned_and_what_was_chosen_goes_along(door: Door, page: Json) -> None:
    second = turned(door, page, "rows.on", row_3="drop")
    assert "*Line 8*" in words(second)
    assert "1 row (line 3)" in words(second)
    third = turned(door, second, "rows.on", row_8="drop")
    assert "*Line 21*" in words(third)
    assert "Next" not in words(third)
    again = turned(door, third, "rows.back")
    assert "2 rows (lines 3, 8)" in words(again)
    assert initial_state(again)["row.8"]["choice"]["selected_option"]["value"] == "drop"
    assert "1 row (line 3)" in words(turned(door, again, "rows.on", row_8="keep"))


def test_a_copy_is_made_without_what_was_left_out_on_any_page(door: Door, page: Json) -> None:
    second = turned(door, page, "rows.on", row_3="drop")
    assert ack(door.submit(second, {"row.8": "drop"})) == {}
    assert door.uploads.calls[-1] == ("repair", UPLOAD, CHANNEL, "4.0", USER, None, (3, 8))
    [said] = door.client.calls("chat.postEphemeral")
    assert "without 2 rows" in said["text"]
    assert (said["channel"], said["thread_ts"]) == (CHANNEL, "4.0")


def test_without_the_tick_nothing_is_repaired(door: Door, page: Json) -> None:
    door.submit(page, {"row.3": "drop", "repairs.0": []})
    assert door.uploads.calls[-1] == ("repair", UPLOAD, CHANNEL, "4.0", USER, (), (3,))


def test_a_tick_that_was_taken_off_stays_off(door: Door, page: Json) -> None:
    state = initial_state(page) | {"repairs.0": {"tick": {"selected_options": []}}}
    door.choose(page | {"state": {"values": state}}, "rows.on", "1")
    second: Json = door.client.calls("views.update")[-1]["view"]
    assert initial_state(second)["repairs.1"]["tick"]["selected_options"] == []


def test_the_tick_alone_is_repair_all(door: Door, page: Json) -> None:
    door.submit(page, {})
    assert door.uploads.calls[-1] == ("repair", UPLOAD, CHANNEL, "4.0", USER)


def test_nothing_chosen_is_said_beside_the_row(door: Door, page: Json) -> None:
    answer = ack(door.submit(page, {"repairs.0": []}))
    assert answer["response_action"] == "errors"
    assert "the copy would be the same" in answer["errors"]["row.3"]


def test_the_same_choice_twice_says_so(door: Door, page: Json) -> None:
    door.uploads.begins = False
    door.submit(page, {"row.3": "drop"})
    [said] = door.client.calls("chat.postEphemeral")
    assert "asked for before" in said["text"]


def test_a_refusal_is_said_in_the_form(door: Door, page: Json) -> None:
    door.uploads.error = Refused("Those rows are not in this report.")
    answer = ack(door.submit(page, {"row.3": "drop"}))
    assert answer["response_action"] == "push"
    assert "not in this report" in words(answer["view"])


def test_a_form_of_another_version_says_so(door: Door, page: Json) -> None:
    old = page | {"private_metadata": json.dumps({"v": 1, "channel": CHANNEL, "thread_ts": None})}
    assert "before an update" in words(ack(door.submit(old, {}))["view"])


def test_a_report_on_the_whole_file_alone_has_no_rows(door: Door) -> None:
    door.uploads.inspection = replace(FakeUploads.inspection, rows=())
    door.press("dataset.rows", UPLOAD)
    assert "about the file as a whole" in door.said


def test_the_largest_report_fits_into_a_modal(door: Door) -> None:
    finding = replace(FakeUploads.inspection.rows[0].findings[0], message="m" * 300, hint="h" * 300)
    rows = tuple(
        replace(
            FakeUploads.inspection.rows[0],
            position=10**9 + number,
            line=10**9 + number,
            excerpt="<&" * 400,
            findings=(finding,) * 4,
        )
        for number in range(50)
    )
    door.uploads.inspection = replace(FakeUploads.inspection, rows=rows, is_cut=True)
    door.press("dataset.rows", UPLOAD)
    page = door.opened
    for row in rows[:-1]:
        page = turned(door, page, "rows.on", **{f"row_{row.position}": "drop"})
    assert len(page["private_metadata"]) < PRIVATE_METADATA
    assert len(json.dumps(page)) < 25_000
    assert "more rows than these" in words(page)


@pytest.mark.parametrize("action_id", ["dataset.repair.one", "dataset.repair.one.2"])
def test_one_repair_goes_into_the_thread_of_its_verdict(door: Door, action_id: str) -> None:
    door.press(action_id, f"lower-roles {UPLOAD}", message={"ts": "5.0", "thread_ts": "4.0"})
    assert door.uploads.calls == [("repair", UPLOAD, CHANNEL, "4.0", USER, {"lower-roles"}, ())]
    assert "I am repairing it" in door.said


# Editing


def editing(door: Door, text: str = '{"a": 3}') -> Json:
    """Return the form in which the second row is edited, opened from its page."""
    rows = (replace(each, text=text) for each in FakeUploads.inspection.rows)
    door.uploads.inspection = replace(FakeUploads.inspection, rows=tuple(rows))
    door.press("dataset.rows", UPLOAD, message={"ts": "5.0", "thread_ts": "4.0"})
    second = turned(door, door.opened, "rows.on", row_3="drop")
    return turned(door, second, "rows.edit", row_8="drop")


def test_a_row_is_edited_in_a_form_of_its_own_and_stands_on_its_page_then(door: Door) -> None:
    form = editing(door)
    assert form["callback_id"] == "row"
    assert "Empty at `a[0]`" in words(form)
    [field] = [each for each in form["blocks"] if each["type"] == "input"]
    assert field["element"]["initial_value"] == '{"a": 3}'

    answer = ack(door.submit(form, {"text": '{"a": 4}'}))

    assert ("edit", UPLOAD, 8, '{"a": 4}', USER) in door.uploads.calls
    assert answer["response_action"] == "update"
    page = answer["view"]
    assert "*Line 8*" in words(page)
    assert "how it was edited" in words(page)
    assert "Edited so far: 1 row (line 8)." in words(page)
    assert "To be left out so far: 1 row (line 3)." in words(page), "whoever edits a row wants it"
    assert "Edit again" in str(page["blocks"])
    assert ack(door.submit(page, {})) == {}
    assert door.uploads.calls[-1] == ("repair", UPLOAD, CHANNEL, "4.0", USER, None, (3,))
    assert door.uploads.with_drafts
    [said] = door.client.calls("chat.postEphemeral")
    assert "with 1 row as edited and without 1 row and with every safe repair" in said["text"]


def test_what_the_rules_do_not_take_is_said_beside_the_text(door: Door) -> None:
    form = editing(door)
    door.uploads.error = None

    def refuse(*_: object) -> object:
        raise BadField("text", "A text is empty at a[0].", hint="Fill it.")

    door.uploads.edit = refuse  # type: ignore[method-assign, assignment]
    answer = ack(door.submit(form, {"text": "{}"}))
    assert answer == {"response_action": "errors", "errors": {"text": "A text is empty at a[0]. Fill it."}}


def test_one_goes_back_to_the_rows_without_an_edit(door: Door) -> None:
    form = editing(door)
    page = turned(door, form, "rows.on")
    assert page["callback_id"] == "rows"
    assert "*Line 8*" in words(page)
    assert "2 rows (lines 3, 8)" in words(page)
    assert not [each for each in door.uploads.calls if each[0] == "edit"]


def test_a_row_that_cannot_be_edited_says_why(door: Door) -> None:
    rows = (replace(each, closed="It is longer than a field takes.") for each in FakeUploads.inspection.rows)
    door.uploads.inspection = replace(FakeUploads.inspection, rows=tuple(rows))
    door.press("dataset.rows", UPLOAD)
    assert "It cannot be edited here. It is longer than a field takes." in words(door.opened)
    assert "rows.edit" not in str(door.opened)


def test_the_longest_row_fits_into_its_form(door: Door) -> None:
    form = editing(door, "<&" * 1_500)
    assert len(json.dumps(form)) < 25_000
    assert form["blocks"][-2]["element"]["initial_value"] == "<&" * 1_500
