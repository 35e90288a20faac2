"""One request each, on its way to whatever answers it, and into the log."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from moto.core.request import Request

from bot.playground.bedrock import metrics, wire
from bot.playground.bedrock.calls import CallLog
from bot.playground.bedrock.errors import ServiceFault, StandInDefect
from bot.playground.bedrock.moto_side import MotoSide
from bot.playground.bedrock.registry import Call, Stream, handlers
from bot.playground.bedrock.replies import Answer, drop_connection, signing_key
from bot.playground.bedrock.settling import settle
from bot.playground.bedrock.world import World

_INVOCATIONS = frozenset({"Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"})
_PREFIXES = {"bedrock-runtime": "bedrock", "service-quotas": "servicequotas"}
_ACTIONS = {
    "Converse": "InvokeModel",
    "ConverseStream": "InvokeModelWithResponseStream",
    "HeadBucket": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadObject": "GetObject",
}
"""Where IAM does not call an operation as its service does."""
_STREAM_FAULTS = ("cut_stream", "stream_error")


@dataclass(frozen=True)
class Dependencies:
    """What every request needs; ``defects`` collects the stand-in's own faults, which ``stop`` raises."""

    world: World
    log: CallLog
    moto: MotoSide
    chunk_delay: float
    defects: list[str] = field(default_factory=list)


class Hit(Protocol):
    """A request that can be answered, refused or left without a reply."""

    reply_lost: bool

    @property
    def caller(self) -> str:
        """The ARN of whoever calls."""

    @property
    def action(self) -> str:
        """What IAM calls the permission that the call needs."""

    def answer(self) -> Answer:
        """Let it take effect, log it, and return the reply."""

    def refuse(self, fault: ServiceFault) -> Answer:
        """Log it and return ``fault`` in the service's own format; nothing takes effect."""

    def note(self, outcome: str, status: int) -> None:
        """Write it to the log."""


class BedrockHit:
    """A request to Bedrock: parsed, checked, acted upon."""

    def __init__(
        self,
        parts: Dependencies,
        operation: wire.Operation,
        request: Request,
        region: str,
        environ: dict[str, Any],
    ) -> None:
        self._parts = parts
        self._world = parts.world
        self._operation = operation
        self._request = request
        self._region = region
        self._environ = environ
        self._params: dict[str, Any] | None = None
        self.reply_lost = False

    @property
    def caller(self) -> str:
        """The ARN of whoever calls."""
        return self._world.sessions.caller(signing_key(self._environ))

    @property
    def action(self) -> str:
        """What IAM calls the permission that the call needs."""
        return _action(self._operation.service, self._operation.name)

    def answer(self) -> Answer:
        """Parse, check, act, answer and log."""
        # One at a time: what was checked is still so when it takes effect.
        with self._world.lock:
            try:
                return self._acted()
            except ServiceFault as fault:
                if not wire.may_answer(self._operation, fault):
                    raise StandInDefect(
                        f"{self._operation.name} has no {fault.code} in its service model"
                    ) from fault
                return self.refuse(fault)
            except StandInDefect:
                self.note("defect", HTTPStatus.INTERNAL_SERVER_ERROR)
                raise

    def refuse(self, fault: ServiceFault) -> Answer:
        """Answer with ``fault`` and log it."""
        status, headers, body = wire.render_fault(self._operation.service, fault)
        self.note(fault.code, status)
        return Answer(status, headers | _request_id(), body)

    def note(self, outcome: str, status: int, effect: str | None = None, *, repeated: bool = False) -> None:
        """Write this call to the log."""
        parameters = (
            self._params if self._params is not None else _best_effort(self._operation, self._request)
        )
        self._parts.log.append(
            at=self._world.now(),
            service=self._operation.service,
            region=self._region,
            operation=self._operation.name,
            parameters=parameters,
            outcome=outcome,
            status=status,
            effect=effect,
            repeated=repeated,
            reply_lost=self.reply_lost,
        )

    def _acted(self) -> Answer:
        operation, world = self._operation, self._world
        # By the clock, which may have jumped: what has ended meanwhile is over in this answer.
        settle(world)
        self._params = wire.parse(operation, self._request)
        call = Call(operation.name, self._region, self._params)
        # Asked before it takes effect, which remembers the token.
        known = world.remembered(self._region, operation.name, call.get("clientRequestToken"))
        try:
            result = handlers()[operation.service, operation.name](world, call)
        except ServiceFault as fault:
            self._count(metrics.metric_of(fault.code))
            raise
        self._count("Invocations")
        if isinstance(result, Stream):
            return self._streamed(result)
        plain = _without_none(result)
        status, headers, body = wire.render(operation, plain)
        # What a creation answers has one member, the ARN.
        effect = next(iter(plain.values())) if operation.name.startswith("Create") else None
        self.note("ok", status, effect, repeated=known is not None)
        return Answer(status, headers | _request_id(), body)

    def _count(self, metric: str) -> None:
        """Count a call to a model, whoever makes it."""
        if self._operation.name in _INVOCATIONS and self._params:
            model = str(self._params["modelId"])
            metrics.count(self._world.store, self._region, metric, model, self._world.now())

    def _streamed(self, stream: Stream) -> Answer:
        fault = self._world.faults.take_outcome(self._operation.name, *_STREAM_FAULTS)
        self.note(fault or "ok", HTTPStatus.OK)
        encoded = wire.render_stream(self._operation, stream.events, stream.member)
        headers = {"Content-Type": "application/vnd.amazon.eventstream", **stream.headers, **_request_id()}
        return Answer(200, headers, self._paced(encoded, fault))

    def _paced(self, encoded: Iterator[bytes], fault: str | None) -> Iterator[bytes]:
        """Send the events one by one; an ordered fault strikes after the third."""
        try:
            for index, event in enumerate(encoded):
                if fault is not None and index == 3:
                    yield from self._broken(fault)
                    return
                if self._parts.chunk_delay:
                    time.sleep(self._parts.chunk_delay)
                yield event
        except StandInDefect as defect:
            self._parts.defects.append(repr(defect))
            drop_connection(self._environ)

    def _broken(self, fault: str) -> Iterator[bytes]:
        if fault == "cut_stream":
            drop_connection(self._environ)
        else:
            yield wire.render_stream_error("modelStreamErrorException", "The model stream was interrupted.")


class MotoHit:
    """A request to a service that is moto's, named by moto's model where it has one."""

    def __init__(self, parts: Dependencies, service: str, region: str, environ: dict[str, Any]) -> None:
        self._parts = parts
        self._service = service
        self._region = region
        self._environ = environ
        self.operation = parts.moto.operation(service, environ)
        self.reply_lost = False

    @property
    def caller(self) -> str:
        """The ARN of whoever calls."""
        return self._parts.world.sessions.caller(signing_key(self._environ))

    @property
    def action(self) -> str:
        """What IAM calls the permission that the call needs; of the whole service where only the body tells."""
        known = self.operation.isalnum()
        return _action(self._service, self.operation if known else "*")

    def answer(self) -> Answer:
        """Let moto answer, mirror what changed, and log."""
        answer = self._parts.moto.answer(self._environ)
        self.note("ok" if answer.status < 400 else "error", answer.status)
        return answer

    def refuse(self, fault: ServiceFault) -> Answer:
        """Answer with ``fault`` in the service's own format and log it."""
        answer = self._parts.moto.refusal(self._service, fault)
        self.note(fault.code, answer.status)
        return answer

    def note(self, outcome: str, status: int) -> None:
        """Write this call to the log; of its body only the length."""
        environ = self._environ
        self._parts.log.append(
            at=self._parts.world.now(),
            service=self._service,
            region=self._region,
            operation=self.operation,
            parameters={
                "method": environ["REQUEST_METHOD"],
                "path": environ.get("PATH_INFO", ""),
                "query": environ.get("QUERY_STRING", ""),
                "length": environ.get("CONTENT_LENGTH", ""),
            },
            outcome=outcome,
            status=status,
            reply_lost=self.reply_lost,
        )


def _action(service: str, operation: str) -> str:
    return f"{_PREFIXES.get(service, service)}:{_ACTIONS.get(operation, operation)}"


def _best_effort(operation: wire.Operation, request: Request) -> dict[str, Any]:
    """Return the parameters of a call that is refused, for the log."""
    try:
        return wire.parse(operation, request)
    except ServiceFault:
        return {"unparsed": request.get_data(as_text=True)[:2000], **operation.labels}


def _request_id() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}


def _without_none(value: Any) -> Any:
    """Return ``value`` without members that are None, at any depth."""
    if isinstance(value, dict):
        return {name: _without_none(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
