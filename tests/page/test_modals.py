"""Modals: values in Slack's shape, errors, the stack, files, closing."""

import threading

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page import cards
from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser


def opened(page: Page, fake: FakePlayground, view: cards.Json | None = None) -> Locator:
    page.goto("/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    shown = view or cards.form()
    fake.emit("view_opened", only=cards.TRAINER, view=shown)
    dialog = page.get_by_role("dialog", name=shown["title"]["text"])
    expect(dialog).to_be_visible()
    return dialog


def submitted(page: Page, fake: FakePlayground) -> cards.Json:
    with page.expect_response("**/playground/view/submit"):
        page.get_by_role("button", name="Make a plan").click()
    return fake.asked("view/submit")[-1]


def fill_required(page: Page, dialog: Locator) -> None:
    dialog.get_by_role("textbox", name="Model name").fill("claims-router")
    dialog.get_by_role("button", name="Base model").click()
    page.get_by_role("combobox", name="Search options").fill("3")
    page.keyboard.press("Enter")


def test_a_form_sends_every_value_in_slacks_shape(page: Page, fake: FakePlayground) -> None:
    dialog = opened(page, fake)
    expect(dialog.get_by_role("textbox", name="Model name")).to_be_focused()
    fill_required(page, dialog)
    dialog.get_by_role("button", name="Tags").click()
    for name in ("claims", "pilot"):
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Approver").click()
    page.get_by_role("option", name="Amir Haddad").click()
    dialog.get_by_label("Validation file").set_input_files(
        {"name": "val.jsonl", "mimeType": "text/plain", "buffer": b"{}"}
    )
    expect(dialog.locator(".file-chip")).to_contain_text("val.jsonl")
    dialog.get_by_role("checkbox", name="Stop early").check()
    dialog.get_by_label("Start on").fill("2026-12-01")
    sent = submitted(page, fake)
    expect(dialog).to_have_count(0)
    values = sent["state"]["values"]
    assert sent["view_id"] == "V1"
    assert values["name"] == {"name": {"type": "plain_text_input", "value": "claims-router"}}
    assert values["base"]["base"]["selected_option"]["value"] == "base-3"
    assert values["epochs"] == {"epochs": {"type": "number_input", "value": "2"}}
    assert [option["value"] for option in values["tags"]["tags"]["selected_options"]] == ["claims", "pilot"]
    assert values["owner"] == {"owner": {"type": "users_select", "selected_user": cards.APPROVER}}
    assert values["split"]["split"]["selected_option"]["value"] == "split"
    assert [file["name"] for file in values["file"]["file"]["files"]] == ["val.jsonl"]
    assert values["flags"]["flags"]["selected_options"] == [cards.option("Stop early", "early")]
    assert values["day"] == {"day": {"type": "datepicker", "selected_date": "2026-12-01"}}
    assert values["notes"] == {"notes": {"type": "plain_text_input", "value": None}}
    assert "channel" not in fake.asked("upload")[0]


def test_the_pages_own_checks_stand_under_their_inputs(page: Page, fake: FakePlayground) -> None:
    dialog = opened(page, fake)
    dialog.get_by_role("spinbutton", name="Epochs").fill("11")
    page.get_by_role("button", name="Make a plan").click()
    block = dialog.locator("[data-block-id=epochs]")
    expect(block.get_by_role("alert")).to_have_text("Please enter a number of at most 10.")
    expect(dialog.locator("[data-block-id=name]").get_by_role("alert")).to_have_text(
        "Please complete this required field."
    )
    expect(dialog.get_by_role("textbox", name="Model name")).to_be_focused()
    expect(dialog.get_by_role("textbox", name="Model name")).to_have_attribute("aria-invalid", "true")
    assert fake.asked("view/submit") == []


def test_the_bots_errors_keep_what_was_typed(page: Page, fake: FakePlayground) -> None:
    fake.answers["view/submit"] = {"response_action": "errors", "errors": {"name": "That name is taken."}}
    dialog = opened(page, fake)
    fill_required(page, dialog)
    submitted(page, fake)
    name = dialog.locator("[data-block-id=name]")
    expect(name.get_by_role("alert")).to_have_text("That name is taken.")
    expect(name.get_by_role("textbox")).to_have_value("claims-router")
    expect(name.get_by_role("textbox")).to_have_accessible_description("That name is taken.")


def test_a_modal_waits_visibly_and_shows_trouble_on_top(page: Page, fake: FakePlayground) -> None:
    answer = threading.Event()
    dialog = opened(page, fake)
    fill_required(page, dialog)

    def hold(route: object) -> None:
        answer.set()

    page.route("**/playground/view/submit", hold)
    button = page.get_by_role("button", name="Make a plan")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    assert answer.is_set()
    page.unroute("**/playground/view/submit")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_refused_submit_stays_open_with_the_sentence(page: Page, fake: FakePlayground) -> None:
    fake.answers["view/submit"] = {"ok": False, "error": "We had some trouble connecting. Try again?"}
    dialog = opened(page, fake)
    fill_required(page, dialog)
    submitted(page, fake)
    expect(dialog.get_by_role("alert").first).to_have_text("We had some trouble connecting. Try again?")


def test_views_are_pushed_updated_and_taken_off(page: Page, fake: FakePlayground) -> None:
    base = cards.form()
    pushed = {**base, "id": "V2", "title": cards.plain("Second"), "blocks": [], "close": cards.plain("Back")}
    fake.answers["view/submit"] = {"response_action": "push", "view": pushed}
    dialog = opened(page, fake)
    fill_required(page, dialog)
    submitted(page, fake)
    second = page.get_by_role("dialog", name="Second")
    expect(second).to_be_visible()
    fake.emit("view_pushed", only=cards.TRAINER, view=pushed)
    section = {"type": "section", "block_id": "s", "text": cards.mrkdwn("updated")}
    fake.emit("view_updated", only=cards.TRAINER, view={**pushed, "blocks": [section]})
    expect(second.get_by_text("updated")).to_be_visible()
    second.get_by_role("button", name="Back").click()
    expect(dialog.get_by_role("textbox", name="Model name")).to_have_value("claims-router")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [body["view_id"] for body in fake.asked("view/close")] == ["V2", "V1"]


def test_an_update_of_the_same_view_keeps_what_is_being_typed(page: Page, fake: FakePlayground) -> None:
    dialog = opened(page, fake)
    name = dialog.get_by_role("textbox", name="Model name")
    name.fill("half")
    view = cards.form()
    view["blocks"].insert(0, {"type": "header", "block_id": "top", "text": cards.plain("Fresh figures")})
    fake.emit("view_updated", only=cards.TRAINER, view=view)
    expect(dialog.get_by_role("heading", name="Fresh figures")).to_be_visible()
    expect(name).to_have_value("half")
    expect(name).to_be_focused()


def test_an_input_that_dispatches_sends_an_action_and_others_do_not(page: Page, fake: FakePlayground) -> None:
    dialog = opened(page, fake)
    dialog.get_by_role("checkbox", name="Stop early").check()
    with page.expect_response("**/playground/action"):
        dialog.get_by_role("radio", name="Upload one").check()
    (sent,) = fake.asked("action")
    assert sent["view_id"] == "V1"
    assert sent["action"]["block_id"] == "split"
    assert sent["action"]["selected_option"]["value"] == "upload"


def test_a_file_of_the_wrong_kind_is_refused_before_it_is_sent(page: Page, fake: FakePlayground) -> None:
    dialog = opened(page, fake)
    dialog.get_by_label("Validation file").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"x"}
    )
    expect(dialog.get_by_text("photo.png is not one of the accepted types: jsonl.")).to_be_visible()
    assert fake.asked("upload") == []


def test_focus_stays_in_the_modal_and_returns(page: Page, fake: FakePlayground) -> None:
    opened(page, fake)
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#composer-channel")).to_be_focused()
