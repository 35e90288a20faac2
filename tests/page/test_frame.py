"""What is around the messages: people, clock, App Home, the connection, widths and colours."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.page import cards
from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser

WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .filter((e) => !e.closest(".table-frame") && e.checkVisibility())
    .map((e) => `${e.tagName} ${e.getAttribute("class")}`)"""


def test_the_label_says_that_nothing_is_real(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("note").first).to_have_text("Playground — nothing here is real Slack or AWS")


def test_switching_the_person_loads_the_page_as_them(page: Page, fake: FakePlayground) -> None:
    page.goto(f"/#/{cards.OTHER}")
    page.get_by_role("button", name="You are Tess Okafor, Trainer").click()
    page.get_by_role("menuitemradio", name="Amir Haddad").click()
    expect(page.get_by_role("button", name="You are Amir Haddad, Approver")).to_be_visible()
    expect(page.get_by_role("heading", name="general")).to_be_visible()
    page.locator("#composer-channel").fill("as amir")
    page.locator("#composer-channel").press("Enter")
    expect(page.locator("#channel .author")).to_have_text("Amir Haddad")
    assert fake.asked("message")[0]["as"] == cards.APPROVER


def test_the_clock_is_driven_from_the_panel(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    page.get_by_role("button", name="Clock & faults").click()
    panel = page.get_by_role("complementary", name="Clock and faults")
    expect(panel.locator(".clock-time")).to_have_text("6:30:00 PM")
    faster = panel.get_by_role("button", name="120")
    faster.click()
    expect(faster).to_have_attribute("aria-pressed", "true")
    for name in ("+1 hour", "+1 day"):
        with page.expect_response("**/playground/bedrock"):
            panel.get_by_role("button", name=name).click()
    panel.get_by_role("switch").check()
    expect(panel.get_by_text("Jobs and throughput on it are refused.")).to_be_visible()
    panel.get_by_role("button", name="Resume").click()
    expect(panel.get_by_role("button", name="Pause")).to_be_focused()
    panel.get_by_label("What").select_option("fail_training")
    panel.get_by_role("button", name="Order it").click()
    expect(panel.get_by_role("listitem").filter(has_text="Next job fails")).to_be_visible()
    panel.get_by_role("button", name="Clear all").click()
    expect(panel.get_by_role("button", name="Clear all")).to_have_count(0)
    assert fake.asked("bedrock") == [
        {"speed": 120},
        {"advance_seconds": 3600},
        {"advance_seconds": 86_400},
        {"lifecycle": "ended"},
        {"paused": False},
        {"fault": {"operation": "CreateModelCustomizationJob", "kind": "fail_training", "times": 1}},
        {"clear_faults": True},
    ]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_panel_follows_the_stand_in(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    page.get_by_role("button", name="Clock & faults").click()
    fresh = {**cards.bedrock(), "now": "2026-11-23T08:00:05Z"}
    fresh["jobs"] = [{"name": "night-run", "status": "Completed", "stage": "", "base": "Nova Micro"}]
    fake.emit("bedrock", bedrock=fresh)
    expect(page.locator("#bedrock").get_by_text("night-run")).to_be_visible()
    expect(page.locator(".clock-time")).to_have_text("8:00:05 AM")
    expect(page.locator("#bar-time")).to_have_text("Bedrock 8:00 AM")


def test_without_a_bedrock_stand_in_there_is_no_clock(page: Page, fake: FakePlayground) -> None:
    fake.bedrock = None
    page.goto("/")
    expect(page.get_by_role("heading", name="claims-ai")).to_be_visible()
    expect(page.get_by_role("button", name="Clock & faults")).to_have_count(0)


def test_app_home_shows_what_was_published_and_follows(page: Page, fake: FakePlayground) -> None:
    fake.home = cards.app_home()
    page.goto("/")
    page.get_by_role("link", name="Tunesmith").click()
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("heading", name="My jobs")).to_be_visible()
    with page.expect_response("**/playground/action"):
        page.get_by_role("button", name="Extend").click()
    (sent,) = fake.asked("action")
    assert (sent["view_id"], sent["action"]["action_id"]) == ("VH", "extend")
    section = {"type": "section", "block_id": "s", "text": cards.mrkdwn("Nothing runs.")}
    fake.emit("home", only=cards.TRAINER, view={"id": "VH", "type": "home", "blocks": [section]})
    expect(page.get_by_text("Nothing runs.")).to_be_visible()
    page.get_by_role("link", name="Messages").click()
    expect(page.locator("#composer-channel")).to_be_visible()
    assert [body["tab"] for body in fake.asked("home")] == ["messages", "home"]


def test_a_bot_that_is_away_is_said_in_a_banner(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    fake.emit("bot", connected=False)
    expect(page.get_by_text("Tunesmith is not connected.")).to_be_visible()
    fake.emit("bot", connected=True)
    expect(page.get_by_text("Tunesmith is not connected.")).to_be_hidden()


def test_a_broken_stream_is_taken_up_again_with_what_was_missed(page: Page, fake: FakePlayground) -> None:
    fake.post(cards.CHANNEL, cards.APPROVER, "before")
    page.goto("/")
    expect(page.locator("#channel .message")).to_have_count(1)
    with page.expect_response("**/playground/events**"):
        fake.break_streams(refuse=True)
    fake.post(cards.CHANNEL, cards.APPROVER, "while away")
    fake.break_streams()
    expect(page.get_by_text("while away")).to_be_visible()
    fake.post(cards.CHANNEL, cards.APPROVER, "afterwards")
    expect(page.get_by_text("afterwards")).to_be_visible()
    expect(page.locator("#channel .message")).to_have_count(3)


def test_open_modals_are_there_again_after_a_reload(page: Page, fake: FakePlayground) -> None:
    page.route(
        "**/playground/state**",
        lambda route: route.fulfill(
            json={**route.fetch().json(), "views": [cards.form()], "bot": {"connected": False}}
        ),
    )
    page.goto("/")
    expect(page.get_by_role("dialog", name="Start a job")).to_be_visible()
    expect(page.get_by_text("Tunesmith is not connected.")).to_be_visible()


def fill_the_channel(fake: FakePlayground) -> cards.Json:
    parent = fake.post(cards.CHANNEL, cards.TRAINER, "https://a.example/" + "long" * 60)
    file = {
        "id": "F1",
        "name": "a-rather-long-name-of-a-file-" * 3 + ".jsonl",
        "size": 1,
        "mimetype": "text/plain",
    }
    fake.post(cards.CHANNEL, cards.TRAINER, "`" + "x" * 300 + "`\n```" + "y" * 300 + "```", files=[file])
    for blocks in (cards.verdict(), cards.plan(), cards.live_job()):
        fake.post(cards.CHANNEL, cards.BOT, "card", blocks=blocks)
    wide = [[{"type": "raw_text", "text": "a rather long cell"} for _ in range(9)] for _ in range(3)]
    fake.post(
        cards.CHANNEL, cards.BOT, "wide", blocks=[{"type": "table", "rows": wide}], thread_ts=parent["ts"]
    )
    return parent


@pytest.mark.parametrize("viewport", [(390, 844), (320, 600), (900, 700)])
def test_nothing_is_wider_than_the_screen(page: Page, fake: FakePlayground) -> None:
    parent = fill_the_channel(fake)
    page.goto("/")
    expect(page.locator("#channel .message")).to_have_count(5)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    page.goto(f"/#/{cards.CHANNEL}/{parent['ts']}")
    expect(page.locator("#thread .message")).to_have_count(2)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert page.locator("#thread .table-frame").evaluate("e => e.scrollWidth > e.clientWidth")
    page.locator("#clock-button").click()
    fake.emit("view_opened", only=cards.TRAINER, view=cards.form())
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []


@pytest.mark.parametrize("viewport", [(390, 844)])
def test_on_a_phone_one_goes_from_list_to_channel_to_thread_and_back(
    page: Page, fake: FakePlayground
) -> None:
    parent = fake.post(cards.CHANNEL, cards.TRAINER, "a parent")
    fake.post(cards.CHANNEL, cards.BOT, "a reply", thread_ts=parent["ts"])
    page.goto("/#/")
    expect(page.locator("#channel")).to_be_hidden()
    page.get_by_role("link", name="claims-ai").click()
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("link", name="1 reply").click()
    expect(page.locator("#channel")).to_be_hidden()
    expect(page.locator("#thread .message")).to_have_count(2)
    page.get_by_role("link", name="Back to the channel").click()
    expect(page.locator("#channel .message")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("link", name="general")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_until_one_chooses(browser: Browser, address: str, scheme: str) -> None:
    dark = scheme == "dark"
    context = browser.new_context(base_url=address, color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.goto("/")
    colour = "() => getComputedStyle(document.querySelector('#channel')).backgroundColor"
    white, black = "rgb(255, 255, 255)", "rgb(26, 29, 33)"
    page.locator("body[data-ready]").wait_for()
    assert page.evaluate(colour) == (black if dark else white)
    page.get_by_role("button", name=f"Use {'light' if dark else 'dark'} colours").click()
    assert page.evaluate(colour) == (white if dark else black)
    page.reload()
    page.locator("body[data-ready]").wait_for()
    assert page.evaluate(colour) == (white if dark else black)
    context.close()


CONTRAST = """() => {
    const channels = (text) => text.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
    const light = (rgb) => rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const page = (e) => {
        const layers = [];
        for (let at = e; at; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const poor = [];
    for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        const shown = e.checkVisibility({opacityProperty: true, visibilityProperty: true});
        if (!own || !shown || e.closest(".faint, .avatar")) continue;
        const below = page(e), [a, b] = [light(over(channels(getComputedStyle(e).color), below)), light(below)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push(`${e.tagName} ${e.className} "${e.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`);
    }
    return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_both_schemes(
    browser: Browser, address: str, fake: FakePlayground, scheme: str
) -> None:
    fill_the_channel(fake)
    context = browser.new_context(base_url=address, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("#channel .message")).to_have_count(5)
    page.locator("#clock-button").click()
    assert page.evaluate(CONTRAST) == []
    context.close()


def test_an_event_that_overtakes_the_history_is_not_lost(page: Page, fake: FakePlayground) -> None:
    gone = fake.post(cards.CHANNEL, cards.APPROVER, "deleted meanwhile")

    def slow(route: Route) -> None:
        answer = route.fetch()
        fake.post(cards.CHANNEL, cards.APPROVER, "came meanwhile")
        fake.emit("message_deleted", channel=cards.CHANNEL, ts=gone["ts"])
        fake.emit("bot", connected=False)
        expect(page.get_by_text("is not connected.")).to_be_visible()
        route.fulfill(response=answer)

    page.route("**/playground/history**", slow)
    page.goto("/")
    expect(page.locator("#channel .message-content")).to_have_text("came meanwhile")


@pytest.mark.parametrize("thread", ["", "?thread_ts={ts}&cid={channel}"])
def test_a_link_to_a_message_opens_its_thread_in_place_and_from_outside(
    page: Page, fake: FakePlayground, thread: str
) -> None:
    page.goto(f"/#/{cards.CHANNEL}")
    site = page.url.partition("/#")[0]
    root = fake.post(cards.CHANNEL, cards.BOT, "the plan")
    address = f"{site}/archives/{cards.CHANNEL}/p{root['ts'].replace('.', '')}"
    address += thread.format(ts=root["ts"], channel=cards.CHANNEL)
    fake.post(cards.CHANNEL, cards.BOT, f"<{address}|Open thread>")
    pane = page.locator("#thread")

    page.get_by_role("link", name="Open thread").click()
    expect(pane.get_by_text("the plan")).to_be_visible()

    page.goto(address)
    expect(pane.get_by_text("the plan")).to_be_visible()
    expect(page).to_have_url(f"{site}/#/{cards.CHANNEL}/{root['ts']}")
