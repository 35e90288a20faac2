"""The log of every call that reached the stand-in, for tests that check what was done and what was done twice."""

import json
import threading
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.playground.bedrock.store import Store


class LoggedCall(BaseModel):
    """One call: when (simulated), what, with which parameters, and how it ended.

    ``outcome`` is ``ok``, an error's code, or the kind of fault on the wire (``drop_before``, ``html_502``). A
    ``lose_reply`` keeps the outcome that the client never saw and sets ``reply_lost``. ``effect`` is the ARN of what
    the call created; ``repeated`` says that its token had been used, so that it created nothing.
    """

    model_config = ConfigDict(frozen=True)

    sequence: int
    at: datetime
    service: str
    region: str
    operation: str
    parameters: dict[str, Any]
    outcome: str
    status: int
    effect: str | None = None
    repeated: bool = False
    reply_lost: bool = False


class CallLog:
    """An append-only list of calls, kept over restarts when the store is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._calls = [LoggedCall.model_validate_json(body) for body in store.logged()]

    def append(self, **fields: Any) -> LoggedCall:
        """Add one call; its parameters are made plain JSON."""
        parameters = json.loads(json.dumps(fields.pop("parameters"), default=_plain))
        with self._lock:
            call = LoggedCall(sequence=len(self._calls) + 1, parameters=parameters, **fields)
            self._calls.append(call)
            self._store.log(call.sequence, call.model_dump_json())
        return call

    def all(self) -> list[LoggedCall]:
        """Return every call, oldest first."""
        with self._lock:
            return list(self._calls)

    def of(self, *operations: str, outcome: str | None = None) -> list[LoggedCall]:
        """Return the calls of ``operations``, oldest first, only those with ``outcome`` when it is given."""
        return [
            call
            for call in self.all()
            if call.operation in operations and (outcome is None or call.outcome == outcome)
        ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return _plain_body(value)
    return str(value)


def _plain_body(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return f"({len(body)} bytes)"
