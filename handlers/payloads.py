"""Slack's payloads as invocations. Nothing here raises: what is missing is empty."""

import re
from collections.abc import Mapping
from typing import Any

from handlers.core import Invocation

Payload = Mapping[str, Any]

_LINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^|<>]+)(?:\|([^<>]*))?>")
"""Of any scheme: phones make ``<tel:…|…>`` of what looks like a number of theirs."""
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def typed_text(text: str) -> str:
    """Return what a person typed: Slack escapes three characters and puts links in angle brackets."""
    # Slack makes a link of what looks like one: its label is what was typed, where it has one.
    bare = _LINK.sub(lambda found: found[2] or found[1], text)
    # The ampersand last: a typed `&lt;` comes as `&amp;lt;`, and must not become a bracket.
    for entity, character in _ENTITIES:
        bare = bare.replace(entity, character)
    return bare


def event_of(body: Payload) -> Payload:
    """Return the event of a delivery, empty when it has none."""
    return _dict(body.get("event"))


def view_of(body: Payload) -> Payload:
    """Return the form of a payload, empty when it has none."""
    return _dict(body.get("view"))


def of_command(body: Payload) -> Invocation:
    """Return a slash command."""
    return Invocation(
        request=_text(body, "trigger_id"),
        user=_text(body, "user_id"),
        team=_text(body, "team_id"),
        channel=_text(body, "channel_id"),
        text=typed_text(_text(body, "text")).strip(),
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        door=_text(body, "command"),
    )


def of_action(body: Payload) -> Invocation:
    """Return a press of a button, or a choice in a select."""
    action = _first(body.get("actions"))
    container, message = _dict(body.get("container")), _dict(body.get("message"))
    chosen = _dict(action.get("selected_option"))
    return Invocation(
        request=_text(body, "trigger_id"),
        user=_id(body, "user"),
        team=_id(body, "team") or _text(_dict(body.get("user")), "team_id"),
        channel=_id(body, "channel") or _text(container, "channel_id"),
        thread_ts=_text(message, "thread_ts") or _text(container, "thread_ts") or None,
        message_ts=_text(message, "ts") or _text(container, "message_ts") or None,
        value=_text(action, "value") or _text(chosen, "value"),
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        ephemeral=bool(container.get("is_ephemeral")),
        door=_text(action, "action_id"),
    )


def of_shortcut(body: Payload) -> Invocation:
    """Return a message shortcut (or a global one, which has no channel)."""
    message = _dict(body.get("message"))
    return Invocation(
        request=_text(body, "trigger_id"),
        user=_id(body, "user"),
        team=_id(body, "team"),
        channel=_id(body, "channel"),
        thread_ts=_text(message, "thread_ts") or None,
        message_ts=_text(message, "ts") or _text(body, "message_ts") or None,
        trigger_id=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        door=_text(body, "callback_id"),
    )


def of_submission(body: Payload) -> Invocation:
    """Return a submitted form. Where it was opened is in its own metadata."""
    return Invocation(
        # By the form and not by the press: *Submit* pressed twice is one submission.
        request=_text(_dict(body.get("view")), "id"),
        user=_id(body, "user"),
        team=_id(body, "team"),
        trigger_id=_text(body, "trigger_id"),
        door=_text(_dict(body.get("view")), "callback_id"),
    )


def of_event(body: Payload) -> Invocation:
    """Return an event; the request is the message itself where there is one, since one message may come twice."""
    event = _dict(body.get("event"))
    channel, ts = _text(event, "channel"), _text(event, "ts")
    return Invocation(
        request=message_id(channel, ts) if channel and ts else _text(body, "event_id"),
        user=_text(event, "user"),
        team=_text(event, "team") or _text(body, "team_id"),
        channel=channel,
        thread_ts=_text(event, "thread_ts") or None,
        message_ts=ts or None,
        text=_text(event, "text"),
        bot=_text(_first(body.get("authorizations")), "user_id"),
        door=_text(event, "type"),
    )


def message_id(channel: str, ts: str) -> str:
    """Return by what a message is known, and the question that it is: the same for each event that tells of it."""
    return f"{channel}.{ts}"


def _text(node: Payload, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Payload:
    return value if isinstance(value, dict) else {}


def _first(value: object) -> Payload:
    return _dict(value[0]) if isinstance(value, list) and value else {}


def _id(body: Payload, key: str) -> str:
    return _text(_dict(body.get(key)), "id")
