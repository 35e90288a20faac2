"""A channel that Slack gave another ID, as the adapters meet it: what is confirmed, and what is sent and read."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_moves import has_moved
from bot.errors import Misconfigured, Unavailable
from bot.moved_channels import ChannelMoves
from bot.playground.slack import SlackStandIn
from tests.adapters.slack_server import Answer, Request, SlackServer, error
from tests.doubles.clock import FakeClock
from tests.doubles.moves import InMemoryMoves
from tests.tables import table

FORMER, LATER = "G0PAY", "C0PAY"
GONE = error("channel_not_found")


def channel(id_: str, **said: Any) -> Answer:
    return Answer({"ok": True, "channel": {"id": id_, **said}})


HERE = channel(LATER, is_private=True, is_member=True)
ANSWERS: dict[str, tuple[Answer, Answer, bool]] = {
    "moved": (GONE, HERE, True),
    "moved, and made public": (GONE, channel(LATER, is_private=False, is_member=True), True),
    "the former one answers by the later's name": (HERE, HERE, True),
    "the former one is put away": (channel(FORMER, is_private=True, is_archived=True), HERE, True),
    "the former one is there as ever": (channel(FORMER, is_private=True), HERE, False),
    "a private one that the bot is not in": (GONE, GONE, False),
    "a public one that the bot is not in": (GONE, channel(LATER, is_private=False, is_member=False), False),
    "one of which little is said": (GONE, channel(LATER), False),
    "one that has moved on": (GONE, channel("C0NEXT", is_private=True, is_member=True), False),
}


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer().running() as running:
        yield running


def test_what_counts_as_moved(server: SlackServer) -> None:
    with table() as row:
        for name, (former, later, moved) in ANSWERS.items():
            answers = {FORMER: former, LATER: later}

            def told(request: Request, answers: dict[str, Answer] = answers) -> Answer:
                return answers[request.arguments["channel"]]

            server.always["conversations.info"] = told
            with row(name):
                assert has_moved(posting_client("xoxb-1", server.base_url), [FORMER], LATER) is moved


def test_silence_confirms_nothing_and_denies_nothing(server: SlackServer) -> None:
    for silence, raised in ((error("ratelimited"), Unavailable), (error("missing_scope"), Misconfigured)):
        server.always["conversations.info"] = silence
        with pytest.raises(raised):
            has_moved(posting_client("xoxb-1", server.base_url), [FORMER], LATER)


def test_what_is_sent_to_the_former_id_comes_to_the_channel_and_answers_by_that_id() -> None:
    with SlackStandIn(rate_limits=False) as slack:
        kept, trainer = InMemoryMoves(), slack.person("trainer")
        former = slack.channel_id("finance-private")
        confirm = partial(has_moved, posting_client(slack.bot_token, slack.api_url))
        moves = ChannelMoves(kept, confirm, FakeClock())
        client = posting_client(slack.bot_token, slack.api_url, moves)
        posted = client.chat_postMessage(channel=former, text="plan")
        later = trainer.shares("finance-private")
        kept.keep(later, former)  # another process heard of it, and this one has not looked again

        edited = client.chat_update(channel=former, ts=posted["ts"], text=f"live in <#{former}>")
        assert edited["channel"] == former
        assert trainer.sees(later)[-1]["text"] == f"live in <#{later}>"
        assert client.conversations_info(channel=former)["channel"]["id"] == former
        read = client.conversations_history(channel=former)["messages"]
        assert [each["text"] for each in read] == [f"live in <#{former}>"]
        mine = client.users_conversations(user=trainer.id, types="public_channel,private_channel")["channels"]
        assert former in {each["id"] for each in mine}
        assert later not in {each["id"] for each in mine}


def test_a_former_id_that_nobody_told_of_is_not_found() -> None:
    with SlackStandIn(rate_limits=False) as slack:
        former = slack.channel_id("finance-private")
        moves = ChannelMoves(InMemoryMoves(), lambda _former, _later: True, FakeClock())
        client = posting_client(slack.bot_token, slack.api_url, moves)
        slack.person("trainer").shares("finance-private")
        with pytest.raises(Exception, match="channel_not_found"):
            client.chat_postMessage(channel=former, text="plan")
