"""The Slack stand-in: one process, one port on loopback, everything that a bot and a person need of Slack."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from flask import Blueprint
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import Clock, SystemClock
from bot.playground.slack import events, seed
from bot.playground.slack import manifest as manifests
from bot.playground.slack.api import Api
from bot.playground.slack.delivery.dispatcher import Dispatcher
from bot.playground.slack.delivery.http import HttpDelivery
from bot.playground.slack.delivery.outcome import Transport
from bot.playground.slack.delivery.socket_mode import SocketHub
from bot.playground.slack.faults import Faults
from bot.playground.slack.feed import Feed
from bot.playground.slack.front import talking
from bot.playground.slack.front.door import Door
from bot.playground.slack.log import Log
from bot.playground.slack.manifest import Manifest
from bot.playground.slack.person import Person
from bot.playground.slack.rates import RateLimits
from bot.playground.slack.scheduler import Scheduler
from bot.playground.slack.state import Group, Json, Standing, User
from bot.playground.slack.store import Store
from bot.playground.slack.triggers import RESPONSE_URL_LIFETIME
from bot.playground.slack.web import bedrock_routes, page_routes, page_state
from bot.playground.slack.web.app import Front, for_bots
from bot.playground.slack.web.bedrock_routes import Bedrock
from bot.playground.slack.workspace import Unconfirmed, Workspace


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about each request; the stand-in's own log has it."""


class SlackStandIn:
    """A Slack workspace with one app, on loopback.

    Args:
        manifest: the app's manifest; default: one with everything that the stand-in knows.
        clock: where the time comes from (timestamps, expiry, rate limits, retries); default: the machine's.
            After advancing a clock by hand call ``tick()``.
        data_dir: a folder to keep everything in, so that a killed process goes on where it was; default: memory.
        bedrock: the Bedrock stand-in, shown and moved by the page.
        port: the port to listen on; 0 takes a free one.
        rate_limits: whether calls are refused by Slack's tiers.
        ack_deadline: seconds of real time within which the app must acknowledge; Slack's is 3.
        scopes: the scopes granted; default: those that the manifest asks for.
        request_url: deliver by signed HTTP to this address instead of by Socket Mode.
        limits: limits of Slack's that no source settles.
        signing_time: seconds since the epoch that HTTP deliveries are signed with; default: the real time.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that a test may want to own
        self,
        manifest: Json | None = None,
        *,
        clock: Clock | None = None,
        data_dir: Path | None = None,
        bedrock: Bedrock | None = None,
        port: int = 0,
        rate_limits: bool = True,
        ack_deadline: float = 3.0,
        scopes: Sequence[str] | None = None,
        request_url: str | None = None,
        limits: Unconfirmed | None = None,
        signing_time: Callable[[], float] | None = None,
    ) -> None:
        self.bot_token = "xoxb-000000000000-playground"
        self.app_token = "xapp-1-A0TUNESMTH-playground"
        self.signing_secret = "playground-signing-secret"
        self.team_id, self.bot_user_id, self.app_id = seed.TEAM_ID, seed.BOT_USER_ID, seed.APP_ID
        self._clock = clock or SystemClock()
        self.faults = Faults()
        self._ws = self._workspace(Manifest(manifest or manifests.DEFAULT, scopes), data_dir, limits)
        self.log = self._ws.log
        self.rates = RateLimits(self._clock.monotonic, enabled=rate_limits)
        self._scheduler = Scheduler(self._ws.now)
        self.sockets = SocketHub(self._ws)
        self._request_url = request_url
        self._transport = self._make_transport(request_url, ack_deadline, signing_time)
        self._dispatcher = Dispatcher(self._ws, self._transport, self._scheduler, ack_deadline)
        self._ws.emit = self._dispatcher.emit
        self._ws.later = self._scheduler.at
        self._door = Door(self._ws, self._dispatcher.interact)
        api = Api(self._ws, self.rates, self.bot_token, self.app_token)
        bots = for_bots(self._ws, api, self.sockets, self.bot_token)
        front = Front(bots, lambda: self._page(bedrock))
        self._server = make_server("127.0.0.1", port, front, threaded=True, request_handler=_Quiet)
        self._ws.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.5,), name="slack-stand-in", daemon=True
        )
        self._watch = None if bedrock is None else bedrock_routes.Watch(bedrock, self._ws.feed)

    def _workspace(self, manifest: Manifest, data_dir: Path | None, limits: Unconfirmed | None) -> Workspace:
        store = Store(data_dir)
        # From the time in milliseconds, so that a page from before a restart is behind, and loads anew.
        first = int(self._clock.now().timestamp() * 1000)
        feed = Feed(store.lock, first)
        ws = Workspace(
            store=store,
            clock=self._clock,
            feed=feed,
            log=Log(data_dir, lambda: self._clock.now().timestamp(), feed.poke),
            manifest=manifest,
            faults=self.faults,
            limits=limits or Unconfirmed(),
            signing_secret=self.signing_secret,
        )
        if not store.users.values():
            seed.plant(store, manifest.bot_name, first // 1000)
        for url in store.response_urls.values():
            if first / 1000 - url.created_at > RESPONSE_URL_LIFETIME:
                store.response_urls.delete(url.id)
        # Timestamps go on from the last that was given out, whatever the clock says by now.
        times = [row.ts for row in store.messages.values()]
        ws.last_micros = max((int(ts.replace(".", "")) for ts in times), default=0)
        return ws

    def _make_transport(
        self, request_url: str | None, deadline: float, signing_time: Callable[[], float] | None
    ) -> Transport:
        if self._ws.manifest.socket_mode and request_url is None:
            return self.sockets
        timestamp = signing_time or (lambda: SystemClock().now().timestamp())
        return HttpDelivery(self._ws, request_url, deadline, timestamp)

    def _page(self, bedrock: Bedrock | None) -> list[Blueprint]:
        def first_look(user_id: str | None) -> Json:
            state = bedrock.state if bedrock is not None else lambda: None
            return page_state.state(self._ws, user_id, state, self.connected)

        return [page_routes.blueprint(self._door, first_look), bedrock_routes.blueprint(bedrock)]

    def start(self) -> None:
        """Listen, and begin to deliver."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._thread.start()
        self._scheduler.start()
        self._dispatcher.start()
        if self._watch is not None:
            self._watch.start()

    def stop(self) -> None:
        """Close every connection and file; unacknowledged events stay in the folder, if there is one."""
        if self._watch is not None:
            self._watch.stop()
        self.faults.clear()
        self._ws.feed.close()
        self._scheduler.stop()
        self._dispatcher.stop()
        self.sockets.close()
        if self._thread.is_alive():
            self._end_serving()
        self._server.server_close()
        with self._ws.store.lock:
            self._ws.store.close()
            self.log.close()

    def _end_serving(self) -> None:
        ending = threading.Thread(target=self._server.shutdown, name="slack-stop")
        ending.start()
        while ending.is_alive():  # the server looks up only when somebody connects, or now and then
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self._server.server_port), 1),
            ):
                ending.join(timeout=0.01)
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self._ws.base_url}/"

    @property
    def api_url(self) -> str:
        """What ``SLACK_API_URL`` and ``WebClient(base_url=...)`` are set to."""
        return f"{self._ws.base_url}/api/"

    def announce(self, url: str) -> None:
        """Tell the app addresses under ``url`` from now on: a proxy's, through which all of its calls then come."""
        self._ws.base_url = url.rstrip("/")

    @property
    def connected(self) -> bool:
        """Whether the app can be reached."""
        return self._transport.connected()

    @property
    def ack_deadline(self) -> float:
        """Seconds of real time within which the app must acknowledge; a test may shorten it half-way."""
        return self._dispatcher.ack_deadline

    @ack_deadline.setter
    def ack_deadline(self, seconds: float) -> None:
        self._dispatcher.ack_deadline = seconds

    def person(self, role_or_name: str) -> Person:
        """Return a person by role (``trainer``, ``approver``, ``asker``), name (``kofi``) or ID.

        Raises:
            KeyError: there is nobody like that.
        """
        for user in self._ws.store.users.values():
            if role_or_name in (user.role, user.name, user.id) and not user.is_bot:
                return Person(self._door, user)
        raise KeyError(role_or_name)

    def everybody_is_in(self, time_zone: str) -> None:
        """Have everybody be in that time zone; London's before."""
        self._ws.time_zone = time_zone

    def app_joins(self, channel: str) -> None:
        """Tell the app that it came into a channel, unless something was said there before.

        A channel in which nothing ever happened has no other way to begin.

        Raises:
            KeyError: there is no such channel.
        """
        talking.tell_joined(self._door, self.channel_id(channel))

    def joins(self, name: str, standing: Standing, channel: str) -> Person:
        """Have somebody come into a channel who is no member: a guest, or a partner of a workspace that shares it.

        Raises:
            KeyError: there is no such channel.
        """
        with self._ws.store.lock:
            row = self._ws.channel(self.channel_id(channel))
            user = User(id=f"U0{name.upper()}", name=name, real_name=name.capitalize(), standing=standing)
            self._ws.store.users.put(user)
            row.members.append(user.id)
            self._ws.store.channels.put(row)
        return Person(self._door, user)

    def leaves(self, person: Person) -> None:
        """Have somebody's account be deactivated: they are in no channel any more, and nobody can write to them."""
        with self._ws.store.lock:
            row = self._ws.user(person.id)
            row.deactivated = True
            self._ws.store.users.put(row)
            for channel in self._ws.store.channels.values():
                if channel.kind == "channel" and row.id in channel.members:
                    channel.members = [each for each in channel.members if each != row.id]
                    self._ws.store.channels.put(channel)

    def user_group(self, handle: str, members: Sequence[str], *, disabled: bool = False) -> str:
        """Have there be a user group of these people, by ID, and tell the app who came and went; return its ID."""
        with self._ws.store.lock:
            known = next((each for each in self._ws.store.groups.values() if each.handle == handle), None)
            row = known or Group(id=f"S0{handle.upper().replace('-', '')}", handle=handle, name=handle)
            before = set(row.members)
            row.members, row.disabled = list(members), disabled
            self._ws.store.groups.put(row)
            events.group_changed(self._ws, row, before)
        return row.id

    def channel_id(self, name: str) -> str:
        """Return a channel's ID by its name.

        Raises:
            KeyError: there is none.
        """
        channel = self._ws.find_channel(name)
        if channel is None:
            raise KeyError(name)
        return channel.id

    def wait_for(self, predicate: Callable[[], Any], timeout: float = 5.0) -> bool:
        """Wait until the predicate is true, looked at after each change; return whether it came true."""
        return self._ws.feed.wait(lambda: bool(predicate()), timeout)

    def wait_until_connected(self, timeout: float = 5.0) -> None:
        """Wait for the app's first WebSocket.

        Raises:
            TimeoutError: none was opened.
        """
        if not self.wait_for(lambda: self.connected, timeout):
            raise TimeoutError("the app opened no WebSocket")

    def wait_until_delivered(self, timeout: float = 5.0) -> None:
        """Wait until no event is on its way to the app.

        Raises:
            TimeoutError: one still was.
        """
        if not self.wait_for(self._dispatcher.idle, timeout):
            raise TimeoutError("an event is still on its way")

    @property
    def settled(self) -> bool:
        """Whether every event was acknowledged, or will not be delivered again."""
        return not any(True for _ in self._ws.store.pending.values())

    def verify_request_url(self) -> bool:
        """Have the request URL echo a challenge, as Slack does before it accepts one; HTTP delivery only."""
        url = self._request_url or self._ws.manifest.url_for("events")
        challenge = self._ws.store.next_id("challenge-")
        return (
            isinstance(self._transport, HttpDelivery)
            and url is not None
            and self._transport.verify(url, challenge)
        )

    def tick(self, ahead: float = 0.0) -> int:
        """Do what has become due on the clock (retries of events), or will within so many seconds; return how much.

        With ``ahead`` nobody has to wait, and the clock stays as it is.
        """
        return self._scheduler.tick(ahead)

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        with self._ws.store.lock:
            row = self._ws.channel(self.channel_id(channel))
            row.archived = True
            self._ws.store.channels.put(row)
