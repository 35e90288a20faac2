"""Payloads as Bolt can read them: it takes the members by which it routes for granted, and fails where they are others.

Bolt raises ``TypeError`` for a ``team`` that is a number, ``IndexError`` for a press without ``actions``, ``KeyError``
for a form without a type, before any listener is asked. Slack sends no such thing by its documents
(docs.slack.dev/reference/interaction-payloads, docs.slack.dev/apis/events-api), but a payload that fails is delivered
again, and who pressed waits. So a member of another kind is left out here, as if it had not been sent, and what cannot
be left out is there and says nothing: the listener of what is not known any more answers it.
"""

from collections.abc import Mapping
from typing import Any

Payload = dict[str, Any]

_NAMED = ("team", "user", "channel", "enterprise")
"""Objects with an ``id``; Bolt takes an ID alone, too."""
_NESTED = ("event", "view", "message", "container")


def tidied(payload: Mapping[str, Any]) -> Payload:
    """Return the payload without members that Bolt could not read. What is as it should be stays as it is."""
    made = {key: each for key, each in payload.items() if not (key in _NAMED and not _is_named(each))}
    for key in _NESTED:
        if key in made and not isinstance(made[key], Mapping):
            made[key] = {}
    _tidy_event(made)
    _tidy_authorizations(made)
    _tidy_press(made)
    _tidy_view(made)
    return made


def is_routable(payload: Mapping[str, Any]) -> bool:
    """Return whether Bolt finds its way with the payload as it is; what else is in it is no matter here."""
    named = all(_is_named(payload[key]) for key in _NAMED if key in payload)
    event = _mapping(payload.get("event"))
    known = isinstance(payload.get("event", {}), Mapping) and all(
        _is_named(event[key]) for key in _NAMED if key in event
    )
    installed = payload.get("authorizations") or []
    known = known and isinstance(installed, list) and all(isinstance(each, Mapping) for each in installed)
    return named and known and _has_its_parts(payload)


def _has_its_parts(payload: Mapping[str, Any]) -> bool:
    kind, view = payload.get("type"), _mapping(payload.get("view"))
    if kind == "block_actions":
        actions = _list(payload.get("actions"))
        return bool(actions) and isinstance(_mapping(actions[0]).get("action_id"), str)
    if kind in ("view_submission", "view_closed"):
        return isinstance(view.get("type"), str) and isinstance(view.get("callback_id"), str)
    return True


def _is_named(value: object) -> bool:
    if value is None:  # an installation in no organisation has ``"enterprise": null``
        return True
    if isinstance(value, Mapping):
        return isinstance(value.get("id", ""), str | None)
    return value is None or isinstance(
        value, str
    )  # outside of an organisation Slack writes `"enterprise": null`


def _tidy_event(made: Payload) -> None:
    if "event" not in made:
        return
    event = made["event"]
    made["event"] = {key: each for key, each in event.items() if not (key in _NAMED and not _is_named(each))}


def _tidy_authorizations(made: Payload) -> None:
    there = made.pop("authorizations", None)
    if not isinstance(there, list):
        return
    read = [
        {key: each for key, each in one.items() if not (key in _NAMED and not _is_named(each))}
        for one in there
        if isinstance(one, Mapping)
    ]
    if there:
        made["authorizations"] = read or [{}]


def _tidy_press(made: Payload) -> None:
    if made.get("type") != "block_actions":
        return
    there = made.get("actions")
    first = there[0] if isinstance(there, list) and there and isinstance(there[0], Mapping) else {}
    known = {key: first[key] for key in ("type", "action_id", "block_id") if isinstance(first.get(key), str)}
    others = there[1:] if isinstance(there, list) else []
    made["actions"] = [{"type": "button", "action_id": "", "block_id": "", **dict(first), **known}, *others]
    for key in ("type", "action_id", "block_id"):
        if not isinstance(made["actions"][0][key], str):
            made["actions"][0][key] = ""


def _tidy_view(made: Payload) -> None:
    if made.get("type") in ("view_submission", "view_closed"):
        made.setdefault("view", {})
    if "view" not in made:
        return
    view = dict(made["view"])
    for key, instead in (("type", "modal"), ("callback_id", "")):
        if key in view or made.get("type") != "block_actions":
            view[key] = _text(view.get(key), instead)
    if "blocks" in view:
        view["blocks"] = [each for each in _list(view["blocks"]) if _is_block(each)]
    if "state" in view:
        view["state"] = _state(_mapping(view["state"]))
    made["view"] = view


def _is_block(value: object) -> bool:
    """Whether it is a block; an input has the name by which its value comes."""
    return isinstance(value, Mapping) and (
        value.get("type") != "input" or isinstance(value.get("block_id"), str)
    )


def _state(state: Mapping[str, Any]) -> Payload:
    """Return what was filled in: for each block, for each element of it, an object."""
    if "values" not in state:
        return dict(state)
    values = {
        block: {action: _filled(each) for action, each in _mapping(elements).items()}
        for block, elements in _mapping(state["values"]).items()
    }
    return {**state, "values": values}


def _filled(element: object) -> Payload:
    found = dict(_mapping(element))
    for key in ("selected_option", "selected_options", "files"):
        if key not in found:
            continue
        if key == "selected_option":
            found[key] = found[key] if isinstance(found[key], Mapping) else None
        else:
            found[key] = [each for each in _list(found[key]) if isinstance(each, Mapping)]
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object, instead: str) -> str:
    return value if isinstance(value, str) else instead
