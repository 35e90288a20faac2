"""The Bedrock stand-in's clock, faults and state, as the page sees and moves them."""

import json
import threading
from typing import Protocol

from flask import Blueprint, Response

from bot.playground.slack.feed import Feed
from bot.playground.slack.state import Json
from bot.playground.slack.web.page_routes import answered, body

INTERVAL = 1.0
"""Seconds between looks at the Bedrock stand-in, so that the page follows its jobs."""


class Bedrock(Protocol):
    """What the page needs of the Bedrock stand-in."""

    def state(self) -> Json:
        """Return clock, lifecycle, jobs, throughputs, deployments and faults, as PROTOCOL.md lists them."""

    def control(self, order: Json, /) -> Json:
        """Carry out one order of the page and return the new state.

        Raises:
            ValueError: the order makes no sense; the text says why.
        """


def blueprint(bedrock: Bedrock | None) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("bedrock", __name__)

    @routes.get("/playground/bedrock")
    def state() -> Response:
        return answered(lambda: {"bedrock": None if bedrock is None else bedrock.state()})

    @routes.post("/playground/bedrock")
    def control() -> Response:
        order = body()
        return answered(lambda: _control(bedrock, order))

    return routes


def _control(bedrock: Bedrock | None, order: Json) -> Json:
    if bedrock is None:
        raise ValueError("no Bedrock stand-in is running")
    return {"bedrock": bedrock.control(order)}


class Watch:
    """Tells the page when the Bedrock stand-in's state (its running clock aside) has changed."""

    def __init__(self, bedrock: Bedrock, feed: Feed) -> None:
        self._bedrock = bedrock
        self._feed = feed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-bedrock-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        last = ""
        while not self._stop.wait(INTERVAL):
            state = self._bedrock.state()
            seen = json.dumps({key: value for key, value in state.items() if key != "now"}, default=str)
            if seen != last:
                last = seen
                self._feed.add("bedrock", bedrock=state)
