"""All routes in one Flask application."""

from flask import Flask, request
from flask_sock import Sock
from simple_websocket import Server

from bot.playground.slack.api import Api
from bot.playground.slack.delivery.socket_mode import SocketHub
from bot.playground.slack.web import api_routes, file_routes
from bot.playground.slack.workspace import Workspace

UPLOAD_BYTES = 1_100_000_000
"""Slack takes files of up to 1 GB, as far as is known."""


def build(ws: Workspace, api: Api, hub: SocketHub, bot_token: str) -> Flask:
    """Return the application without the page, which ``page_routes`` and ``bedrock_routes`` add."""
    app = Flask("playground", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = UPLOAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = 10_000_000
    app.register_blueprint(api_routes.blueprint(ws, api))
    app.register_blueprint(file_routes.blueprint(ws, bot_token))
    sock = Sock()

    @sock.route("/link/")  # type: ignore[untyped-decorator]  # flask-sock has no annotations
    def link(socket: Server) -> None:
        hub.serve(socket, request.args.get("ticket", ""))

    sock.init_app(app)

    return app
