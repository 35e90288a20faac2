"""Writing and reading: messages, completion, files, threads, what only one person sees, streams."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page import cards
from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser

COMPOSER = "#composer-channel"


def messages(page: Page) -> list[str]:
    return page.locator("#channel .message .message-content").all_inner_texts()


def drop_file(page: Page, target: str, name: str, content: str) -> None:
    """Drop a file as a mouse would: dragover, then drop, with a DataTransfer that holds it."""
    transfer = page.evaluate_handle(
        """([name, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], name, {type: "application/jsonl"}));
            return transfer;
        }""",
        [name, content],
    )
    page.dispatch_event(target, "dragover", {"dataTransfer": transfer})
    expect(page.locator("#channel .drop-veil")).to_be_visible()
    page.dispatch_event(target, "drop", {"dataTransfer": transfer})


def test_enter_sends_and_shift_enter_breaks_the_line(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    page.locator(COMPOSER).press_sequentially("first")
    page.locator(COMPOSER).press("Shift+Enter")
    page.locator(COMPOSER).press_sequentially("second")
    page.locator(COMPOSER).press("Enter")
    expect(page.locator("#channel .message-content")).to_have_text("firstsecond")
    assert fake.asked("message") == [{"as": cards.TRAINER, "channel": cards.CHANNEL, "text": "first\nsecond"}]
    expect(page.locator(COMPOSER)).to_have_value("")


def test_what_was_refused_stays_in_the_box_with_the_servers_sentence(
    page: Page, fake: FakePlayground
) -> None:
    refusal = '/tune failed with the error "operation_timeout"'
    fake.answers["message"] = {"ok": False, "error": refusal}
    page.goto("/")
    page.locator(COMPOSER).fill("/tune jobs all")
    page.locator(COMPOSER).press("Enter")
    expect(page.get_by_role("alert").get_by_text(refusal)).to_be_visible()
    expect(page.locator(COMPOSER)).to_have_value("/tune jobs all")


def test_slash_completion_has_commands_and_their_hint_and_no_sub_commands(
    page: Page, fake: FakePlayground
) -> None:
    """As Slack's: a manifest knows commands with a usage hint, and nothing of what follows them.

    docs.slack.dev/reference/app-manifest, ``features.slash_commands``: command, description, usage_hint,
    should_escape, url.
    """
    page.goto("/")
    box, options = page.locator(COMPOSER), page.get_by_role("option")
    box.press_sequentially("/")
    expect(options).to_have_count(2)
    box.press_sequentially("t")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("[help, start, status, stop]")
    box.press("Tab")
    expect(box).to_have_value("/tune ")
    hint = page.get_by_text("/tune [help, start, status, stop] — Fine-tune models on Amazon Bedrock")
    for typed in ("", "st", "atus", " "):
        box.press_sequentially(typed)
        expect(hint).to_be_visible()
        expect(options).to_have_count(0)
    box.press("Tab")
    box.focus()
    expect(box).to_have_value("/tune status ")
    box.press_sequentially("claims-router-1")
    box.press("Enter")
    expect(box).to_have_value("")
    assert fake.asked("message")[0]["text"] == "/tune status claims-router-1"


def test_a_completed_mention_is_sent_by_id_and_shown_by_name(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    page.locator(COMPOSER).press_sequentially("ask @tune")
    page.locator(COMPOSER).press("Enter")
    expect(page.locator(COMPOSER)).to_have_value("ask @Tunesmith ")
    page.locator(COMPOSER).press_sequentially("now")
    page.locator(COMPOSER).press("Enter")
    expect(page.locator("#channel .mention")).to_have_text("@Tunesmith")
    assert fake.asked("message")[0]["text"] == "ask <@U0BOT> now"


def test_a_dropped_file_waits_in_the_box_and_goes_with_the_text(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    drop_file(page, "#channel .message-list", "claims.jsonl", '{"a": 1}\n')
    expect(page.locator("#channel .file-chip")).to_contain_text("claims.jsonl")
    page.locator(COMPOSER).press_sequentially("here it is")
    page.locator(COMPOSER).press("Enter")
    card = page.get_by_role("link", name="Download claims.jsonl")
    expect(card).to_be_visible()
    assert fake.asked("upload")[0] == {
        "as": cards.TRAINER,
        "channel": cards.CHANNEL,
        "text": "here it is",
        "names": ["claims.jsonl"],
    }
    with page.expect_download() as download:
        card.click()
    assert Path(download.value.path()).read_text() == '{"a": 1}\n'


def test_the_paperclip_takes_files_and_a_chip_can_be_removed(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    with page.expect_file_chooser() as chooser:
        page.locator("#channel").get_by_role("button", name="Attach a file").click()
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("one.jsonl", "two.jsonl")]
    chooser.value.set_files(files)  # type: ignore[arg-type]  # a list of dicts is what it takes
    page.get_by_role("button", name="Remove one.jsonl").click()
    page.locator("#channel").get_by_role("button", name="Send").click()
    expect(page.locator(".file-card")).to_have_count(1)
    assert fake.asked("upload")[0]["names"] == ["two.jsonl"]


def test_a_thread_opens_beside_the_channel_and_takes_replies(page: Page, fake: FakePlayground) -> None:
    parent = fake.post(cards.CHANNEL, cards.TRAINER, "a parent")
    fake.post(cards.CHANNEL, cards.BOT, "a reply", thread_ts=parent["ts"])
    page.goto("/")
    page.get_by_role("link", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".message")).to_have_count(2)
    page.locator("#composer-thread").press_sequentially("thanks")
    page.locator("#composer-thread").press("Enter")
    expect(thread.locator(".message").last).to_contain_text("thanks")
    expect(page.locator("#channel .message")).to_have_count(1)
    expect(page.locator("#channel").get_by_role("link", name="2 replies")).to_be_visible()
    assert fake.asked("message")[0]["thread_ts"] == parent["ts"]
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()


def test_an_ephemeral_message_is_marked_and_goes_away(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    message = {"ts": fake.ts(), "user": cards.BOT, "bot_id": "B1", "text": "psst", "ephemeral": True}
    fake.emit("ephemeral", only=cards.TRAINER, channel=cards.CHANNEL, message=message)
    fake.emit("ephemeral", only=cards.ASKER, channel=cards.CHANNEL, message={**message, "ts": fake.ts()})
    expect(page.get_by_text("Only visible to you")).to_have_count(1)
    fake.emit("ephemeral_deleted", only=cards.TRAINER, channel=cards.CHANNEL, ts=message["ts"])
    expect(page.get_by_text("Only visible to you")).to_have_count(0)


def test_a_stream_grows_shows_a_caret_and_can_be_stopped(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    fake.emit("status", channel=cards.CHANNEL, thread_ts="", status="is thinking…", loading_messages=[])
    expect(page.get_by_text("Tunesmith is thinking…")).to_be_visible()
    fake.emit("status", channel=cards.CHANNEL, thread_ts="", status="", loading_messages=[])
    growing = fake.post(cards.CHANNEL, cards.BOT, "File an", streaming=True)
    expect(page.get_by_text("is thinking…")).to_have_count(0)
    fake.change(cards.CHANNEL, growing["ts"], text="File an **expedited** appeal")
    streaming = page.locator(".message.streaming")
    expect(streaming.locator("strong")).to_have_text("expedited")
    caret = "e => getComputedStyle(e.querySelector('.text > :last-child'), '::after').width"
    assert streaming.evaluate(caret) == "8px"
    fake.change(cards.CHANNEL, growing["ts"], streaming=False)
    expect(streaming).to_have_count(0)


def test_what_is_at_work_in_a_thread_can_be_stopped_whether_or_not_it_streams(
    page: Page, fake: FakePlayground
) -> None:
    """docs.slack.dev/reference/events/agent_session_stopped: the button is the session's, not the stream's."""
    root = fake.post(cards.CHANNEL, cards.TRAINER, "A question")
    session = {"channel": cards.CHANNEL, "thread_ts": root["ts"], "processing": True, "stoppable": True}
    page.goto(f"/#/{cards.CHANNEL}/{root['ts']}")
    expect(page.locator("body[data-ready]")).to_be_attached()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_have_count(0)
    fake.emit("session", **session)
    expect(page.get_by_text("Tunesmith is working…")).to_be_visible()
    with page.expect_response("**/playground/stop_session"):
        stop.click()
    asked = {"as": cards.TRAINER, "channel": cards.CHANNEL, "thread_ts": root["ts"]}
    assert fake.asked("stop_session") == [asked]
    fake.emit("session", **session | {"stoppable": False})
    expect(stop).to_have_count(0)
    expect(page.get_by_text("Tunesmith is working…")).to_be_visible()
    fake.emit("session", **session | {"processing": False, "stoppable": False})
    expect(page.get_by_text("Tunesmith is working…")).to_have_count(0)


def test_deleted_edited_and_reacted_messages_follow(page: Page, fake: FakePlayground) -> None:
    kept = fake.post(cards.CHANNEL, cards.APPROVER, "before")
    gone = fake.post(cards.CHANNEL, cards.APPROVER, "gone soon")
    page.goto("/")
    expect(page.locator("#channel .message")).to_have_count(2)
    fake.change(cards.CHANNEL, kept["ts"], text="after", edited={"ts": fake.ts()})
    fake.emit("message_deleted", channel=cards.CHANNEL, ts=gone["ts"])
    fake.emit("reaction", channel=cards.CHANNEL, ts=kept["ts"], name="eyes", users=[cards.ASKER])
    expect(page.locator("#channel .message")).to_have_count(1)
    expect(page.locator("#channel .message-content")).to_have_text("after(edited)")
    with page.expect_response("**/playground/react"):
        page.get_by_role("button", name="Inês Duarte reacted with eyes").click()
    assert fake.asked("react")[0]["name"] == "eyes"


def test_another_channel_turns_unread_and_is_read_when_opened(page: Page, fake: FakePlayground) -> None:
    page.goto("/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    fake.post(cards.OTHER, cards.APPROVER, "news")
    entry = page.get_by_role("navigation", name="Channels and direct messages").get_by_role(
        "link", name="general"
    )
    expect(entry).to_have_class("entry unread")
    entry.click()
    expect(page.get_by_role("heading", name="general")).to_be_visible()
    expect(page.locator("#channel .message")).to_have_count(1)
    expect(entry).to_have_class("entry")


def test_drafts_wait_in_their_channel(page: Page) -> None:
    page.goto(f"/#/{cards.CHANNEL}")
    page.locator(COMPOSER).fill("half a thought")
    page.get_by_role("link", name="general").click()
    expect(page.locator(COMPOSER)).to_have_value("")
    page.get_by_role("link", name="claims-ai").click()
    expect(page.locator(COMPOSER)).to_have_value("half a thought")


def test_a_suggested_prompt_is_sent(page: Page, fake: FakePlayground) -> None:
    page.goto(f"/#/{cards.BOT_DM}")
    expect(page.locator("body[data-ready]")).to_be_attached()
    prompts = [{"title": "What can you do?", "message": "help"}]
    fake.emit("prompts", channel=cards.BOT_DM, title="Try", prompts=prompts)
    with page.expect_response("**/playground/prompt"):
        page.get_by_role("button", name="What can you do?").click()
    expect(page.get_by_role("button", name="What can you do?")).to_have_count(0)
    assert fake.asked("prompt") == [{"as": cards.TRAINER, "channel": cards.BOT_DM, "message": "help"}]


def test_a_message_shortcut_is_under_more_actions(page: Page, fake: FakePlayground) -> None:
    message = fake.post(cards.CHANNEL, cards.TRAINER, "with a file")
    page.goto("/")
    page.locator("#channel .message").hover()
    page.get_by_role("button", name="More actions").click()
    with page.expect_response("**/playground/shortcut"):
        page.get_by_role("menuitem", name="Validate training file").click()
    assert fake.asked("shortcut") == [
        {
            "as": cards.TRAINER,
            "callback_id": "validate_message",
            "channel": cards.CHANNEL,
            "message_ts": message["ts"],
        }
    ]
