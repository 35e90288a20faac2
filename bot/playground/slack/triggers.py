"""``trigger_id`` and ``response_url``: what an app may do with an interaction, how often and how long."""

import hashlib

from bot.playground.slack.errors import SlackError
from bot.playground.slack.state import Message, ResponseUrl
from bot.playground.slack.workspace import Trigger, Workspace

TRIGGER_LIFETIME = 3.0
"""Seconds: docs.slack.dev/interactivity/handling-user-interaction."""
_REMEMBERED = 60.0  # s for which an expired trigger is told from an unknown one
# Five uses within thirty minutes: java-slack-sdk's docs, guides/interactive-components.
RESPONSE_URL_LIFETIME = 30 * 60.0
RESPONSE_URL_USES = 5


def new_trigger(ws: Workspace, user_id: str, *, in_view: bool = False) -> str:
    """Return a fresh ``trigger_id`` for what a person just did."""
    now = ws.now()
    for old in [name for name, trigger in ws.triggers.items() if now - trigger.expires_at > _REMEMBERED]:
        del ws.triggers[old]
    number = int(ws.store.next_id("t")[1:], 36)
    trigger_id = f"{number}.{int(now)}.{_sign(ws, f'trigger:{number}')[:32]}"
    ws.triggers[trigger_id] = Trigger(user_id, now + TRIGGER_LIFETIME, in_view)
    return trigger_id


def exchange(ws: Workspace, trigger_id: str) -> Trigger:
    """Use up a ``trigger_id``.

    Raises:
        SlackError: it is unknown, was used before, or its three seconds are over.
    """
    trigger = ws.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if ws.now() > trigger.expires_at:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def new_response_url(
    ws: Workspace, user_id: str, channel_id: str, message: Message | None = None, thread_ts: str | None = None
) -> str:
    """Return a fresh address at which the app may answer."""
    row = ResponseUrl(
        id=ws.store.next_id("R0"),
        user=user_id,
        channel=channel_id,
        message_ts=message.ts if message else None,
        ephemeral=message is not None and message.ephemeral_to is not None,
        thread_ts=message.thread_ts if message else thread_ts,
        created_at=ws.now(),
    )
    ws.store.response_urls.put(row)
    return f"{ws.base_url}/actions/{row.id}/{_sign(ws, row.id)[:24]}"


def use_response_url(ws: Workspace, url_id: str, secret: str) -> ResponseUrl:
    """Count one use of a response URL.

    Raises:
        SlackError: ``expired_url`` after thirty minutes, ``used_url`` after five uses, ``no_service`` for another's.
    """
    row = ws.store.response_urls.get(url_id)
    if row is None or secret != _sign(ws, row.id)[:24]:
        raise SlackError("no_service")
    if ws.now() - row.created_at > RESPONSE_URL_LIFETIME:
        raise SlackError("expired_url")
    if row.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    row.uses += 1
    ws.store.response_urls.put(row)
    return row


def _sign(ws: Workspace, text: str) -> str:
    return hashlib.sha256(f"{ws.signing_secret}:{text}".encode()).hexdigest()
