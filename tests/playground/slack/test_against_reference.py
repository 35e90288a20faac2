"""Every method held against Slack's published reference: arguments, required ones, errors, scopes, tiers.

Where the stand-in differs on purpose, the difference is listed here with its reason; a difference that is listed
but no longer there fails too.
"""

from bot.playground.slack.manifest import EVENT_SCOPES
from bot.playground.slack.methods import METHODS, Method
from tests.playground.slack.reference import API, needs_api, read
from tests.tables import table

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


NOT_IN_THE_COPY = {"canvases.create", "canvases.access.set"}
"""Methods whose pages the copy of the reference lacks: they were read at docs.slack.dev."""
COPIED = [method for method in METHODS.values() if method.name not in NOT_IN_THE_COPY]


def test_the_copy_lacks_what_it_is_said_to_lack() -> None:
    there = {each.stem for each in (API / "docs.slack.dev" / "methods").glob("*.json")}
    assert set(METHODS) - there == NOT_IN_THE_COPY


def reference(method: Method) -> dict[str, object]:
    return read(API / "docs.slack.dev" / "methods" / f"{method.name}.json")


def test_knows_every_argument() -> None:
    with table() as row:
        for method in COPIED:
            with row(method.name):
                schema = reference(method)["args"]
                assert isinstance(schema, dict)
                published = set(schema.get("properties", {})) - {"token"}
                known = {arg.name for arg in method.args} | set(method.declined)
                undocumented = NOT_IN_REFERENCE.get(method.name, set())
                assert published - known == set()
                assert known - published == undocumented


def test_requires_the_same_arguments() -> None:
    with table() as row:
        for method in COPIED:
            with row(method.name):
                schema = reference(method)["args"]
                assert isinstance(schema, dict)
                published = set(schema.get("required") or []) - {"token"}
                required = {arg.name for arg in method.args if arg.required}
                assert published - required == OPTIONAL_HERE.get(method.name, set())
                assert required - published == set()


def test_answers_with_slacks_errors() -> None:
    with table() as row:
        for method in COPIED:
            with row(method.name):
                errors = reference(method).get("errors", {})
                assert isinstance(errors, dict)
                common = set(read(API / "methods" / "_errors" / "common.json")["errors"])
                unlisted = method.errors - set(errors) - common - ALWAYS
                assert unlisted == SEEN_LIVE.get(method.name, set())


def test_wants_the_same_scopes() -> None:
    with table() as row:
        for method in COPIED:
            with row(method.name):
                scope = reference(method).get("scope")
                published = set(scope.get("bot", [])) if isinstance(scope, dict) else set()
                assert set(method.scopes) == published | SCOPES_DIFFER.get(method.name, set())


def test_is_of_the_same_tier() -> None:
    with table() as row:
        for method in COPIED:
            with row(method.name):
                assert method.tier.name == reference(method).get("rate_limits", "t4")


def test_events_exist_and_need_the_same_scopes() -> None:
    with table() as row:
        for event in sorted(EVENT_SCOPES):
            with row(event):
                published = read(API / "events" / f"{event}.json")["scopes"]
                corrected = {scope.replace("app_mentions.read", "app_mentions:read") for scope in published}
                if event == "app_context_changed":
                    corrected |= {"assistant:write"}  # documented in prose only
                assert set(EVENT_SCOPES[event]) == corrected
