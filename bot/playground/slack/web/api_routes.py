"""``/api/<method>``: arguments from the query, a form or JSON, and the token from wherever Slack takes it."""

import json

from flask import Blueprint, Response, request

from bot.playground.slack.api import Answer, Api, rate_limited
from bot.playground.slack.errors import SlackError
from bot.playground.slack.faults import Fault
from bot.playground.slack.front import answers
from bot.playground.slack.state import Json
from bot.playground.slack.triggers import use_response_url
from bot.playground.slack.web.faulty import served
from bot.playground.slack.workspace import Workspace


def blueprint(ws: Workspace, api: Api) -> Blueprint:
    """Return the routes of the Web API and of response URLs."""
    routes = Blueprint("api", __name__)

    @routes.route("/api/<method>", methods=["GET", "POST"])
    def call(method: str) -> Response:
        return served(ws.faults, method, lambda fault: _call(api, method, fault))

    @routes.post("/actions/<url_id>/<secret>")
    def respond(url_id: str, secret: str) -> Response:
        return served(ws.faults, "response_url", lambda fault: _respond(ws, url_id, secret, fault))

    return routes


def _call(api: Api, method: str, fault: Fault | None) -> Response:
    try:
        raw = arguments()
    except SlackError as error:
        return _json(Answer(error.body()))
    if fault is not None:
        return _json(api.refuse(method, raw, _ordered(fault)))
    return _json(api.call(method, raw, _token(raw)))


def _ordered(fault: Fault) -> Answer:
    if fault.kind == "rate_limited":
        return rate_limited(int(fault.seconds))
    return Answer({"ok": False, "error": fault.error})


def arguments() -> Json:
    """Return a request's arguments, unconverted.

    Raises:
        SlackError: the body is not what its content type says.
    """
    raw: Json = dict(request.args)
    if request.mimetype == "application/json":
        text = request.get_data(as_text=True)
        try:
            body = json.loads(text) if text.strip() else {}
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return raw | body
    return raw | dict(request.form)


def _token(raw: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    return str(raw["token"]) if raw.get("token") else None


def _json(answer: Answer) -> Response:
    response = Response(
        json.dumps(answer.body), answer.status, content_type="application/json; charset=utf-8"
    )
    response.headers.update(answer.headers)
    return response


def _respond(ws: Workspace, url_id: str, secret: str, fault: Fault | None) -> Response:
    if fault is not None:
        return _json(_ordered(fault))
    body = request.get_json(force=True, silent=True)
    error: SlackError | None = None
    with ws.store.lock:
        try:
            row = use_response_url(ws, url_id, secret)
            if not isinstance(body, dict):
                raise SlackError("invalid_payload")
            answers.give(ws, row, body)
        except SlackError as refusal:
            error = refusal
        ws.log.add(
            "response_url", id=url_id, body=body, ok=error is None, error=error.error if error else None
        )
    if error is None:
        return Response("ok", 200, content_type="text/plain; charset=utf-8")
    return _json(
        Answer(error.body(), 404 if error.error in ("used_url", "expired_url", "no_service") else 200)
    )
