"""The wire, both ways, from botocore's service model by way of moto's router, parser and serialisers.

REST-JSON, and the JSON of services that name their operation in a header.

moto's own Bedrock backends are not used: of the operations here they have fewer than half, check nothing, and hold
back a whole event stream until its end. The parts of moto that know the protocol are, so nothing is parsed by hand.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import botocore.session
from botocore.utils import parse_timestamp
from moto.core.eventstream import EventStream, EventStreamEncoder
from moto.core.model import OperationModel, ServiceModel, StructureShape
from moto.core.parse import JSONParser, RestJSONParser
from moto.core.request import Request
from moto.core.routing import get_router_class
from moto.core.serialize import EventStreamJSONSerializer, JSONSerializer, RestJSONSerializer
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from bot.playground.bedrock.constraints import WrongType, validation_message, violations
from bot.playground.bedrock.errors import ServiceFault, StandInDefect, invalid

Params = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation of the service model that a request was routed to, with the labels found in its path."""

    service: str
    name: str
    model: OperationModel
    labels: Mapping[str, Any]


_QUERY_NAMES = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}
"""What SQS calls an error beside its model's name, as it did in its older protocol; botocore takes that one."""

# What AWS's front answers for every service, before an operation's own model counts.
_ANYWHERE = frozenset(
    {"SerializationException", "UnknownOperationException", "ValidationException", "AccessDeniedException"}
)


def may_answer(operation: Operation, fault: ServiceFault) -> bool:
    """Return whether the service model has the fault's code among the operation's errors."""
    modelled = {shape.name for shape in operation.model.error_shapes}
    return fault.code in modelled or fault.code in _ANYWHERE


def route(service: str, request: Request) -> Operation | None:
    """Return the operation of ``service`` that the request's method and path mean, or None."""
    try:
        model, labels = _router(service).match(request)
    except HTTPException:
        return None
    return Operation(service, model.name, model, labels)


def parse(operation: Operation, request: Request) -> Params:
    """Return the request's parameters, checked against the service model in full.

    Raises ServiceFault: SerializationException for what cannot be read, ValidationException for broken constraints.
    """
    shape = operation.model.input_shape
    if shape is None:
        return {}
    body = request.get_data()
    try:
        _refuse_broken_json(operation, body)
        params = _parser(operation).parse(
            {
                "method": request.method,
                "values": request.args,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": dict(operation.labels),
            }
        )
        found = violations(shape, params)
    except (WrongType, ValueError, TypeError, AttributeError) as error:
        raise ServiceFault("SerializationException", f"Unable to parse the request: {error}") from error
    if found:
        raise invalid(validation_message(found))
    return dict(params)


def render(operation: Operation, result: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a plain answer. Raises StandInDefect when the model does not allow it."""
    check_response(operation, result)
    serializer = JSONSerializer if _is_rpc(operation.service) else RestJSONSerializer
    answer = serializer(operation.model).serialize(dict(result))
    body = answer["body"]
    raw = body if isinstance(body, bytes) else body.encode()
    return answer["status_code"], dict(answer["headers"]), raw


def render_stream(operation: Operation, events: Iterator[Params], member: str) -> Iterator[bytes]:
    """Encode ``events`` one by one as an AWS event stream; ``member`` is the output's event-stream member.

    Raises StandInDefect at the first event that the service model does not allow.
    """
    serializer = EventStreamJSONSerializer(operation.model)
    shape = operation.model.output_shape
    assert isinstance(shape, StructureShape)
    checked = (_checked_event(operation, member, event) for event in events)
    for message in EventStream({member: checked}, shape, serializer):
        yield EventStreamEncoder().encode_event(message)


def render_stream_error(name: str, message: str) -> bytes:
    """Encode the exception ``name`` (``modelStreamErrorException``) that ends an event stream."""
    headers = {":message-type": "exception", ":exception-type": name, ":content-type": "application/json"}
    return bytes(EventStreamEncoder().encode_message(headers, json.dumps({"message": message}).encode()))


def render_fault(service: str, fault: ServiceFault) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an error, as the REST-JSON protocol has it."""
    status = _error_statuses(service).get(fault.code, 400)
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": fault.code}
    if fault.code in _QUERY_NAMES:
        headers["x-amzn-query-error"] = f"{_QUERY_NAMES[fault.code]};Sender"
    return status, headers, json.dumps({"__type": fault.code, "message": fault.message}).encode()


def check_response(operation: Operation, result: Mapping[str, Any]) -> None:
    """Hold a plain answer to its output shape. Raises StandInDefect."""
    shape = operation.model.output_shape
    if shape is None:
        return
    unknown = set(result) - set(shape.members)
    if unknown:
        raise StandInDefect(f"{operation.name} would answer with members it does not have: {sorted(unknown)}")
    try:
        found = violations(shape, result)
    except WrongType as error:
        raise StandInDefect(f"{operation.name}: {error}") from error
    if found:
        raise StandInDefect(f"{operation.name}: {validation_message(found)}")


def model_of(service: str) -> ServiceModel:
    """Return botocore's model of ``service`` as moto wraps it."""
    return get_service_model(service)


def aware_timestamp(value: str) -> datetime:
    """Return a timestamp of a request, aware."""
    return parse_timestamp(value)


def _checked_event(operation: Operation, member: str, event: Params) -> Params:
    shape = operation.model.output_shape
    assert shape is not None
    stream = shape.members[member]
    assert isinstance(stream, StructureShape)
    [(name, value)] = event.items()
    found = violations(stream.members[name], value, name)
    if found:
        raise StandInDefect(f"{operation.name}: {validation_message(found)}")
    return event


def _refuse_broken_json(operation: Operation, body: bytes) -> None:
    shape = operation.model.input_shape
    if shape is None or "payload" in shape.serialization or not body:
        return
    if not isinstance(json.loads(body), dict):
        raise WrongType("the request body must be an object")


def _parser(operation: Operation) -> RestJSONParser | JSONParser:
    kind = JSONParser if _is_rpc(operation.service) else RestJSONParser
    return kind(operation.model, timestamp_parser=aware_timestamp)


def _is_rpc(service: str) -> bool:
    """Return whether the service names its operation in a header, and not by method and path, as the SDK speaks to it.

    Of several protocols the SDK takes one; the first that the model names need not be it.
    """
    return _protocol(service) == "json"


def make_routes() -> None:
    """Make the routes of all services now, and not in a server's thread: see ``moto_side``."""
    for service in ("bedrock", "bedrock-runtime", "service-quotas", "cloudwatch", "sqs"):
        _router(service)


@functools.cache
def _protocol(service: str) -> str:
    return str(botocore.session.get_session().get_service_model(service).resolved_protocol)


@functools.cache
def _router(service: str) -> Any:
    router = get_router_class(service, "json" if _is_rpc(service) else "rest-json")
    assert router is not None
    return router(get_service_model(service))


@functools.cache
def _error_statuses(service: str) -> dict[str, int]:
    shapes = get_service_model(service).error_shapes
    return {shape.name: shape.metadata.get("error", {}).get("httpStatusCode", 400) for shape in shapes}
