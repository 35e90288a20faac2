"""Delivery by signed HTTP, with Slack's schedule of retries."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bot.playground.slack import SeenByPerson, SlackStandIn
from bot.playground.slack.delivery.http import sign
from tests.playground.slack.support import ManualClock, client_of, modal, new_app, text_input

Json = dict[str, Any]


class Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serving(application: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Endpoint:
    """A request URL that answers as it is told to and keeps what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.requests: list[Request] = []
        self.before: Callable[[], object] = lambda: None

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        request.get_data(cache=True)
        self.requests.append(request)
        self.before()
        return Response("", self.status, headers=self.headers)(environ, start)


class Late:
    """A WSGI application that is named after its address is known."""

    def __init__(self) -> None:
        self.app: App | None = None

    def __call__(self, environ: Any, start: Any) -> Any:
        assert self.app is not None
        return SlackRequestHandler(self.app, path="/slack/events")(environ, start)


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def by_http(clock: ManualClock, endpoint: Endpoint) -> Iterator[SlackStandIn]:
    with (
        serving(endpoint) as url,
        SlackStandIn(clock=clock, rate_limits=False, ack_deadline=0.3, request_url=url) as slack,
    ):
        yield slack


def test_signs_what_it_sends(by_http: SlackStandIn, endpoint: Endpoint) -> None:
    by_http.person("trainer").says("claims-ai", "x")
    by_http.wait_until_delivered()
    request = endpoint.requests[0]
    timestamp = request.headers["X-Slack-Request-Timestamp"]
    assert request.headers["X-Slack-Signature"] == sign(by_http.signing_secret, timestamp, request.get_data())
    assert request.mimetype == "application/json"
    assert "X-Slack-Retry-Num" not in request.headers
    assert request.get_json()["event"]["text"] == "x"


def test_bolt_verifies_and_answers() -> None:
    application = Late()
    with serving(application) as url, SlackStandIn(request_url=url, rate_limits=False) as slack:
        app, seen = new_app(slack), []
        application.app = app

        @app.command("/play")
        def play(ack: Ack, command: Json) -> None:
            ack(f"played {command['text']}")

        @app.shortcut("begin")
        def begin(ack: Ack, shortcut: Json) -> None:
            client_of(slack).views_open(trigger_id=shortcut["trigger_id"], view=modal(text_input()))
            ack()

        @app.view("form")
        def form(ack: Ack) -> None:
            ack(response_action="errors", errors={"name_block": "no"})

        @app.event("message")
        def message(event: Json) -> None:
            seen.append(event["text"])

        assert slack.verify_request_url()
        trainer = slack.person("trainer")
        trainer.slash("/play", "chess")
        assert trainer.sees("claims-ai")[0]["text"] == "played chess"
        trainer.uses_shortcut("begin")
        assert trainer.submits(trainer.wait_for(trainer.view), {"name": "x"})["errors"] == {
            "name_block": "no"
        }
        trainer.says("claims-ai", "hello")
        slack.wait_until_delivered()
        assert slack.log.of("ack", type="events_api")[0].data["acked"] is True
    assert seen == ["hello"]


def test_bolt_refuses_a_wrong_signature() -> None:
    application = Late()
    with serving(application) as url, SlackStandIn(request_url=url, signing_time=lambda: 1.0) as slack:
        application.app = new_app(slack)
        with pytest.raises(SeenByPerson, match="dispatch_failed"):
            slack.person("trainer").slash("/play")
    assert slack.log.of("ack")[0].data["reason"] == "http_error"


def test_retries_at_once_after_a_minute_and_after_five(
    by_http: SlackStandIn, endpoint: Endpoint, clock: ManualClock
) -> None:
    endpoint.status = 500
    by_http.person("trainer").says("claims-ai", "x")
    by_http.wait_until_delivered()
    assert len(endpoint.requests) == 2
    settled = [by_http.settled]
    for seconds, deliveries in ((59, 2), (1, 3), (299, 3), (1, 4), (10_000, 4)):
        clock.advance(seconds)
        by_http.tick()
        by_http.wait_until_delivered()
        assert len(endpoint.requests) == deliveries
    assert [*settled, by_http.settled] == [False, True], "given up"
    retries = [
        (r.headers["X-Slack-Retry-Num"], r.headers["X-Slack-Retry-Reason"]) for r in endpoint.requests[1:]
    ]
    assert retries == [("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({r.get_json()["event_id"] for r in endpoint.requests}) == 1


def test_a_url_that_does_not_echo_is_not_verified(by_http: SlackStandIn) -> None:
    assert not by_http.verify_request_url()


def test_no_retry_when_asked_not_to(by_http: SlackStandIn, endpoint: Endpoint) -> None:
    endpoint.status, endpoint.headers = 500, {"X-Slack-No-Retry": "1"}
    by_http.person("trainer").says("claims-ai", "x")
    by_http.wait_until_delivered()
    assert len(endpoint.requests) == 1


def test_a_slow_answer_is_a_timeout(by_http: SlackStandIn, endpoint: Endpoint) -> None:
    released = threading.Event()
    endpoint.before = lambda: released.wait(5)
    with pytest.raises(SeenByPerson, match='/play failed with the error "operation_timeout"'):
        by_http.person("trainer").slash("/play")
    released.set()
    assert len(endpoint.requests) == 1


def test_interactions_are_not_retried(by_http: SlackStandIn, endpoint: Endpoint, clock: ManualClock) -> None:
    endpoint.status = 500
    with pytest.raises(SeenByPerson, match="dispatch_failed"):
        by_http.person("trainer").slash("/play", "x")
    clock.advance(1_000)
    assert by_http.tick() == 0
    form = endpoint.requests[0].form
    assert (form["command"], form["text"], form["user_name"]) == ("/play", "x", "tess")


def test_the_manifests_own_addresses(clock: ManualClock, endpoint: Endpoint) -> None:
    with serving(endpoint) as url:
        manifest = {
            "features": {"slash_commands": [{"command": "/x", "description": "x", "url": url}]},
            "oauth_config": {"scopes": {"bot": ["app_mentions:read", "commands"]}},
            "settings": {
                "event_subscriptions": {"request_url": url, "bot_events": ["app_mention"]},
                "interactivity": {"is_enabled": True},
            },
        }
        with SlackStandIn(manifest, clock=clock) as slack:
            trainer = slack.person("trainer")
            trainer.slash("/x")
            trainer.says("claims-ai", "hey @App")
            slack.wait_until_delivered()
    assert [r.mimetype for r in endpoint.requests] == [
        "application/x-www-form-urlencoded",
        "application/json",
    ]
