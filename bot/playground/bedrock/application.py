"""The WSGI application: Bedrock here, everything else in moto, faults and the log around both.

Every reply, S3's too, carries the simulated time in its Date header: it is AWS's clock as a client sees it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from moto.core.request import Request

from bot.playground.bedrock import wire
from bot.playground.bedrock.calls import CallLog
from bot.playground.bedrock.errors import ServiceFault, StandInDefect
from bot.playground.bedrock.faults import KINDS, Order
from bot.playground.bedrock.moto_side import MotoSide
from bot.playground.bedrock.registry import Call, Stream, handlers
from bot.playground.bedrock.replies import Answer, drop_connection, html_bad_gateway, sigv4_scope
from bot.playground.bedrock.settling import settle
from bot.playground.bedrock.world import World

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
_STREAM_FAULTS = ("cut_stream", "stream_error")


class Application:
    """Answers every request that reaches the port. ``defects`` collects the stand-in's own faults."""

    def __init__(self, world: World, log: CallLog, *, default_region: str, chunk_delay: float) -> None:
        self._world = world
        self._log = log
        self._moto = MotoSide(world)
        self._default_region = default_region
        self._chunk_delay = chunk_delay
        self.defects: list[str] = []

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        service, region = sigv4_scope(environ, self._default_region)
        try:
            if service == "bedrock":
                answer = self._bedrock(environ, region)
            else:
                answer = self._elsewhere(environ, service, region)
        except Exception as error:  # noqa: BLE001 - told to the client, and raised by stop()
            self.defects.append(repr(error))
            fault = ServiceFault("InternalServerException", f"A defect of the stand-in: {error!r}")
            answer = Answer(*wire.render_fault("bedrock", fault))
        self._world.remember_time()
        if answer.dropped:
            drop_connection(environ)
        return self._send(answer, start_response)

    def _bedrock(self, environ: Environ, region: str) -> Answer:
        request = Request(environ)
        service = "bedrock-runtime" if request.path.startswith("/model/") else "bedrock"
        operation = wire.route(service, request)
        if operation is None or (service, operation.name) not in handlers():
            name = operation.name if operation else f"{request.method} {request.path}"
            fault = ServiceFault("UnknownOperationException", f"The playground does not offer {name}.")
            return Answer(*wire.render_fault(service, fault))
        order = self._world.faults.take_for_wire(operation.name)
        return self._with_fault(order, _Hit(self, operation, request, region, environ))

    def _elsewhere(self, environ: Environ, service: str, region: str) -> Answer:
        hit = _MotoHit(self, self._moto, service, region, environ)
        order = self._world.faults.take_for_wire(hit.operation)
        return self._with_fault(order, hit)

    def _with_fault(self, order: Order | None, hit: "_Hit | _MotoHit") -> Answer:
        """Answer ``hit`` as the ordered failure has it, or plainly when there is none."""
        if order is None:
            return hit.answer()
        kind = KINDS[order.kind]
        if kind.code is not None:
            return hit.refuse(kind.error())
        if order.kind == "drop_before":
            return hit.unanswered("drop_before")
        if order.kind == "html_502":
            hit.note("html_502", HTTPStatus.BAD_GATEWAY)
            return html_bad_gateway()
        if order.kind == "delay":
            time.sleep(order.seconds)
            return hit.answer()
        assert order.kind == "lose_reply"
        hit.reply_lost = True
        hit.answer()
        return Answer(500, {}, b"", dropped=True)

    def _send(self, answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
        plain = {name: value for name, value in answer.headers.items() if name.lower() != "date"}
        headers = [*plain.items(), ("Date", format_datetime(self._world.now(), usegmt=True))]
        if isinstance(answer.body, bytes) and "content-length" not in {name.lower() for name in plain}:
            headers.append(("Content-Length", str(len(answer.body))))
        phrase = HTTPStatus(answer.status).phrase
        start_response(f"{answer.status} {phrase}", headers)
        return [answer.body] if isinstance(answer.body, bytes) else answer.body


class _Hit:
    """One request to Bedrock on its way to its operation and back."""

    def __init__(
        self, app: Application, operation: wire.Operation, request: Request, region: str, environ: Environ
    ) -> None:
        self._app = app
        self._world = app._world  # noqa: SLF001 - a part of the application
        self._operation = operation
        self._request = request
        self._region = region
        self._environ = environ
        self._params: dict[str, Any] = {}
        self.reply_lost = False

    def answer(self) -> Answer:
        """Parse, check, act, answer and log."""
        with self._world.lock:
            try:
                return self._acted()
            except ServiceFault as fault:
                return self.refuse(fault)
            except StandInDefect:
                self.note("defect", HTTPStatus.INTERNAL_SERVER_ERROR)
                raise

    def refuse(self, fault: ServiceFault) -> Answer:
        """Answer with ``fault`` and log it."""
        if not self._params:
            self._params = _best_effort(self._operation, self._request)
        answer = Answer(*wire.render_fault(self._operation.service, fault))
        self.note(fault.code, answer.status)
        return answer

    def unanswered(self, outcome: str) -> Answer:
        """Log the call and drop its connection."""
        self._params = _best_effort(self._operation, self._request)
        self.note(outcome, 0)
        return Answer(500, {}, b"", dropped=True)

    def note(self, outcome: str, status: int, effect: str | None = None, *, repeated: bool = False) -> None:
        """Write this call to the log."""
        self._app._log.append(  # noqa: SLF001 - a part of the application
            at=self._world.now(),
            service=self._operation.service,
            region=self._region,
            operation=self._operation.name,
            parameters=self._params,
            outcome=outcome,
            status=status,
            effect=effect,
            repeated=repeated,
            reply_lost=self.reply_lost,
        )

    def _acted(self) -> Answer:
        operation, world = self._operation, self._world
        settle(world)
        self._params = wire.parse(operation, self._request)
        call = Call(operation.name, self._region, self._params)
        known = world.remembered(self._region, operation.name, call.get("clientRequestToken"))
        result = handlers()[operation.service, operation.name](world, call)
        if isinstance(result, Stream):
            return self._streamed(result)
        plain = _without_none(result)
        answer = Answer(*wire.render(operation, plain))
        effect = next(iter(plain.values())) if operation.name.startswith("Create") else None
        self.note("ok", answer.status, effect, repeated=known is not None)
        return answer

    def _streamed(self, stream: Stream) -> Answer:
        fault = self._world.faults.take_outcome(self._operation.name, *_STREAM_FAULTS)
        self.note("ok" if fault is None else fault, HTTPStatus.OK)
        encoded = wire.render_stream(self._operation, stream.events, stream.member)
        headers = {"Content-Type": "application/vnd.amazon.eventstream", **stream.headers}
        return Answer(200, headers, self._paced(encoded, fault))

    def _paced(self, encoded: Iterator[bytes], fault: str | None) -> Iterator[bytes]:
        """Send the events one by one; a fault strikes after the third."""
        for index, event in enumerate(encoded):
            if fault is not None and index == 3:
                yield from self._broken(fault)
                return
            if self._app._chunk_delay:  # noqa: SLF001 - a part of the application
                time.sleep(self._app._chunk_delay)  # noqa: SLF001
            yield event

    def _broken(self, fault: str) -> Iterator[bytes]:
        if fault == "cut_stream":
            drop_connection(self._environ)
        else:
            yield wire.render_stream_error("modelStreamErrorException", "The model stream was interrupted.")


class _MotoHit:
    """One request to a service that is moto's, named by moto's model where it has one."""

    def __init__(self, app: Application, moto: MotoSide, service: str, region: str, environ: Environ) -> None:
        self._app = app
        self._moto = moto
        self._service = service
        self._region = region
        self._environ = environ
        self.operation = moto.operation(service, environ)
        self.reply_lost = False

    def answer(self) -> Answer:
        """Let moto answer, mirror what changed, and log."""
        answer = self._moto.answer(self._environ)
        self.note("ok" if answer.status < 400 else "error", answer.status)
        return answer

    def refuse(self, fault: ServiceFault) -> Answer:
        """Answer with ``fault`` in the service's own format and log it."""
        answer = self._moto.refusal(self._service, fault)
        self.note(fault.code, answer.status)
        return answer

    def unanswered(self, outcome: str) -> Answer:
        """Log the call and drop its connection."""
        self.note(outcome, 0)
        return Answer(500, {}, b"", dropped=True)

    def note(self, outcome: str, status: int) -> None:
        """Write this call to the log."""
        path, query = self._environ.get("PATH_INFO", ""), self._environ.get("QUERY_STRING", "")
        self._app._log.append(  # noqa: SLF001 - a part of the application
            at=self._app._world.now(),  # noqa: SLF001
            service=self._service,
            region=self._region,
            operation=self.operation,
            parameters={"method": self._environ["REQUEST_METHOD"], "path": path, "query": query},
            outcome=outcome,
            status=status,
            reply_lost=self.reply_lost,
        )


def _best_effort(operation: wire.Operation, request: Request) -> dict[str, Any]:
    """Return the parameters of a call that is refused, for the log."""
    try:
        return wire.parse(operation, request)
    except ServiceFault:
        return {"unparsed": request.get_data(as_text=True)[:2000], **operation.labels}


def _without_none(value: Any) -> Any:
    """Return ``value`` without members that are None, at any depth."""
    if isinstance(value, dict):
        return {name: _without_none(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value
