"""The page on the real stand-ins for Slack and Bedrock, with a small bot: the two sides of PROTOCOL.md meet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.adapters.slack_canvases import SlackCanvases
from bot.clock import SystemClock
from bot.playground.bedrock import BedrockStandIn
from bot.playground.slack import SlackStandIn
from tests.page import small_bot
from tests.playground.slack.support import client_of

pytestmark = pytest.mark.browser


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with BedrockStandIn() as bedrock, SlackStandIn(bedrock=bedrock) as slack:
        yield slack


@pytest.fixture
def address(slack: SlackStandIn) -> str:
    return slack.url.rstrip("/")


def test_from_an_upload_to_a_streamed_answer(page: Page, slack: SlackStandIn) -> None:
    with small_bot.running(slack):
        page.goto("/")
        page.locator("#channel").get_by_label("Files to upload").set_input_files(
            {"name": "claims.jsonl", "mimeType": "text/plain", "buffer": b"{}\n"}
        )
        page.locator("#composer-channel").press("Enter")
        page.get_by_role("link", name="1 reply").click()
        thread = page.get_by_role("complementary", name="Thread")
        thread.get_by_role("button", name="Repair 15 records").click()
        dialog = page.get_by_role("dialog", name="Repair")
        dialog.get_by_role("textbox", name="Model name").fill("taken")
        dialog.get_by_label("Validation file").set_input_files(
            {"name": "val.jsonl", "mimeType": "text/plain", "buffer": b"{}\n"}
        )
        expect(dialog.locator(".file-chip")).to_be_visible()
        dialog.get_by_role("button", name="Repair it").click()
        expect(dialog.get_by_role("alert").filter(has_text="That name is taken.")).to_be_visible()
        dialog.get_by_role("textbox", name="Model name").fill("claims-router")
        dialog.get_by_role("button", name="Repair it").click()
        expect(dialog).to_have_count(0)
        answer = thread.locator(".message").last
        expect(answer).to_contain_text("Repaired claims-router with val.jsonl")
        expect(answer.locator("strong")).to_have_text("claims-router")


def test_a_canvas_opens_where_its_link_is_read(page: Page, slack: SlackStandIn) -> None:
    client = client_of(slack)
    canvases = SlackCanvases(client, client, SystemClock())
    canvas = canvases.create("Report", "# Not ready: `claims.jsonl`\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    canvases.open_to(canvas, channel="C0CLAIMSAI", reader="")
    client.chat_postMessage(channel="C0CLAIMSAI", text=f"<{canvases.link(canvas)}|Open the report>")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/#/C0CLAIMSAI")
    page.get_by_role("link", name="Open the report").click()
    dialog = page.get_by_role("dialog", name="Canvas")
    expect(dialog.get_by_role("heading", name="Not ready: claims.jsonl")).to_be_visible()
    expect(dialog.get_by_role("cell", name="2")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_commands_home_people_and_the_clock(page: Page, slack: SlackStandIn) -> None:
    page.goto("/")
    expect(page.get_by_text("is not connected.")).to_be_visible()
    with small_bot.running(slack):
        expect(page.get_by_text("is not connected.")).to_be_hidden()
        box = page.locator("#composer-channel")
        box.press_sequentially("/pl")
        box.press("Tab")
        expect(box).to_have_value("/play ")
        box.press_sequentially("chess 3")
        box.press("Enter")
        expect(page.locator("#channel .ephemeral")).to_contain_text("You said chess 3")
        box.fill("/nonsense")
        box.press("Enter")
        expect(page.get_by_role("alert").get_by_text("/nonsense is not a valid command.")).to_be_visible()
        page.locator("#sidebar").get_by_role("link", name="playground").click()
        page.get_by_role("link", name="Home", exact=True).click()
        expect(page.get_by_role("heading", name="Running leases")).to_be_visible()
        page.get_by_role("button", name="Clock & faults").click()
        panel = page.get_by_role("complementary", name="Clock and faults")
        panel.get_by_role("switch").check()
        expect(panel.get_by_text("Jobs and throughput on it are refused.")).to_be_visible()
        panel.get_by_role("button", name="Order it").click()
        expect(panel.get_by_role("button", name="Clear all")).to_be_visible()
        page.get_by_role("button", name="Switch person").click()
        page.get_by_role("menuitemradio", name="Inês Duarte").click()
        expect(page.get_by_role("button", name="You are Inês Duarte, Asker")).to_be_visible()


def test_text_arrives_as_slack_would_keep_it(browser: Browser, page: Page, address: str) -> None:
    page.goto("/")
    page.locator("#composer-channel").press_sequentially("@ines")
    page.keyboard.press("Tab")
    page.keyboard.type("<b> & *bold*, `code` :eyes: https://a.example")
    page.keyboard.press("Enter")
    other = browser.new_context(base_url=address)
    seen = other.new_page()
    seen.goto("/?as=U0ASKER001")
    text = seen.locator("#channel .message-content")
    expect(text).to_contain_text("@Inês Duarte <b> & bold, code")
    expect(text.locator("strong")).to_have_text("bold")
    expect(text.locator("code")).to_have_text("code")
    expect(text.locator(".mention-me")).to_have_text("@Inês Duarte")
    expect(text.get_by_role("link")).to_have_attribute("href", "https://a.example/")
    other.close()
