"""The row inspector through the front door: paging, choosing, and what is made of it."""

import json
from dataclasses import replace

import pytest

from bot.errors import Refused
from handlers.ui.limits import PRIVATE_METADATA
from tests.handlers.desks import FakeUploads
from tests.handlers.door import CHANNEL, USER, Door, Json, initial_state, words

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
