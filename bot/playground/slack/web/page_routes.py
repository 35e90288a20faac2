"""The page and the calls that it makes: page/PROTOCOL.md, answered."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from bot.playground.slack import shapes
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.events import page_message
from bot.playground.slack.feed import Change
from bot.playground.slack.front import commands, modals, pressing, talking
from bot.playground.slack.front.door import Door
from bot.playground.slack.state import Json, Message
from bot.playground.slack.web import page_state

PAGE = Path(__file__).resolve().parents[2] / "page"
KEEP_ALIVE = 15.0
"""Seconds between the comment lines that keep the page's event stream open."""


def answered(what: Callable[[], Json]) -> Response:
    """Answer a call of the page: what it asked for, or the sentence that a person would see."""
    try:
        body = {"ok": True, **what()}
    except SeenByPerson as seen:
        body = {"ok": False, "error": seen.text}
    except (KeyError, ValueError, TypeError) as error:
        body = {"ok": False, "error": f"The page asked for something that makes no sense here: {error!r}"}
    return Response(json.dumps(body), 200, content_type="application/json; charset=utf-8")


def done(what: Callable[[], object]) -> Response:
    """Answer a call of the page that gives nothing back."""

    def run() -> Json:
        what()
        return {}

    return answered(run)


def body() -> Json:
    """Return the JSON object that the page sent."""
    found = request.get_json(force=True, silent=True)
    return found if isinstance(found, dict) else {}


def blueprint(door: Door, first_look: Callable[[str | None], Json]) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("page", __name__)
    _static(routes)
    _reading(routes, door, first_look)
    _talking(routes, door)
    _doing(routes, door)
    return routes


def _static(routes: Blueprint) -> None:
    @routes.get("/")
    @routes.get("/archives/<path:_rest>")
    @routes.get("/docs/<path:_rest>")
    def index(_rest: str = "") -> Response:
        return send_from_directory(PAGE, "index.html", max_age=0)

    @routes.get("/playground/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(PAGE, name, max_age=0)


def _reading(routes: Blueprint, door: Door, first_look: Callable[[str | None], Json]) -> None:
    ws = door.ws

    @routes.get("/playground/state")
    def state() -> Response:
        return answered(lambda: first_look(request.args.get("as")))

    @routes.get("/playground/history")
    def history() -> Response:
        return answered(lambda: _messages(door, talking.read(door, _as(), request.args["channel"])))

    @routes.get("/playground/replies")
    def replies() -> Response:
        channel, ts = request.args["channel"], request.args["ts"]
        return answered(lambda: _messages(door, talking.read_thread(door, _as(), channel, ts)))

    @routes.get("/playground/events")
    def events() -> Response:
        start = int(request.args.get("since") or request.headers.get("Last-Event-ID") or ws.feed.seq)
        stream = Response(_stream(door, _as(), start), content_type="text/event-stream")
        stream.headers["Cache-Control"] = "no-cache"
        return stream

    @routes.get("/playground/file/<file_id>")
    def file(file_id: str) -> Response:
        return _file(door, file_id)

    @routes.get("/files/<_user>/<file_id>/<path:_name>")
    def permalink(_user: str, file_id: str, _name: str) -> Response:
        return _file(door, file_id)


def _as() -> str:
    return request.args["as"]


def _messages(door: Door, rows: list[Message]) -> Json:
    with door.ws.store.lock:
        return {"messages": [page_message(door.ws, row) for row in rows]}


def _file(door: Door, file_id: str) -> Response:
    ws, user_id = door.ws, request.args.get("as", "")
    with ws.store.lock:
        row = ws.store.files.get(file_id)
        viewer = ws.store.users.get(user_id)
        if row is None or row.deleted or not row.uploaded or viewer is None or not ws.sees_file(user_id, row):
            return Response(
                "That file does not exist, or you may not see it.", 404, content_type="text/plain"
            )
        content = ws.store.read_bytes(row.id)
        mimetype = str(shapes.file(ws, row)["mimetype"])
    # What is no picture is shown as text: a page that somebody uploads must not run here, and an SVG may
    # hold scripts.
    safe = (
        mimetype if mimetype.startswith("image/") and "svg" not in mimetype else "text/plain; charset=utf-8"
    )
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": f'inline; filename="{row.id}"'}
    return Response(content, 200, headers=headers, content_type=safe)


def _stream(door: Door, user_id: str, seq: int) -> Iterator[str]:
    feed = door.ws.feed
    yield ": listening\n\n"
    while not feed.closed:
        changes = feed.since(seq)
        if changes is None:
            seq = feed.seq
            yield _event({"seq": seq, "type": "reload"})
            continue
        for change in changes:
            seq = change.seq
            if _is_for(door, change, user_id):
                yield _event(_as_seen_by(door, change.body, user_id))
        if not changes and not feed.wait(lambda last=seq: feed.seq > last, KEEP_ALIVE):  # type: ignore[misc]
            yield ": still here\n\n"


def _event(change: Json) -> str:
    return f"id: {change['seq']}\ndata: {json.dumps(change)}\n\n"


def _as_seen_by(door: Door, change: Json, user_id: str) -> Json:
    """A changed channel looks different to each person: whether they are in it, how much is unread."""
    if change["type"] != "channel":
        return change
    with door.ws.store.lock:
        row = door.ws.channel(change["channel"])
        return change | {"channel": page_state.channel(door.ws, row, user_id)}


def _is_for(door: Door, change: Change, user_id: str) -> bool:
    if change.only is not None:
        return change.only == user_id
    with door.ws.store.lock:
        channel = door.ws.store.channels.get(str(change.body.get("channel")))
        viewer = door.ws.store.users.get(user_id)
        if channel is None:  # of none at all, or of one that has another ID since
            return str(change.body["type"]) != "channel"
        return viewer is not None and door.ws.sees_channel(user_id, channel)


def _talking(routes: Blueprint, door: Door) -> None:
    @routes.post("/playground/message")
    def message() -> Response:
        sent = body()
        return answered(lambda: _say(door, sent, str(sent["text"])))

    @routes.post("/playground/prompt")
    def prompt() -> Response:
        sent = body()
        return answered(lambda: _say(door, sent, str(sent["message"])))

    @routes.post("/playground/upload")
    def upload() -> Response:
        return answered(lambda: _upload(door))

    @routes.post("/playground/dm")
    def dm() -> Response:
        sent = body()
        return answered(lambda: _dm(door, sent))

    @routes.post("/playground/react")
    def react() -> Response:
        sent = body()
        where = (sent.get("as", ""), sent.get("channel", ""), sent.get("ts", ""), sent.get("name", ""))
        return done(lambda: talking.react(door, *where))

    @routes.post("/playground/stop_session")
    def stop_session() -> Response:
        sent = body()
        where = (sent.get("as", ""), sent.get("channel", ""), sent.get("thread_ts", ""))
        return done(lambda: talking.stop_session(door, *where))


def _say(door: Door, sent: Json, text: str) -> Json:
    thread_ts = sent.get("thread_ts") or None
    if text.startswith("/"):
        commands.run(door, sent["as"], sent["channel"], text, thread_ts)
        return {}
    row = talking.say(door, sent["as"], sent["channel"], text, thread_ts)
    with door.ws.store.lock:
        return {"message": page_message(door.ws, row)}


def _upload(door: Door) -> Json:
    form = request.form
    files = [(one.filename or "file", one.read()) for one in request.files.getlist("file")]
    channel, thread_ts = form.get("channel") or None, form.get("thread_ts") or None
    rows = talking.upload(door, form["as"], channel, files, form.get("text", ""), thread_ts)
    with door.ws.store.lock:
        return {"files": [shapes.file(door.ws, row) for row in rows]}


def _dm(door: Door, sent: Json) -> Json:
    row = talking.open_dm(door, sent["as"], sent["with"])
    with door.ws.store.lock:
        return {"channel": page_state.channel(door.ws, row, sent["as"])}


def _doing(routes: Blueprint, door: Door) -> None:
    @routes.post("/playground/action")
    def action() -> Response:
        sent = body()
        return answered(lambda: _press(door, sent))

    @routes.post("/playground/shortcut")
    def shortcut() -> Response:
        sent = body()
        where = (sent.get("channel"), sent.get("message_ts"))
        return done(lambda: pressing.use_shortcut(door, sent["as"], sent["callback_id"], *where))

    @routes.post("/playground/view/submit")
    def submit() -> Response:
        sent = body()
        return answered(lambda: modals.submit(door, sent["as"], sent["view_id"], _values(sent)))

    @routes.post("/playground/view/close")
    def close() -> Response:
        sent = body()
        return done(lambda: modals.close(door, sent["as"], sent["view_id"], _values(sent)))

    @routes.post("/playground/home")
    def home() -> Response:
        sent = body()
        return answered(lambda: {"view": talking.open_home(door, sent["as"], str(sent.get("tab", "home")))})


def _values(sent: Json) -> Json:
    values = (sent.get("state") or {}).get("values") or {}
    return values if isinstance(values, dict) else {}


def _press(door: Door, sent: Json) -> Json:
    action = sent["action"]
    value = action.get("value") if action.get("type") == "feedback_buttons" else action
    how: Json = {"value": value, "block_id": action.get("block_id"), "state": _values(sent)}
    if sent.get("view_id"):
        pressing.press_in_view(door, sent["as"], sent["view_id"], action["action_id"], **how)
    else:
        where = (sent["as"], sent["channel"], sent["message_ts"])
        pressing.press_in_message(door, *where, action["action_id"], **how)
    return {}
