"""Every method held against Slack's published reference: arguments, required ones, errors, scopes, tiers.

Where the stand-in differs on purpose, the difference is listed here with its reason; a difference that is listed
but no longer there fails too.
"""

import pytest

from bot.playground.slack.manifest import EVENT_SCOPES
from bot.playground.slack.methods import METHODS, Method
from tests.playground.slack.reference import API, needs_api, read

pytestmark = needs_api

ALWAYS = {"invalid_auth", "invalid_arguments"}
"""In the reference of some methods only, though every method answers them: a bad token, a malformed argument."""

SEEN_LIVE: dict[str, set[str]] = {
    "chat.postMessage": {"msg_too_long", "invalid_attachments"},
    "chat.update": {"msg_blocks_too_long"},
    "chat.startStream": {
        "cannot_provide_both_markdown_text_and_chunks",
        "msg_too_long",
        "cannot_reply_to_message",
    },
    "chat.appendStream": {"cannot_provide_both_markdown_text_and_chunks", "msg_too_long"},
    "chat.stopStream": {"cannot_provide_both_markdown_text_and_chunks", "msg_too_long"},
    "conversations.replies": {"not_in_channel"},
}
"""Errors that the reference of a method lacks and that were met in practice (GitHub threads), or, for
``cannot_reply_to_message`` and ``not_in_channel``, that the reference has for the sibling method."""

NOT_IN_REFERENCE: dict[str, set[str]] = {
    "chat.postMessage": {"client_msg_id"},
    "chat.stopStream": {"session_status"},
}
"""Arguments that Slack takes but does not list: the errors of chat.postMessage name ``client_msg_id``, and the SDK's
``ChatStream.stop`` has ``session_status`` (github.com/slackapi/python-slack-sdk/pull/1945)."""

OPTIONAL_HERE: dict[str, set[str]] = {
    "chat.appendStream": {"markdown_text"},
    "assistant.threads.setStatus": {"status"},
}
"""Required by the reference but not here: chunks may replace markdown_text; an empty status clears it."""

SCOPES_DIFFER = {"assistant.threads.setStatus": {"assistant:write"}}
"""assistant:write is being phased out and still accepted."""


def reference(method: Method) -> dict[str, object]:
    return read(API / "docs.slack.dev" / "methods" / f"{method.name}.json")


methods = pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)


@methods
def test_knows_every_argument(method: Method) -> None:
    schema = reference(method)["args"]
    assert isinstance(schema, dict)
    published = set(schema.get("properties", {})) - {"token"}
    known = {arg.name for arg in method.args} | set(method.declined)
    undocumented = NOT_IN_REFERENCE.get(method.name, set())
    assert published - known == set()
    assert known - published == undocumented


@methods
def test_requires_the_same_arguments(method: Method) -> None:
    schema = reference(method)["args"]
    assert isinstance(schema, dict)
    published = set(schema.get("required") or []) - {"token"}
    required = {arg.name for arg in method.args if arg.required}
    assert published - required == OPTIONAL_HERE.get(method.name, set())
    assert required - published == set()


@methods
def test_answers_with_slacks_errors(method: Method) -> None:
    errors = reference(method).get("errors", {})
    assert isinstance(errors, dict)
    common = set(read(API / "methods" / "_errors" / "common.json")["errors"])
    unlisted = method.errors - set(errors) - common - ALWAYS
    assert unlisted == SEEN_LIVE.get(method.name, set())


@methods
def test_wants_the_same_scopes(method: Method) -> None:
    scope = reference(method).get("scope")
    published = set(scope.get("bot", [])) if isinstance(scope, dict) else set()
    assert set(method.scopes) == published | SCOPES_DIFFER.get(method.name, set())


@methods
def test_is_of_the_same_tier(method: Method) -> None:
    assert method.tier.name == reference(method).get("rate_limits", "t4")


@pytest.mark.parametrize("event", sorted(EVENT_SCOPES))
def test_events_exist_and_need_the_same_scopes(event: str) -> None:
    published = read(API / "events" / f"{event}.json")["scopes"]
    corrected = {scope.replace("app_mentions.read", "app_mentions:read") for scope in published}
    if event == "app_context_changed":
        corrected |= {"assistant:write"}  # documented in prose only
    assert set(EVENT_SCOPES[event]) == corrected
