"""The WSGI application: Bedrock here, everything else in moto, faults and the log around both.

Every reply, S3's too, carries the simulated time in its Date header: it is AWS's clock as a client sees it.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from moto.core.request import Request
from werkzeug.exceptions import ClientDisconnected

from bot.playground.bedrock import wire
from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.faults import KINDS, S3_EVERY, Order
from bot.playground.bedrock.hits import BedrockHit, Dependencies, Hit, MotoHit
from bot.playground.bedrock.moto_side import MOTO_OWN_PATHS, SERVICES
from bot.playground.bedrock.operations.queues import check_wait
from bot.playground.bedrock.registry import handlers
from bot.playground.bedrock.replies import Answer, drop_connection, html_bad_gateway, signing_key, sigv4_scope

_OURS = {
    "bedrock": "bedrock",
    "servicequotas": "service-quotas",
    "monitoring": "cloudwatch",
    "sqs": "sqs",
}
"""What is answered here and not by moto: by the name that a request is signed for, the service."""
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Application:
    """Answers every request that reaches the port."""

    def __init__(self, parts: Dependencies, *, default_region: str) -> None:
        self._parts = parts
        self._default_region = default_region
        wire.make_routes()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            answer = self._routed(environ)
        except ClientDisconnected:
            # Killed while it was sending: what did not arrive whole has no effect, at AWS neither.
            answer = Answer(400, dropped=True)
        except Exception as error:  # noqa: BLE001 - told to the client, and raised by stop()
            answer = self._defect(error)
        # With every answer: after a kill the time goes on from what was told last.
        self._parts.world.remember_time()
        if answer.dropped:
            drop_connection(environ)
        return self._send(answer, start_response)

    def _routed(self, environ: dict[str, Any]) -> Answer:
        if "HTTP_ORIGIN" in environ:  # no SDK sends one: it is a page in somebody's browser
            return Answer(403, {"Content-Type": "text/plain"}, b"The playground's AWS is not for web pages.")
        service, region = sigv4_scope(environ, self._default_region)
        token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
        refused = self._parts.world.sessions.refusal(service, signing_key(environ), token)
        if refused is not None:
            return self._refused(environ, service, refused)
        if service in _OURS:
            return self._ours(environ, service, region)
        if service in SERVICES and not environ.get("PATH_INFO", "").startswith(MOTO_OWN_PATHS):
            return self._moto(environ, service, region)
        fault = ServiceFault("UnknownOperationException", f"The playground does not offer {service} here.")
        return Answer(*wire.render_fault("bedrock", fault))

    def _ours(self, environ: dict[str, Any], signed_for: str, region: str) -> Answer:
        request = Request(environ)
        service = _OURS[signed_for]
        if service == "bedrock" and request.path.startswith(("/model/", "/guardrail/")):
            service = "bedrock-runtime"
        operation = wire.route(service, request)
        if operation is None or (service, operation.name) not in handlers():
            name = operation.name if operation else f"{request.method} {request.path}"
            fault = ServiceFault("UnknownOperationException", f"The playground does not offer {name}.")
            return Answer(*wire.render_fault(service, fault))
        order = self._parts.world.faults.take_for_wire(operation.name)
        if operation.name == "ReceiveMessage" and order is None:
            self._wait_for_a_message(operation, request, region)
        return _answered(BedrockHit(self._parts, operation, request, region, environ), order)

    def _refused(self, environ: dict[str, Any], service: str, fault: ServiceFault) -> Answer:
        """Answer whoever may not ask, as each service does."""
        if service in _OURS:
            return Answer(*wire.render_fault(_OURS[service], fault))
        return MotoHit(self._parts, service, self._default_region, environ).refuse(fault)

    def _wait_for_a_message(self, operation: wire.Operation, request: Request, region: str) -> None:
        """Wait as long as whoever asks wants to, before it is one's turn: a wait holds nobody else up."""
        with suppress(ServiceFault):  # what is wrong with the request, its answer says
            params = wire.parse(operation, request)
            check_wait(seconds := int(params.get("WaitTimeSeconds", 0)))
            if params["QueueUrl"] == self._parts.world.queues.url(region):
                self._parts.world.queues.wait(region, seconds)

    def _moto(self, environ: dict[str, Any], service: str, region: str) -> Answer:
        hit = MotoHit(self._parts, service, region, environ)
        order = self._parts.world.faults.take_for_wire(hit.operation, every=S3_EVERY)
        return _answered(hit, order)

    def _defect(self, error: Exception) -> Answer:
        self._parts.defects.append(repr(error))
        fault = ServiceFault("InternalServerException", f"A defect of the stand-in: {error!r}")
        return Answer(*wire.render_fault("bedrock", fault))

    def _send(self, answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
        plain = {name: value for name, value in answer.headers.items() if name.lower() != "date"}
        plain.setdefault("Server", "playground")
        headers = [*plain.items(), ("Date", format_datetime(self._parts.world.now(), usegmt=True))]
        if isinstance(answer.body, bytes) and "content-length" not in {name.lower() for name in plain}:
            headers.append(("Content-Length", str(len(answer.body))))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [answer.body] if isinstance(answer.body, bytes) else answer.body


def _answered(hit: Hit, order: Order | None) -> Answer:
    """Answer ``hit`` as the ordered failure has it, or plainly when there is none."""
    if order is None:
        return hit.answer()
    kind = KINDS[order.kind]
    if kind.code is not None:
        return hit.refuse(kind.error(hit.caller, hit.action))
    return _UNKIND[order.kind](hit, order)


def _drop_before(hit: Hit, _: Order) -> Answer:
    hit.note("drop_before", 0)
    return Answer(500, dropped=True)


def _lose_reply(hit: Hit, _: Order) -> Answer:
    hit.reply_lost = True
    hit.answer()
    return Answer(500, dropped=True)


def _html_502(hit: Hit, _: Order) -> Answer:
    hit.note("html_502", HTTPStatus.BAD_GATEWAY)
    return html_bad_gateway()


def _delay(hit: Hit, order: Order) -> Answer:
    # Real seconds, as a client's time-outs are.
    time.sleep(order.seconds)
    return hit.answer()


_UNKIND: dict[str, Callable[[Hit, Order], Answer]] = {
    "drop_before": _drop_before,
    "lose_reply": _lose_reply,
    "html_502": _html_502,
    "delay": _delay,
}
