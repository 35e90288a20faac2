"""Reading channels, threads and people."""

import copy

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.manifest import DEFAULT
from tests.playground.slack.support import ManualClock, answer_of, client_of, error_of

CHANNEL = "C0CLAIMSAI"


def test_history_is_newest_first_in_pages(client: WebClient) -> None:
    for number in range(5):
        client.chat_postMessage(channel=CHANNEL, text=str(number))
    first = client.conversations_history(channel=CHANNEL, limit=2)
    assert ([m["text"] for m in first["messages"]], first["has_more"]) == (["4", "3"], True)
    texts = [
        m["text"] for page in client.conversations_history(channel=CHANNEL, limit=2) for m in page["messages"]
    ]
    assert texts == ["4", "3", "2", "1", "0"]
    assert error_of(client.conversations_history, channel=CHANNEL, cursor="x!") == "invalid_cursor"


def test_history_has_a_window(client: WebClient, clock: ManualClock) -> None:
    times = []
    for number in range(4):
        clock.advance(10)
        times.append(client.chat_postMessage(channel=CHANNEL, text=str(number))["ts"])

    def texts(**window: object) -> list[str]:
        return [m["text"] for m in client.conversations_history(channel=CHANNEL, **window)["messages"]]  # type: ignore[arg-type]

    assert texts(oldest=times[1]) == ["3", "2"]
    assert texts(oldest=times[1], inclusive=True) == ["3", "2", "1"]
    assert texts(latest=times[1]) == ["0"]
    assert texts(oldest=times[1], latest=times[1], inclusive=True) == ["1"]
    assert error_of(texts, oldest="yesterday") == "invalid_ts_oldest"


def test_metadata_is_read_back_only_when_asked_for(client: WebClient) -> None:
    metadata = {"event_type": "job", "event_payload": {"key": "abc"}}
    ts = client.chat_postMessage(channel=CHANNEL, text="parent", metadata=metadata)["ts"]
    client.chat_postMessage(channel=CHANNEL, text="child", thread_ts=ts, metadata=metadata)
    assert "metadata" not in client.conversations_history(channel=CHANNEL)["messages"][0]
    found = client.conversations_history(channel=CHANNEL, include_all_metadata=True)["messages"]
    assert [m["metadata"] for m in found] == [metadata]
    thread = client.conversations_replies(channel=CHANNEL, ts=ts, include_all_metadata=True)["messages"]
    assert [m["metadata"] for m in thread] == [metadata, metadata]


def test_replies_start_with_the_parent(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="parent")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="child", thread_ts=ts)["ts"]
    found = client.conversations_replies(channel=CHANNEL, ts=ts)["messages"]
    assert [m["text"] for m in found] == ["parent", "child"]
    assert (found[0]["reply_count"], found[0]["latest_reply"]) == (1, reply)
    assert [m["text"] for m in client.conversations_replies(channel=CHANNEL, ts=reply)["messages"]] == [
        "child"
    ]
    assert error_of(client.conversations_replies, channel=CHANNEL, ts="1.000001") == "thread_not_found"


def test_reads_only_where_it_is_a_member(client: WebClient) -> None:
    assert error_of(client.conversations_history, channel="C0GENERAL1") == "not_in_channel"
    assert error_of(client.conversations_history, channel="C0SECRET01") == "channel_not_found"
    assert error_of(client.conversations_info, channel="C0SECRET01") == "channel_not_found"


def test_describes_channels(client: WebClient, trainer: Person) -> None:
    public = client.conversations_info(channel=CHANNEL, include_num_members=True)["channel"]
    assert (public["name"], public["is_member"], public["is_private"], public["num_members"]) == (
        "claims-ai", True, False, 5,
    )  # fmt: skip
    im = client.conversations_info(channel=trainer.dm)["channel"]
    assert (im["is_im"], im["user"]) == (True, trainer.id)


def test_lists_what_it_may_see(client: WebClient) -> None:
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [c["name"] for c in listed] == ["claims-ai", "general", "finance-private"]
    assert len(client.conversations_list(types="im")["channels"]) == 4
    assert error_of(client.conversations_list, types="secret") == "invalid_types"


def test_lists_members_in_pages(slack: SlackStandIn, client: WebClient) -> None:
    members = [m for page in client.conversations_members(channel=CHANNEL, limit=2) for m in page["members"]]
    assert len(members) == 5
    assert slack.bot_user_id in members
    assert error_of(client.conversations_members, channel=CHANNEL, limit=1001) == "invalid_limit"


def test_opens_direct_messages(client: WebClient, trainer: Person) -> None:
    answer = client.conversations_open(users=trainer.id, return_im=True)
    assert (answer["channel"]["id"], answer["already_open"]) == (trainer.dm, True)
    assert client.conversations_open(channel=trainer.dm)["channel"] == {"id": trainer.dm}
    assert error_of(client.conversations_open, users="U0NOBODY") == "user_not_found"
    assert error_of(client.conversations_open, users=[]) == "users_list_not_supplied"


def test_who_left_is_written_to_by_nobody(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.leaves(trainer)
    assert client.users_info(user=trainer.id)["user"]["deleted"] is True
    assert error_of(client.conversations_open, users=trainer.id) == "user_disabled"
    assert trainer.id not in client.conversations_members(channel="C0CLAIMSAI")["members"]
    with pytest.raises(SeenByPerson):
        trainer.says("claims-ai", "hello")


def test_joins_public_channels_with_the_scope(client: WebClient) -> None:
    answer = answer_of(client.conversations_join, channel="C0GENERAL1")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:join")


def test_describes_people(client: WebClient, trainer: Person) -> None:
    user = client.users_info(user=trainer.id)["user"]
    assert (user["name"], user["real_name"], user["is_bot"]) == ("tess", "Tess Okafor", False)
    assert "email" not in user["profile"]
    assert error_of(client.users_info, user="U0NOBODY") == "user_not_found"
    everybody = client.users_list()["members"]
    assert [m["name"] for m in everybody][:2] == ["tess", "amir"]
    assert (everybody[-1]["id"], everybody[-1]["is_bot"]) == ("USLACKBOT", False)
    assert user["tz"] == "Europe/London"


def test_everybody_can_be_elsewhere(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.everybody_is_in("Etc/GMT-9")
    user = client.users_info(user=trainer.id)["user"]
    assert (user["tz"], user["tz_offset"]) == ("Etc/GMT-9", 9 * 3600)


def test_shows_status_until_the_app_posts(client: WebClient, trainer: Person) -> None:
    asked = trainer.says("claims-ai", "a question")
    client.assistant_threads_setStatus(
        channel_id=CHANNEL, thread_ts=asked["ts"], status="is thinking...", loading_messages=["a", "b"]
    )
    assert trainer.status(asked) == "is thinking..."
    client.chat_postMessage(channel=CHANNEL, text="answer", thread_ts=asked["ts"])
    assert trainer.status(asked) == ""
    assert (
        error_of(client.assistant_threads_setStatus, channel_id=CHANNEL, thread_ts="1.1", status="x")
        == "invalid_thread_ts"
    )


def test_a_status_goes_away_after_two_minutes(
    slack: SlackStandIn, client: WebClient, trainer: Person, clock: ManualClock
) -> None:
    asked = trainer.says("claims-ai", "a question")
    client.assistant_threads_setStatus(channel_id=CHANNEL, thread_ts=asked["ts"], status="is thinking...")
    clock.advance(119)
    slack.tick()
    assert trainer.status(asked) == "is thinking..."
    clock.advance(1)
    slack.tick()
    assert trainer.status(asked) == ""


def test_offers_prompts(client: WebClient, trainer: Person) -> None:
    prompts = [{"title": "Start", "message": "How do I start?"}]
    assert client.assistant_threads_setSuggestedPrompts(channel_id=trainer.dm, prompts=prompts)["ok"]
    assert (
        error_of(client.assistant_threads_setSuggestedPrompts, channel_id=trainer.dm, prompts=prompts * 5)
        == "invalid_arguments"
    )


def test_validates_blocks_over_the_wire(client: WebClient) -> None:
    bad = '[{"type": "section", "text": {"type": "invalid", "text": "x"}}]'
    answer = answer_of(client.api_call, "blocks.validate", json={"blocks": bad})
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/0/text/type"
    assert answer["errors"][0]["constraint"]["expected"] == ["mrkdwn", "plain_text"]
    assert error_of(client.api_call, "blocks.validate") == "invalid_arguments"


def test_a_persons_conversations_are_those_that_the_app_shares_with_them(client: WebClient) -> None:
    def of(user: str, types: str = "public_channel,private_channel,mpim") -> set[str]:
        found = client.users_conversations(user=user, types=types, limit=999)
        return {each["name"] for each in found["channels"]}

    assert of("U0TRAINER1") == {"claims-ai", "general", "finance-private"}
    assert of("U0ASKER001") == {"claims-ai", "general"}
    assert "board" not in of("U0APPROVE1"), "private, and the app is not in it"
    assert of("U0TRAINER1", "private_channel") == {"finance-private"}
    assert error_of(client.users_conversations, user="U0NOBODY") == "invalid_arguments"
    assert error_of(client.users_conversations, user="U0TRAINER1", types="rooms") == "invalid_types"
    first = client.users_conversations(user="U0TRAINER1", limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    assert (
        client.users_conversations(user="U0TRAINER1", limit=1, cursor=cursor)["channels"] != first["channels"]
    )


def test_a_private_channel_that_is_shared_has_another_id_for_good(clock: ManualClock) -> None:
    manifest = copy.deepcopy(DEFAULT)
    manifest["settings"]["event_subscriptions"]["bot_events"].append("channel_id_changed")
    with SlackStandIn(clock=clock, manifest=manifest, rate_limits=False) as slack:
        client, trainer = client_of(slack), slack.person("trainer")
        former = slack.channel_id("finance-private")
        root = client.chat_postMessage(channel=former, text="a plan")["ts"]
        client.chat_postMessage(channel=former, text="below it", thread_ts=root)
        file = trainer.uploads(former, "rows.jsonl", b"{}")
        members = client.conversations_members(channel=former)["members"]
        slack.wait_until_delivered()
        later = trainer.shares("finance-private")
        slack.wait_until_delivered()

        assert later != former
        for call in (client.conversations_info, client.conversations_members, client.conversations_history):
            assert error_of(call, channel=former) == "channel_not_found"
        assert error_of(client.chat_postMessage, channel=former, text="?") == "channel_not_found"
        assert client.conversations_members(channel=later)["members"] == members
        assert client.conversations_info(channel=later)["channel"]["is_private"]
        assert [each["text"] for each in trainer.thread({"channel": later, "ts": root})] == [
            "a plan",
            "below it",
        ]
        assert client.files_info(file=file["id"])["file"]["groups"] == [later]
        assert client.chat_update(channel=later, ts=root, text="a job")["channel"] == later
        first = slack.log.of("delivery", type="events_api", attempt=0)
        delivered = [each.data["payload"]["event"] for each in first]
        [event] = [each for each in delivered if each["type"] == "channel_id_changed"]
        assert (event["old_channel_id"], event["new_channel_id"]) == (former, later)
        assert trainer.shares("claims-ai") == CHANNEL, "a public one keeps its own"
