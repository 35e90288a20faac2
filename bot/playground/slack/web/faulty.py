"""Ordered trouble, carried out on a real connection."""

import contextlib
import socket
import threading
from collections.abc import Callable

from flask import Response, request

from bot.playground.slack.faults import Fault, Faults

_ERROR_PAGE = (
    "<!DOCTYPE html><html><head><title>Server Error | Slack</title></head><body>Server Error</body></html>"
)


def served(faults: Faults, name: str, answer: Callable[[Fault | None], Response]) -> Response:
    """Serve a request, doing wrong what was ordered for it; ``answer`` is given faults that it must word itself."""
    fault = faults.take(name)
    if fault is None:
        return answer(None)
    if fault.kind == "drop_before":
        return _dropped()
    if fault.kind == "drop_after":
        answer(None)
        return _dropped()
    if fault.kind == "server_error":
        return Response(_ERROR_PAGE, 500, content_type="text/html; charset=utf-8")
    if fault.kind == "delay":
        threading.Event().wait(fault.seconds)
        return answer(None)
    if fault.kind == "hold" and fault.hold is not None:
        fault.hold.reached.set()
        fault.hold.released.wait(60)
        return answer(None)
    return answer(fault)


def _dropped() -> Response:
    """Cut the connection; the response that is returned finds it closed."""
    connection = request.environ["werkzeug.socket"]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", 200)
