"""What settings only name, asked of Slack and AWS."""

import pytest

from bot.adapters.secrets_manager import SecretsManager
from bot.adapters.slack_clients import reading_client
from bot.adapters.slack_name_book import LONGEST, SlackNameBook
from bot.errors import Misconfigured, Unavailable
from tests.adapters.aws import StubbedClients
from tests.adapters.slack_server import Answer, SlackServer


def test_a_workspace_is_listed_once_page_by_page_and_with_patience() -> None:
    slept: list[float] = []
    with SlackServer().running() as slack:
        book = SlackNameBook(reading_client("xoxb-1", slack.base_url), slept.append)
        slack.line_up(
            "users.list",
            Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"}),
            Answer({"ok": True, "members": [{"id": "U1", "name": "ada", "profile": {"real_name": "Ada L"}}],
                    "response_metadata": {"next_cursor": "more"}}),
            Answer({"ok": True, "members": [{"id": "U2", "name": "bot", "is_bot": True},
                                            {"id": "U3", "deleted": True},
                                            {"id": "USLACKBOT", "name": "slackbot", "is_bot": False}]}),
        )  # fmt: skip
        slack.line_up(
            "conversations.list",
            Answer({"ok": True, "channels": [{"id": "C1", "name": "old", "is_archived": True}]}),
        )

        people = book.people()
        assert [(each.id, each.name, each.shown, each.gone) for each in people] == [
            ("U1", "ada", ("Ada L",), ""),
            ("U2", "bot", (), "is a bot"),
            ("U3", "", (), "is deactivated"),
            ("USLACKBOT", "slackbot", (), "is a bot"),
        ]
        assert book.people() is people
        assert [each.get("cursor") for each in slack.calls("users.list")] == [None, None, "more"]
        assert slept == [7.0]
        assert [each.gone for each in book.channels()] == ["is archived"]


def test_a_workspace_that_asks_for_too_much_patience_is_given_up() -> None:
    slept: list[float] = []
    with SlackServer().running() as slack:
        slack.always["users.list"] = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "25"})
        with pytest.raises(Unavailable, match="more patience"):
            SlackNameBook(reading_client("xoxb-1", slack.base_url), slept.append).people()
    assert sum(slept) <= LONGEST


def test_a_secret_is_read_in_its_own_region_and_what_is_wrong_is_told() -> None:
    clients, arn = StubbedClients(), "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf"
    clients.expect("secretsmanager", "get_secret_value", {"SecretString": "xoxb-1"}, {"SecretId": arn})
    clients.expect("secretsmanager", "get_secret_value", {"SecretBinary": b"x"}, {"SecretId": "slack"})
    clients.refuse("secretsmanager", "get_secret_value", "AccessDeniedException", "not authorized")
    clients.refuse("secretsmanager", "get_secret_value", "ResourceNotFoundException")
    secrets = SecretsManager(clients)

    assert secrets.text(arn, "us-west-2") == "xoxb-1"
    assert clients.used[-1][1] == "eu-west-1"
    with pytest.raises(Misconfigured, match="bytes and no text"):
        secrets.text("slack", "us-west-2")
    with pytest.raises(Misconfigured) as denied:
        secrets.text("slack", "us-west-2")
    assert "secretsmanager:GetSecretValue" in denied.value.sentence
    with pytest.raises(Misconfigured, match="none of that name in us-west-2") as missing:
        secrets.text("slack", "us-west-2")
    assert "/tune" not in missing.value.sentence
    clients.refuse("secretsmanager", "get_secret_value", "InvalidRequestException", "marked for deletion")
    with pytest.raises(Misconfigured, match="as it stands"):
        secrets.text("slack", "us-west-2")
    clients.refuse(
        "secretsmanager", "get_secret_value", "AccessDeniedException", "Access to KMS is not allowed"
    )
    with pytest.raises(Misconfigured) as locked:
        secrets.text("slack", "us-west-2")
    assert "`kms:Decrypt`" in locked.value.sentence
