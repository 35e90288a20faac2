"""Block Kit in messages: what is shown, and what a press sends."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page import cards
from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser


def show(page: Page, fake: FakePlayground, blocks: list[cards.Json]) -> tuple[Locator, str]:
    """Have the bot post blocks, and return the message on the page and its timestamp."""
    message = fake.post(cards.CHANNEL, cards.BOT, "fallback", blocks=blocks)
    page.goto("/")
    shown = page.locator("#channel .message")
    expect(shown).to_be_visible()
    return shown, message["ts"]


def pressed(page: Page, fake: FakePlayground, control: Locator) -> cards.Json:
    """Press a control and return the action that it sent."""
    with page.expect_response("**/playground/action"):
        control.click()
    return fake.asked("action")[-1]


def test_a_verdict_card_has_its_header_fields_and_context(page: Page, fake: FakePlayground) -> None:
    card, _ = show(page, fake, cards.verdict())
    expect(card.get_by_role("heading")).to_have_text("claims.jsonl can be repaired")
    expect(card.locator(".section-field")).to_have_count(4)
    expect(card.locator(".context")).to_contain_text("For Claude 3 Haiku in us-west-2")
    expect(card.get_by_role("img", name="warning")).to_be_visible()
    expect(card.locator(".badge")).to_have_text("APP")
    expect(card).not_to_contain_text("fallback")


def test_a_button_sends_its_value_block_and_message(page: Page, fake: FakePlayground) -> None:
    card, ts = show(page, fake, cards.verdict())
    sent = pressed(page, fake, card.get_by_role("button", name="Repair 15 records"))
    assert sent["action"] == {
        "type": "button",
        "action_id": "repair",
        "block_id": "do",
        "text": cards.plain("Repair 15 records"),
        "value": "repair-value",
    }
    assert (sent["channel"], sent["message_ts"], sent["as"]) == (cards.CHANNEL, ts, cards.TRAINER)


def test_a_refused_press_says_why(page: Page, fake: FakePlayground) -> None:
    fake.answers["action"] = {"ok": False, "error": "Operation timed out."}
    card, _ = show(page, fake, cards.verdict())
    pressed(page, fake, card.get_by_role("button", name="Full report"))
    expect(page.get_by_role("alert").get_by_text("Operation timed out.")).to_be_visible()


def test_a_confirmation_is_asked_and_no_means_no(page: Page, fake: FakePlayground) -> None:
    card, _ = show(page, fake, cards.plan())
    start = card.get_by_role("button", name="Start")
    start.click()
    dialog = page.get_by_role("dialog", name="Start the job?")
    expect(dialog.locator("strong")).to_have_text("$6.61")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    start.click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert fake.asked("action") == []
    start.click()
    sent = pressed(page, fake, dialog.get_by_role("button", name="Start"))
    assert sent["action"]["action_id"] == "start"


def test_a_select_sends_the_option_and_keeps_it_over_an_edit(page: Page, fake: FakePlayground) -> None:
    card, ts = show(page, fake, cards.verdict())
    card.get_by_role("button", name="Check for another base").click()
    sent = pressed(page, fake, page.get_by_role("option", name="Nova Micro"))
    assert sent["action"]["selected_option"] == cards.option("Nova Micro", "micro")
    assert sent["state"]["values"]["do"]["base"]["selected_option"]["value"] == "micro"
    blocks = [*cards.verdict()[:4], {"type": "divider", "block_id": "new"}]
    fake.change(cards.CHANNEL, ts, blocks=blocks)
    expect(card.locator(".divider")).to_be_attached()
    expect(card.locator(".select-value")).to_have_text("Nova Micro")


def test_a_select_is_walked_by_keyboard(page: Page, fake: FakePlayground) -> None:
    card, _ = show(page, fake, cards.verdict())
    select = card.get_by_role("button", name="Check for another base")
    select.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    with page.expect_response("**/playground/action"):
        page.keyboard.press("Enter")
    assert fake.asked("action")[0]["action"]["selected_option"]["value"] == "llama"
    expect(select).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(select).to_be_focused()


def test_an_overflow_menu_sends_its_option(page: Page, fake: FakePlayground) -> None:
    card, _ = show(page, fake, cards.verdict())
    card.get_by_role("button", name="More options").click()
    sent = pressed(page, fake, page.get_by_role("menuitem", name="Forget this file"))
    assert sent["action"]["type"] == "overflow"
    assert sent["action"]["selected_option"]["value"] == "forget"


def test_choices_in_a_message_send_at_once(page: Page, fake: FakePlayground) -> None:
    options = [cards.option("One"), cards.option("Two")]
    elements = [
        {"type": "checkboxes", "action_id": "boxes", "options": options},
        {"type": "radio_buttons", "action_id": "radio", "options": options},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-22"},
        {"type": "timepicker", "action_id": "time"},
        {"type": "conversations_select", "action_id": "where", "placeholder": cards.plain("Where")},
    ]
    card, _ = show(page, fake, [{"type": "actions", "block_id": "a", "elements": elements}])
    assert pressed(page, fake, card.get_by_role("checkbox", name="Two"))["action"]["selected_options"] == [
        options[1]
    ]
    assert (
        pressed(page, fake, card.get_by_role("radio", name="One"))["action"]["selected_option"] == options[0]
    )
    card.get_by_role("button", name="Where").click()
    assert (
        pressed(page, fake, page.get_by_role("option", name="# general"))["action"]["selected_conversation"]
        == "C2"
    )
    with page.expect_response("**/playground/action"):
        card.locator("input[type=time]").fill("09:30")
    last = fake.asked("action")[-1]
    assert last["action"]["selected_time"] == "09:30"
    assert last["state"]["values"]["a"]["day"] == {"type": "datepicker", "selected_date": "2026-11-22"}


def test_a_link_button_opens_only_a_web_address(page: Page, fake: FakePlayground) -> None:
    bad = cards.button("Bad", "bad", url="javascript:alert(1)")
    good = cards.button("Good", "good", url=f"{page.url}/playground/static/icon.svg")
    card, _ = show(page, fake, [{"type": "actions", "block_id": "a", "elements": [bad]}])
    pressed(page, fake, card.get_by_role("button", name="Bad"))
    assert len(page.context.pages) == 1
    good["url"] = page.url.split("#")[0] + "playground/static/icon.svg"
    fake.change(
        cards.CHANNEL, fake.messages[cards.CHANNEL][0]["ts"], blocks=[{"type": "actions", "elements": [good]}]
    )
    with page.context.expect_page() as opened:
        card.get_by_role("button", name="Good").click()
    assert opened.value.evaluate("window.opener") is None


def test_a_table_has_head_rows_and_alignment(page: Page, fake: FakePlayground) -> None:
    card, _ = show(page, fake, cards.plan())
    expect(card.get_by_role("columnheader")).to_have_text(["What", "Value", "Price"])
    expect(card.get_by_role("row")).to_have_count(4)
    expect(card.get_by_role("cell", name="$6.61")).to_have_class("align-right")


def test_rich_text_images_and_files_are_drawn(page: Page, fake: FakePlayground) -> None:
    fake.files["F0CURVE01"] = (
        {"id": "F0CURVE01", "mimetype": "image/svg+xml"},
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    )
    bold = {"type": "text", "text": "bold", "style": {"bold": True}}
    blocks: list[cards.Json] = [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [bold, {"type": "user", "user_id": cards.ASKER}]},
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_section", "elements": [bold]}],
                },
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a  b"}]},
            ],
        },
        {"type": "image", "slack_file": {"id": "F0CURVE01"}, "alt_text": "Loss curve"},
        {"type": "image", "image_url": "https://elsewhere.example/x.png", "alt_text": "Elsewhere"},
        {"type": "sparkle"},
    ]
    card, _ = show(page, fake, blocks)
    expect(card.locator("p strong")).to_have_text("bold")
    expect(card.locator(".mention")).to_have_text("@Inês Duarte")
    expect(card.locator("li strong")).to_have_text("bold")
    expect(card.locator("pre")).to_have_text("a  b")
    expect(card.get_by_role("img", name="Loss curve")).to_have_attribute(
        "src", re.compile("^/playground/file/F0CURVE01")
    )
    expect(card.get_by_role("link", name="Elsewhere")).to_be_visible()
    expect(card).to_contain_text("The playground has no “sparkle” block.")


HOSTILE = (
    "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script><svg onload='window.hacked=1'>"
)


def test_nothing_in_a_message_becomes_markup(page: Page, fake: FakePlayground) -> None:
    evil_link = "<javascript:alert(1)|click> [click](javascript:alert(1)) <data:text/html,x|y>"
    person = {
        "id": "U9",
        "name": "eve",
        "real_name": HOSTILE,
        "role": None,
        "is_bot": False,
        "color": "red;x",
        "initials": HOSTILE,
    }
    fake.people.append(person)
    fake.channels[0]["topic"] = HOSTILE
    blocks = [
        {"type": "header", "text": cards.plain(HOSTILE)},
        {
            "type": "section",
            "text": cards.mrkdwn(f"{HOSTILE} ```{HOSTILE}``` {evil_link}"),
            "fields": [cards.mrkdwn(HOSTILE)],
        },
        {
            "type": "markdown",
            "text": f"# {HOSTILE}\n\n| {HOSTILE} |\n|---|\n| {HOSTILE} |\n\n- {HOSTILE}\n\n{evil_link}",
        },
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "link", "url": "javascript:x", "text": HOSTILE}],
                }
            ],
        },
        {"type": "image", "image_url": f'x" onerror="{HOSTILE}', "alt_text": HOSTILE},
        {"type": "actions", "elements": [cards.button(HOSTILE, HOSTILE)]},
        {"type": HOSTILE},
    ]
    file = {
        "id": "F1",
        "name": HOSTILE,
        "title": HOSTILE,
        "pretty_type": HOSTILE,
        "size": 1,
        "mimetype": "text/plain",
    }
    fake.post(cards.CHANNEL, "U9", HOSTILE, files=[file], reactions=[{"name": HOSTILE, "users": ["U9"]}])
    fake.post(cards.CHANNEL, cards.BOT, HOSTILE, blocks=blocks)
    page.goto("/")
    expect(page.locator("#channel .message")).to_have_count(2)
    assert page.evaluate("window.hacked") is None
    assert (
        page.locator(
            "#channel :is(script, [onerror], [onload], svg[onload], a[href^=javascript], a[href^=data])"
        ).count()
        == 0
    )
    expect(page.locator("#channel .message").last.get_by_role("heading").first).to_have_text(HOSTILE)
