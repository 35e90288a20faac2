"""The bot in this process, behind either door, and what must hold of it at the end of every scenario."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from wsgiref.types import WSGIApplication

from redis import RedisError

from bot import config
from bot.cli.http import WebApp
from bot.cli.http_server import HttpServer
from bot.cli.socket_mode import Handler
from bot.clock import Clock
from bot.playground.slack import SlackStandIn
from bot.wiring import Bot, build
from storage import clients
from storage.key_families import Endless, without_end
from storage.keys import Keys
from tests.playground.slack.support import close

_INVALID = {
    "invalid_blocks",
    "invalid_arguments",
    "invalid_arg_name",
    "invalid_blocks_format",
    "msg_too_long",
}


@contextmanager
def bot_of(
    environment: Mapping[str, str], *, http: bool = False, clock: Clock | None = None
) -> Iterator[Bot]:
    """Build the bot from its settings and have it follow what is due; it has no door yet."""
    bot = build(config.load(environment, http=http), clock)
    bot.wait_until_usable(threading.Event())
    bot.start_following()
    try:
        yield bot
    finally:
        bot.stop()
    left = keys_without_end(environment)
    assert not left, left


def keys_without_end(environment: Mapping[str, str]) -> list[Endless]:
    """Return what the bot has left in the store for ever and did not declare to stay."""
    keys = Keys(environment["TUNESMITH_REDIS_PREFIX"])
    with clients.interactive(environment["REDIS_URL"]) as client, suppress(RedisError):
        return list(without_end(client, keys))
    return []  # a store that is away by then


@contextmanager
def by_socket(
    environment: Mapping[str, str], slack: SlackStandIn, clock: Clock | None = None
) -> Iterator[Bot]:
    """Run the bot by Socket Mode, by a clock of its own or the machine's."""
    with bot_of(environment, clock=clock) as bot:
        handler = Handler(bot, environment["SLACK_APP_TOKEN"])
        handler.connect()  # type: ignore[no-untyped-call]
        slack.wait_until_connected()
        try:
            yield bot
        finally:
            close(handler)


@contextmanager
def served(application: WSGIApplication, port: int) -> Iterator[None]:
    """Serve a WSGI application on loopback."""
    server = HttpServer(application, port, host="127.0.0.1")
    thread = threading.Thread(target=server.run, name="http-door")
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join()


@contextmanager
def by_http(environment: Mapping[str, str], port: int) -> Iterator[Bot]:
    """Run the bot behind HTTP."""
    with bot_of(environment, http=True) as bot, served(WebApp(bot), port):
        bot.announce_ready()
        yield bot


# What holds at the end of every scenario


def payloads_that_slack_refused(slack: SlackStandIn) -> list[str]:
    """Return every message, form and answer of the bot that Slack would not have taken as it was built."""
    refused = [
        f"{entry.data.get('method', kind)}: {entry.data['error']} {entry.data.get('result')}"
        for kind in ("api_call", "response_url")
        for entry in slack.log.of(kind, ok=False)
        if entry.data.get("error") in _INVALID
    ]
    unknown = [
        f"{entry.data['method']}: {entry.data['unknown_args']}"
        for entry in slack.log.of("api_call")
        if entry.data.get("unknown_args")
    ]
    return refused + unknown + [str(entry.data) for entry in slack.log.of("bad_answer")]


def tracebacks(records: list[logging.LogRecord]) -> list[str]:
    """Return what was logged with a traceback: nothing that a scenario does is unexpected."""
    return [
        f"{record.name}: {record.getMessage()} {record.exc_info[1]!r}"
        for record in records
        if record.exc_info
    ]
