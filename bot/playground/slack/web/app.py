"""Two Flask applications behind one door: what a bot needs, and the page, which is made when first asked for."""

import threading
from collections.abc import Callable, Iterable, Sequence
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Blueprint, Flask, request
from flask_sock import Sock
from simple_websocket import Server

from bot.playground.slack.api import Api
from bot.playground.slack.delivery.socket_mode import SocketHub
from bot.playground.slack.web import api_routes, file_routes
from bot.playground.slack.workspace import Workspace

UPLOAD_BYTES = 1_100_000_000
"""Slack takes files of up to 1 GB, as far as is known."""


FOR_BOTS = ("/api/", "/actions/", "/upload/", "/files-pri/", "/files-edge/", "/login", "/link/")
"""Where the paths of the first application begin."""


def _new(name: str) -> Flask:
    app = Flask(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = UPLOAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = 10_000_000
    return app


class Front:
    """The WSGI application: hands a request to one of the two. Most tests never look at the page."""

    def __init__(self, for_bots: Flask, page: Callable[[], Sequence[Blueprint]]) -> None:
        self._for_bots = for_bots
        self._page = page
        self._made: Flask | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        app = self._for_bots if path.startswith(FOR_BOTS) else self._page_app()
        return app(environ, start)

    def _page_app(self) -> Flask:
        with self._lock:
            if self._made is None:
                self._made = _new("page")
                for routes in self._page():
                    self._made.register_blueprint(routes)
            return self._made


def for_bots(ws: Workspace, api: Api, hub: SocketHub, bot_token: str) -> Flask:
    """Return the application that a bot talks to."""
    app = _new("bots")
    app.register_blueprint(api_routes.blueprint(ws, api))
    app.register_blueprint(file_routes.blueprint(ws, bot_token))
    sock = Sock()

    @sock.route("/link/")  # type: ignore[untyped-decorator]  # flask-sock has no annotations
    def link(socket: Server) -> None:
        hub.serve(socket, request.args.get("ticket", ""))

    sock.init_app(app)

    return app
