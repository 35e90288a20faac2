"""Socket Mode: up to ten WebSockets, each payload to one of them, acknowledged on any."""

import contextlib
import itertools
import json
import socket
import threading
from typing import Any

from simple_websocket import ConnectionClosed, Server

from bot.playground.slack import seed
from bot.playground.slack.delivery.outcome import Outcome, Parcel, Ticket
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace

CONNECTIONS = 10
"""WebSockets that one app may have open: node-slack-sdk#1654."""
_HOST = "applink-playground"


class Connection:
    """One open WebSocket. Sending is serialised, because several threads deliver."""

    def __init__(self, number: int, websocket: Server) -> None:
        self.number = number
        self.draining = False
        self.leaving = False
        self._socket = websocket
        self._lock = threading.Lock()

    def send(self, body: Json) -> bool:
        """Send one JSON message; return whether the socket took it."""
        try:
            with self._lock:
                self._socket.send(json.dumps(body))
        except (ConnectionClosed, OSError):
            return False
        return True

    def receive(self) -> Json | None:
        """Wait for a JSON message; None for one that is not JSON.

        Raises:
            ConnectionClosed: the other side, or this one, closed the socket.
        """
        text = self._socket.receive()
        try:
            body = json.loads(text)
        except (TypeError, ValueError):
            return None
        return body if isinstance(body, dict) else None

    def close(self) -> None:
        """Close the socket with a closing frame."""
        with contextlib.suppress(ConnectionClosed, OSError), self._lock:
            self._socket.close()
        self._socket.event.set()  # simple-websocket would have the reader wait for the other side

    def cut(self) -> None:
        """Close the socket without a word, as a network does."""
        with contextlib.suppress(OSError):
            self._socket.sock.shutdown(socket.SHUT_RDWR)
        self._socket.connected = False
        self._socket.event.set()


class SocketHub:
    """All of the app's WebSockets."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._lock = threading.Lock()
        self._open: list[Connection] = []
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._waiting: dict[str, Ticket] = {}
        self._closed = False

    def serve(self, websocket: Server, ticket: str) -> None:
        """Serve one WebSocket until it closes."""
        connection = Connection(next(self._numbers), websocket)
        if not self._admit(connection, ticket):
            connection.close()
            return
        try:
            while True:
                self._take_ack(connection, connection.receive())
        except ConnectionClosed:
            pass
        finally:
            self._forget(connection)

    def _admit(self, connection: Connection, ticket: str) -> bool:
        ws = self._ws
        with ws.store.lock:
            valid = ticket in ws.tickets
            ws.tickets.discard(ticket)
        with (
            self._lock
        ):  # held for the bookkeeping only: who waits on the feed asks for it with the store locked
            refusal = self._refusal(valid)
            if not refusal:
                self._open.append(connection)
            count = len(self._open)
            replaced = [c for c in self._open if c.leaving]
        if refusal:
            connection.send(_disconnect(refusal))
            self._note("refused", connection)
            return False
        connection.send(_hello(count))
        for old in replaced:
            old.close()
        self._note("opened", connection)
        return True

    def _refusal(self, valid: bool) -> str:
        if self._closed or not valid:
            return "link_disabled"
        return "too_many_websockets" if len(self._open) >= CONNECTIONS else ""

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)
        self._note("closed", connection)

    def _note(self, what: str, connection: Connection) -> None:
        with self._ws.store.lock:
            if not self._closed:
                self._ws.log.add("socket", what=what, connection=connection.number)
                self._ws.feed.add("bot", connected=bool(self._open))

    def _take_ack(self, connection: Connection, body: Json | None) -> None:
        envelope_id = str(body.get("envelope_id", "")) if body else ""
        with self._lock:
            ticket = self._waiting.pop(envelope_id, None)
        if ticket is not None and body is not None:
            ticket.settle(Outcome(True, body.get("payload")))
        elif envelope_id:
            with self._ws.store.lock:
                self._ws.log.add(
                    "socket", what="late_ack", connection=connection.number, envelope_id=envelope_id
                )

    def begin(self, parcel: Parcel, ticket: Ticket) -> None:
        """Send a parcel to one of the connections, in turn."""
        envelope: Json = {
            "envelope_id": ticket.id,
            "type": parcel.type,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.type != "events_api",
        }
        if parcel.type == "events_api":
            envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
        with self._lock:
            # Rather one that is about to close than none.
            ready = [c for c in self._open if not c.draining] or list(self._open)
            # Noted before it is sent: the acknowledgement may come before this thread goes on.
            self._waiting[ticket.id] = ticket
        # In turn, where Slack takes any (bolt-python#448), so that a test does the same each time.
        start = next(self._turn)
        for offset in range(len(ready)):
            if ready[(start + offset) % len(ready)].send(envelope):
                return
        ticket.settle(Outcome(False, reason="connection_failed"))

    def connected(self) -> bool:
        """Whether at least one WebSocket is open."""
        with self._lock:
            return bool(self._open)

    def count(self) -> int:
        """Return how many WebSockets are open."""
        with self._lock:
            return len(self._open)

    def disconnect(self, reason: str = "refresh_requested", *, only: int | None = None) -> None:
        """Tell the clients to connect anew: ``warning``, ``refresh_requested`` or ``link_disabled``.

        After a ``warning`` the old connection stays until the client closes it; else it is closed as soon as the
        client has opened another.
        """
        with self._lock:
            chosen = [c for c in self._open if only is None or c.number == only]
            for connection in chosen:
                connection.draining = True
                connection.leaving = reason != "warning"
        for connection in chosen:
            connection.send(_disconnect(reason))

    def cut(self) -> None:
        """Close every WebSocket without a word, as a network does."""
        with self._lock:
            chosen = list(self._open)
        for connection in chosen:
            connection.cut()

    def close(self) -> None:
        """Close every WebSocket and admit no more."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = list(self._waiting.values()), {}
        for ticket in waiting:
            ticket.settle(Outcome(False, reason="connection_failed"))
        with self._lock:
            chosen = list(self._open)
        for connection in chosen:
            connection.close()
        # Whoever does not answer the closing frame.
        self.cut()


def _hello(count: int) -> Json:
    debug: dict[str, Any] = {"host": _HOST, "build_number": 1, "approximate_connection_time": 18_060}
    return {
        "type": "hello",
        "num_connections": count,
        "debug_info": debug,
        "connection_info": {"app_id": seed.APP_ID},
    }


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}
