"""What goes to the app: events in order and again until acknowledged, interactions once and within a deadline."""

import queue
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

from bot.playground.slack import seed
from bot.playground.slack.delivery.outcome import Outcome, Parcel, Ticket, Transport
from bot.playground.slack.scheduler import Scheduler
from bot.playground.slack.state import Json, PendingEvent
from bot.playground.slack.workspace import Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds until the first, second and third retry of an event: docs.slack.dev/apis/events-api#retries."""


class Dispatcher:
    """Sends payloads through a transport and follows what becomes of them; ``ack_deadline`` is in seconds."""

    def __init__(
        self, ws: Workspace, transport: Transport, scheduler: Scheduler, ack_deadline: float
    ) -> None:
        self._ws = ws
        self._transport = transport
        self._scheduler = scheduler
        self.ack_deadline = ack_deadline
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._pump = threading.Thread(target=self._run, name="slack-events", daemon=True)
        self._waiters = ThreadPoolExecutor(32, thread_name_prefix="slack-acks")
        self._stopped = False
        self._busy = 0

    def start(self) -> None:
        """Begin to deliver; events that an earlier process left unacknowledged go out again when due."""
        for row in self._ws.store.pending.values():
            self._schedule(row.id, row.due_at)
        self._pump.start()

    def stop(self) -> None:
        """Deliver no more; what is not acknowledged stays in the store."""
        self._stopped = True
        self._transport.close()
        self._queue.put(None)
        if self._pump.is_alive():
            self._pump.join(timeout=5)
        self._waiters.shutdown(wait=True, cancel_futures=True)

    def emit(self, event: Json) -> None:
        """Deliver an event (``name`` of the subscription, ``event``) if the app receives it. The lock is held."""
        if not self._ws.manifest.receives(event["name"]):
            return
        event_id = self._ws.store.next_id("Ev0")
        payload = self._wrap(event_id, event["event"])
        self._ws.store.pending.put(PendingEvent(id=event_id, payload=payload, due_at=self._ws.now()))
        self._busy += 1
        self._queue.put(event_id)

    def _wrap(self, event_id: str, event: Json) -> Json:
        authorization = {
            "enterprise_id": None,
            "team_id": seed.TEAM_ID,
            "user_id": seed.BOT_USER_ID,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "playground-verification-token",
            "team_id": seed.TEAM_ID,
            "context_team_id": seed.TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": seed.APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(self._ws.now()),
            "authorizations": [authorization],
            "is_ext_shared_channel": self._is_shared(event),
            "event_context": f"4-{event_id}",
        }

    def _is_shared(self, event: Json) -> bool:
        channel = self._ws.store.channels.get(str(event.get("channel") or event.get("channel_id") or ""))
        return channel is not None and self._ws.is_shared(channel)

    def idle(self) -> bool:
        """Whether no delivery of an event is under way now (retries that are due later do not count)."""
        return self._busy == 0

    def _run(self) -> None:
        while (event_id := self._queue.get()) is not None:
            if not self._stopped:
                self._attempt(event_id)

    def _attempt(self, event_id: str) -> None:
        with self._ws.store.lock:
            row = self._ws.store.pending.get(event_id)
            if row is None:
                self._done()
                return
            parcel = Parcel("events_api", row.payload, row.attempt, row.reason)
        ticket = self._send(parcel)
        try:
            self._waiters.submit(self._follow, row, ticket)
        except RuntimeError:  # shut down meanwhile: the event stays in the store
            return

    def _send(self, parcel: Parcel) -> Ticket:
        ticket = Ticket(str(uuid.uuid4()))
        with self._ws.store.lock:
            if not self._stopped:
                self._ws.log.add(
                    "delivery", id=ticket.id, type=parcel.type, payload=parcel.payload, attempt=parcel.attempt
                )
        self._transport.begin(parcel, ticket)
        return ticket

    def _follow(self, row: PendingEvent, ticket: Ticket) -> None:
        outcome = ticket.wait(self.ack_deadline)
        if self._stopped:
            return
        with self._ws.store.lock:
            self._log_ack("events_api", ticket, outcome, row.id)
            if outcome.acked or outcome.no_retry or row.attempt >= len(RETRY_AFTER):
                self._ws.store.pending.delete(row.id)
            else:
                due_at = self._ws.now() + RETRY_AFTER[row.attempt]
                changes = {"attempt": row.attempt + 1, "reason": outcome.reason, "due_at": due_at}
                self._ws.store.pending.put(row.model_copy(update=changes))
                self._schedule(row.id, due_at)
            self._done()

    def _done(self) -> None:
        with self._ws.store.lock:
            self._busy -= 1
            self._ws.feed.poke()

    def _schedule(self, event_id: str, due_at: float) -> None:
        if due_at <= self._ws.now():
            self._busy += 1
            self._queue.put(event_id)
        else:
            self._scheduler.at(due_at, lambda: self._due(event_id))

    def _due(self, event_id: str) -> None:
        with self._ws.store.lock:
            self._busy += 1
        self._queue.put(event_id)

    def _log_ack(self, kind: str, ticket: Ticket, outcome: Outcome, event_id: str = "") -> None:
        self._ws.log.add(
            "ack",
            id=ticket.id,
            type=kind,
            acked=outcome.acked,
            reason=outcome.reason,
            body=outcome.body,
            event_id=event_id,
        )

    def interact(self, parcel: Parcel) -> Outcome:
        """Deliver a command or an interaction and wait for its acknowledgement. The lock must not be held."""
        ticket = self._send(parcel)
        outcome = ticket.wait(self.ack_deadline)
        with self._ws.store.lock:
            if not self._stopped:
                self._log_ack(parcel.type, ticket, outcome)
        return outcome
