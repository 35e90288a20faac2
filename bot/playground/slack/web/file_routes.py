"""Uploads by address, and authenticated downloads with the login page that Slack answers a stranger with."""

from flask import Blueprint, Response, redirect, request

from bot.playground.slack import seed
from bot.playground.slack.faults import Fault
from bot.playground.slack.state import StoredFile
from bot.playground.slack.web.faulty import served
from bot.playground.slack.workspace import Workspace

_LOGIN = """<!DOCTYPE html><html lang="en"><head><title>Login | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form action="/login"><input name="email"></form></body></html>"""


def blueprint(ws: Workspace, bot_token: str) -> Blueprint:
    """Return the routes of file bytes."""
    routes = Blueprint("files", __name__)

    @routes.post("/upload/v1/<file_id>")
    def upload(file_id: str) -> Response:
        return served(ws.faults, "files.upload", lambda fault: _upload(ws, file_id, fault))

    @routes.get("/files-pri/<team_file>/<path:name>")
    def download(team_file: str, name: str) -> Response:
        return served(
            ws.faults, "files.download", lambda fault: _download(ws, bot_token, team_file, name, fault)
        )

    @routes.get("/files-edge/<team_file>/<path:name>")
    def edge(team_file: str, name: str) -> Response:
        del name
        return _bytes(ws, bot_token, team_file)

    @routes.get("/login")
    def login() -> Response:
        return Response(_LOGIN, 200, content_type="text/html; charset=utf-8")

    return routes


def _upload(ws: Workspace, file_id: str, fault: Fault | None) -> Response:
    if fault is not None:
        return Response(fault.error or "rate limited", 429 if fault.kind == "rate_limited" else 400)
    multipart = (
        request.mimetype == "multipart/form-data"
    )  # anything else is the bytes, whatever it calls itself
    sent = next(iter(request.files.values()), None) if multipart else None
    content = sent.read() if sent is not None else request.get_data()
    with ws.store.lock:
        row = ws.store.files.get(file_id)
        if row is None or row.uploaded:
            return Response("upload URL is not valid", 404)
        if len(content) != row.size:
            return Response(f"expected {row.size} bytes, got {len(content)}", 400)
        ws.store.write_bytes(row.id, content)
        row.uploaded = True
        ws.store.files.put(row)
        ws.log.add("upload", file=row.id, bytes=len(content))
    return Response(f"OK - {len(content)}", 200, content_type="text/plain")


def _download(ws: Workspace, bot_token: str, team_file: str, name: str, fault: Fault | None) -> Response:
    if fault is not None:
        return Response(fault.error or "rate limited", 429 if fault.kind == "rate_limited" else 404)
    target = ws.faults.redirect_downloads
    if target is None:
        return _bytes(ws, bot_token, team_file)
    host = request.host if target == "same" else f"{target}:{request.host.rpartition(':')[2]}"
    return _to(f"http://{host}/files-edge/{team_file}/{name}")


def _to(url: str) -> Response:
    found = redirect(url, 302)
    return Response(b"", 302, headers={"Location": str(found.headers["Location"])})


def _bytes(ws: Workspace, bot_token: str, team_file: str) -> Response:
    with ws.store.lock:
        row = _allowed(ws, bot_token, team_file)
        ws.log.add("download", file=team_file.partition("-")[2], ok=row is not None, host=request.host)
        if row is None:
            refusal = _to(f"{ws.base_url}/login?redir=%2Ffiles-pri%2F{team_file}")
            refusal.headers["X-Slack-Meta"] = "?;acl_fail"
            return refusal
        content = ws.store.read_bytes(row.id)
    cut = ws.faults.truncate_downloads
    response = Response(
        content if cut is None else content[:cut], 200, content_type="application/octet-stream"
    )
    response.headers["Content-Disposition"] = "attachment"
    return response


def _allowed(ws: Workspace, bot_token: str, team_file: str) -> StoredFile | None:
    """The file, when the bot's token came along, has ``files:read``, and the bot may see it."""
    team_id, _, file_id = team_file.partition("-")
    row = ws.store.files.get(file_id)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if row is None or row.deleted or not row.uploaded or team_id != seed.TEAM_ID:
        return None
    if token != bot_token or not ws.manifest.has_any(("files:read",)):
        return None
    return row if ws.sees_file(seed.BOT_USER_ID, row) else None
