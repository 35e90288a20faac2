"""Answers by response URL: five within thirty minutes."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk.webhook import WebhookClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import ManualClock, button, client_of, connected, new_app, section

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


@pytest.fixture
def url_of(slack: SlackStandIn, trainer: Person) -> Callable[[str], str]:
    """Return a function that gives the response URL of a command, or of a press in an (ephemeral) message."""

    def get(kind: str) -> str:
        app, urls = new_app(slack), []

        @app.command("/play")
        def play(ack: Ack, command: Json) -> None:
            urls.append(command["response_url"])
            ack()

        @app.action("press")
        def press(ack: Ack, body: Json) -> None:
            urls.append(body["response_url"])
            ack()

        blocks = [section(accessory=button())]
        with connected(slack, app):
            if kind == "command":
                trainer.slash("/play")
            elif kind == "message":
                client_of(slack).chat_postMessage(channel=CHANNEL, text="card", blocks=blocks)
                trainer.clicks(trainer.sees("claims-ai")[0], "press")
            else:
                client_of(slack).chat_postEphemeral(
                    channel=CHANNEL, user=trainer.id, text="card", blocks=blocks
                )
                trainer.clicks(trainer.sees("claims-ai")[0], "press")
        return str(urls[0])

    return get


def post(url: str, **body: Any) -> tuple[int, str]:
    response = WebhookClient(url).send_dict(body)
    return response.status_code, response.body


def test_works_five_times(url_of: Callable[[str], str], trainer: Person) -> None:
    url = url_of("command")
    for number in range(5):
        assert post(url, text=str(number)) == (200, "ok")
    status, body = post(url, text="six")
    assert (status, "used_url" in body) == (404, True)
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["0", "1", "2", "3", "4"]


def test_works_for_thirty_minutes(url_of: Callable[[str], str], clock: ManualClock) -> None:
    url = url_of("command")
    clock.advance(30 * 60)
    assert post(url, text="just in time")[0] == 200
    clock.advance(1)
    status, body = post(url, text="too late")
    assert (status, "expired_url" in body) == (404, True)


def test_cannot_be_forged(url_of: Callable[[str], str]) -> None:
    assert post(url_of("command")[:-1] + "x", text="hello")[0] == 404


def test_is_ephemeral_unless_told_otherwise(
    url_of: Callable[[str], str], slack: SlackStandIn, trainer: Person
) -> None:
    url = url_of("command")
    post(url, text="for you")
    post(url, text="for all", response_type="in_channel")
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["for you", "for all"]
    assert [m["text"] for m in slack.person("asker").sees("claims-ai")] == ["for all"]


@pytest.mark.parametrize("kind", ["message", "ephemeral"])
def test_replaces_and_deletes_the_original(url_of: Callable[[str], str], trainer: Person, kind: str) -> None:
    url = url_of(kind)
    assert post(url, text="done", replace_original=True)[0] == 200
    assert [(m["text"], "blocks" in m) for m in trainer.sees("claims-ai")] == [("done", False)]
    assert post(url, delete_original=True)[0] == 200
    assert trainer.sees("claims-ai") == []
    assert "message_not_found" in post(url, text="again", replace_original=True)[1]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "response_type": "loud"}, "invalid_arguments"),
        ({"text": "x", "colour": "red"}, "invalid_arguments"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "replace_original": True}, "message_not_found"),
    ],
)
def test_refuses_what_slack_refuses(url_of: Callable[[str], str], body: Json, error: str) -> None:
    assert error in post(url_of("command"), **body)[1]


def test_is_recorded(url_of: Callable[[str], str], slack: SlackStandIn) -> None:
    post(url_of("command"), text="x")
    assert [entry.data["ok"] for entry in slack.log.of("response_url")] == [True]
