"""Submitting and closing modals."""

from typing import Any

from bot.playground.slack import shapes, triggers, views
from bot.playground.slack.blocks import interactive
from bot.playground.slack.errors import SeenByPerson, SlackError
from bot.playground.slack.front.door import MODAL_TROUBLE, Door, error_code
from bot.playground.slack.front.pressing import view_of
from bot.playground.slack.front.values import collect, complaints
from bot.playground.slack.state import Json, User, View


def submit(door: Door, user_id: str, view_id: str, given: Json) -> Json:
    """Submit a modal; return ``response_action`` (None when it closed), ``errors`` and ``view``.

    Raises:
        SeenByPerson: the app did not acknowledge in time, or answered what Slack would not take.
    """
    ws = door.ws
    with ws.store.lock:
        user, view = door.person(user_id), view_of(door, user_id, view_id)
        blocks = view.body["blocks"]
        state = collect(ws, blocks, given)
        errors = complaints(blocks, state)
        if errors:
            return {"response_action": "errors", "errors": errors, "view": shapes.view(view)}
        _give_files(door, state)
        ws.log.add("person", user=user_id, did="submit", view=view_id)
        payload = _payload(door, "view_submission", user, view, state)
        payload["trigger_id"] = triggers.new_trigger(ws, user.id, in_view=True)
        payload["response_urls"] = _response_urls(door, user, view, state)
    outcome = door.send(payload)
    if not outcome.acked:
        raise SeenByPerson(MODAL_TROUBLE, code=error_code(outcome))
    with ws.store.lock:
        try:
            return _obey(door, view, outcome.body)
        except SlackError as error:
            ws.log.add("bad_answer", to="view_submission", error=error.error, messages=list(error.messages))
            raise SeenByPerson(MODAL_TROUBLE, code=error.error) from None


def _give_files(door: Door, state: Json) -> None:
    ws = door.ws
    for entries in state.values():
        for entry in entries.values():
            for item in entry.get("files") or []:
                row = ws.store.files.get(item["id"])
                assert row is not None
                row.given_to_app = row.completed = True
                ws.store.files.put(row)
                item.update(shapes.file(ws, row))


def _payload(door: Door, kind: str, user: User, view: View, state: Json) -> Json:
    return {"type": kind, **door.who(user), "view": shapes.view(view, state=state)}


def _response_urls(door: Door, user: User, view: View, state: Json) -> list[Json]:
    found = []
    for block, element in interactive(view.body["blocks"]):
        if element.get("response_url_enabled"):
            entry = state[block["block_id"]][element["action_id"]]
            channel_id = entry.get("selected_conversation") or entry.get("selected_channel")
            url = triggers.new_response_url(door.ws, user.id, channel_id)
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            found.append({**ids, "channel_id": channel_id, "response_url": url})
    return found


def _obey(door: Door, view: View, answer: Any) -> Json:
    ws = door.ws
    if not answer:
        views.forget(ws, view)
        return {"response_action": None, "errors": {}, "view": _top(door, view.user)}
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action == "errors":
        return {"response_action": action, "errors": _errors(view, answer), "view": shapes.view(view)}
    if action == "clear":
        for open_view in views.stack(ws, view.user):
            views.forget(ws, open_view)
        return {"response_action": action, "errors": {}, "view": None}
    if action == "update":
        views.update_view(ws, view, answer.get("view"), None)
        return {"response_action": action, "errors": {}, "view": shapes.view(view)}
    if action == "push":
        pushed = views.open_view(ws, view.user, answer.get("view"), push=True)
        return {"response_action": action, "errors": {}, "view": shapes.view(pushed)}
    raise SlackError("invalid_arguments", messages=[f"[ERROR] invalid `response_action`: {action}"])


def _errors(view: View, answer: Json) -> Json:
    errors = answer.get("errors")
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        names = ", ".join(sorted(inputs))
        raise SlackError("invalid_arguments", messages=[f"[ERROR] `errors` must name input blocks: {names}"])
    return errors


def _top(door: Door, user_id: str) -> Json | None:
    open_views = views.stack(door.ws, user_id)
    return shapes.view(open_views[-1]) if open_views else None


def close(door: Door, user_id: str, view_id: str, given: Json | None = None) -> None:
    """Close a modal (and what lies on it); the app hears of it when it asked to."""
    ws = door.ws
    with ws.store.lock:
        user, view = door.person(user_id), view_of(door, user_id, view_id)
        open_views = views.stack(ws, user_id)
        above = open_views[[v.id for v in open_views].index(view.id) :]
        if view.body.get("clear_on_close"):
            above = open_views
        state = collect(ws, view.body["blocks"], given or {})
        ws.log.add("person", user=user_id, did="close", view=view_id)
        payloads = [
            _payload(door, "view_closed", user, row, state if row.id == view.id else {})
            | {"is_cleared": bool(view.body.get("clear_on_close"))}
            for row in above
            if row.body.get("notify_on_close")
        ]
        for row in above:
            views.forget(ws, row)
    for payload in payloads:
        door.send(payload)
