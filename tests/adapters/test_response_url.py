"""What a response_url answers: taken, or refused in one of the two ways that Slack has for it."""

from collections.abc import Iterator

import pytest

from handlers.delivery import send_to_response_url
from tests.adapters.slack_server import Answer, SlackServer, error


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        yield server


@pytest.mark.parametrize("answer", [Answer(b"ok"), Answer({"ok": True}), Answer(b"")])
def test_what_was_taken_is_said(slack: SlackServer, answer: Answer) -> None:
    slack.line_up("/actions/1", answer)

    send_to_response_url(f"{slack.origin}/actions/1", {"text": "hello"})

    assert slack.calls("/actions/1") == [{"text": "hello"}]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer({"ok": False, "error": "used_url"}, 404), "used_url"),
        (error("invalid_blocks"), "invalid_blocks"),
        (Answer(b"no_service", 500), "no_service"),
    ],
)
def test_what_was_refused_is_not_whatever_its_status(slack: SlackServer, answer: Answer, word: str) -> None:
    slack.line_up("/actions/1", answer)

    with pytest.raises(OSError, match=word):
        send_to_response_url(f"{slack.origin}/actions/1", {"text": "hello"})
