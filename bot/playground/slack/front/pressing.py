"""Buttons, selects and shortcuts."""

from typing import Any

from bot.playground.slack import shapes, triggers
from bot.playground.slack.blocks import interactive
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.front.door import Door, channel_name
from bot.playground.slack.front.values import FIELDS, chosen, collect
from bot.playground.slack.state import Json, Message, User, View

_COPIED = ("text", "style", "placeholder", "confirm")


def find(blocks: list[Json], earlier: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """Return the block and the element of an action; with a ``block_id`` also of a picture that was replaced.

    Raises:
        SeenByPerson: it is not there.
    """
    for block, element in interactive([*blocks, *(earlier if block_id else ())]):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise SeenByPerson("That control is no longer there.")


def action_of(door: Door, block: Json, element: Json, value: Any) -> Json:
    """Return an entry of ``actions``; a button's value is the stored one, never what the caller says."""
    ws, kind = door.ws, element["type"]
    action: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    action["action_ts"] = ws.next_ts()
    action |= {key: element[key] for key in _COPIED if key in element}
    if kind in ("button", "icon_button", "workflow_button"):
        return action | ({"value": element["value"]} if "value" in element else {})
    if kind == "feedback_buttons":
        pressed = element["positive_button"]
        if value == element["negative_button"]["value"]:
            pressed = element["negative_button"]
        return action | {"text": pressed["text"], "value": pressed["value"]}
    key, initial = FIELDS[kind]
    given = value
    if isinstance(value, dict) and key in value:
        given = value[key]
    if element.get(initial):
        action[initial] = element[initial]
    return action | {key: chosen(ws, element, given)}


def press_in_message(
    door: Door,
    user_id: str,
    channel_id: str,
    ts: str,
    action_id: str,
    *,
    value: Any = None,
    block_id: str | None = None,
    state: Json | None = None,
) -> None:
    """Use a button or a select of a message.

    Raises:
        SeenByPerson: it is not there, the choice is not on offer, or the app did not acknowledge in time.
    """
    ws = door.ws
    with ws.store.lock:
        user, row = door.person(user_id), door.message(user_id, channel_id, ts)
        block, element = find(row.blocks, row.earlier, action_id, block_id)
        action = action_of(door, block, element, value)
        values = collect(ws, row.blocks, _overlaid(state or {}, action))
        ws.log.add("person", user=user_id, did="action", channel=row.channel, ts=ts, action_id=action_id)
        payload = _message_payload(door, user, row) | {"actions": [action], "state": {"values": values}}
    door.send_or_tell(payload)


def _overlaid(state: Json, action: Json) -> Json:
    kind = action["type"]
    if kind not in FIELDS:
        return state
    merged = {block_id: dict(entries) for block_id, entries in state.items()}
    merged.setdefault(action["block_id"], {})[action["action_id"]] = action[FIELDS[kind][0]]
    return merged


def _message_payload(door: Door, user: User, row: Message) -> Json:
    ws, channel = door.ws, door.ws.channel(row.channel)
    ephemeral = row.ephemeral_to is not None
    container: Json = {
        "type": "message",
        "message_ts": row.ts,
        "channel_id": row.channel,
        "is_ephemeral": ephemeral,
    }
    if row.is_reply:
        container["thread_ts"] = row.thread_ts
    payload = {
        "type": "block_actions",
        **door.who(user),
        "container": container,
        "trigger_id": triggers.new_trigger(ws, user.id),
        "channel": {"id": row.channel, "name": channel_name(channel)},
        "response_url": triggers.new_response_url(ws, user.id, row.channel, row),
    }
    if not ephemeral:
        payload["message"] = shapes.message(ws, row)
    return payload


def press_in_view(
    door: Door,
    user_id: str,
    view_id: str,
    action_id: str,
    *,
    value: Any = None,
    block_id: str | None = None,
    state: Json | None = None,
) -> None:
    """Use a button or a select of a modal or of App Home.

    Raises:
        SeenByPerson: as ``press_in_message``.
    """
    ws = door.ws
    with ws.store.lock:
        user, view = door.person(user_id), view_of(door, user_id, view_id)
        block, element = find(view.body["blocks"], view.earlier, action_id, block_id)
        action = action_of(door, block, element, value)
        values = collect(ws, view.body["blocks"], _overlaid(state or {}, action))
        ws.log.add("person", user=user_id, did="action", view=view_id, action_id=action_id)
        payload = {
            "type": "block_actions",
            **door.who(user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": triggers.new_trigger(ws, user.id, in_view=view.body["type"] == "modal"),
            "view": shapes.view(view, state=values),
            "actions": [action],
        }
    door.send_or_tell(payload)


def view_of(door: Door, user_id: str, view_id: str) -> View:
    """Return a person's open modal or their App Home.

    Raises:
        SeenByPerson: it was closed.
    """
    view = door.ws.store.views.get(view_id)
    if view is not None and view.user == user_id and not view.closed:
        return view
    home = door.ws.store.homes.get(user_id)
    if home is not None and home.id == view_id:
        return home
    raise SeenByPerson("That form was closed.")


def use_shortcut(
    door: Door, user_id: str, callback_id: str, channel_id: str | None = None, ts: str | None = None
) -> None:
    """Use a global shortcut, or a message shortcut on a message.

    Raises:
        SeenByPerson: there is no such shortcut, or the app did not acknowledge in time.
    """
    ws = door.ws
    with ws.store.lock:
        user = door.person(user_id)
        shortcut = ws.manifest.shortcuts.get(callback_id)
        if shortcut is None:
            raise SeenByPerson("That shortcut does not exist.")
        ws.log.add("person", user=user_id, did="shortcut", callback_id=callback_id, channel=channel_id, ts=ts)
        payload = door.who(user) | {
            "callback_id": callback_id,
            "trigger_id": triggers.new_trigger(ws, user.id),
            "action_ts": ws.next_ts(),
        }
        if shortcut.type == "global":
            payload["type"] = "shortcut"
        else:
            payload |= _on_message(door, user, channel_id or "", ts or "")
    door.send_or_tell(payload)


def _on_message(door: Door, user: User, channel_id: str, ts: str) -> Json:
    ws = door.ws
    row = door.message(user.id, channel_id, ts)
    channel = ws.channel(row.channel)
    return {
        "type": "message_action",
        "message_ts": row.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": shapes.message(ws, row),
        "response_url": triggers.new_response_url(ws, user.id, channel.id, row),
    }
