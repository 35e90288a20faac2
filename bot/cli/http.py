"""The bot behind HTTP: gunicorn takes Slack's signed requests at ``/slack/events`` and probes at ``/healthz``."""

import json
import logging
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from gunicorn.app.base import BaseApplication
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.config import Settings
from bot.wiring import Bot, build

_log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"


class WebApp:
    """The WSGI application: Slack's requests to Bolt, probes to the health check, 404 for the rest."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._slack = SlackRequestHandler(bot.app, path=EVENTS_PATH)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == HEALTH_PATH:
            return self._health(start_response)
        answer: Iterable[bytes] = self._slack(environ, start_response)
        return answer

    def _health(self, start_response: StartResponse) -> Iterable[bytes]:
        problems = self._bot.problems()
        body = json.dumps({"ok": not problems, "problems": problems}).encode()
        status = "503 Service Unavailable" if problems else "200 OK"
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


class _Gunicorn(BaseApplication):  # type: ignore[misc] # gunicorn is not typed
    def __init__(self, settings: Settings, port: int) -> None:
        self._settings = settings
        self._port = port
        self._bot: Bot | None = None
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", [f"0.0.0.0:{self._port}"])
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("workers", 1)
        self.cfg.set("threads", 32)
        self.cfg.set("graceful_timeout", 25)
        self.cfg.set("worker_exit", lambda _server, _worker: self._stop())

    def load(self) -> WebApp:
        # In the worker, after the fork: no client or thread is shared with the parent.
        self._bot = build(self._settings)
        self._bot.start_following()
        _log.info("ready on port %d", self._port)
        return WebApp(self._bot)

    def _stop(self) -> None:
        if self._bot is not None:
            self._bot.stop()


def serve(settings: Settings, port: int) -> None:
    """Run until SIGTERM, then let what is in hand finish. More replicas are more processes of this command.

    A Redis that is away is waited for, which the health check tells.

    Raises:
        Misconfigured: Redis is there and its settings would lose what is followed.
    """
    build(settings).is_usable()
    _Gunicorn(settings, port).run()
