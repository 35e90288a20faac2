"""The services that are moto's own: S3, STS, IAM and KMS, by way of moto's server."""

import functools
import json
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.test import create_environ, run_wsgi_app

from bot.playground.bedrock import simulation
from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.replies import Answer, signing_key
from bot.playground.bedrock.world import World

SERVICES = frozenset({"s3", "sts", "iam", "kms"})
MOTO_OWN_PATHS = ("/moto-api", "/latest/")
"""Where moto's server answers for itself: among other things, it can be told to forget everything."""
_S3_CODES = {
    "ThrottlingException": ("SlowDown", 503),
    "AccessDeniedException": ("AccessDenied", 403),
    "InvalidClientTokenId": ("InvalidClientTokenId", 403),
    "ExpiredTokenException": ("ExpiredToken", 400),
    "InvalidSignatureException": ("RequestTimeTooSkewed", 403),
}
_QUERY_CODES = {"InvalidSignatureException": ("SignatureDoesNotMatch", 403)}
"""What STS and IAM call otherwise."""


_DROPPED = ("connection", "access-control-")  # moto lets any web page read everything

_routes = functools.cache(create_backend_app)
"""One application a service for all stand-ins of a process: it holds routes, and moto's state is global anyway."""


class MotoSide:
    """moto's server, held to one account and mirrored after every change."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._app = DomainDispatcherApplication(_routes)
        # moto would make them, and its router, at the first request, in a server's thread. Making routes compiles code
        # by way of ``ast``, which CPython 3.11 cannot do in two threads at once: now and then it raises a SystemError,
        # "AST constructor recursion depth mismatch".
        self._app.app_instances = {service: _routes(service) for service in SERVICES}
        self._s3 = get_service_router("s3")
        self.operation("s3", create_environ())  # the router makes its rules when it is first asked

    def operation(self, service: str, environ: dict[str, Any]) -> str:
        """Return the operation's name, or method and path where it cannot be told without the body."""
        if service == "s3":
            try:
                return str(self._s3.match(Request(environ))[0].name)
            except HTTPException:
                pass
        return f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"

    def answer(self, environ: dict[str, Any]) -> Answer:
        """Let moto answer in this stand-in's account, then write through what the request changed."""
        if environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER", self._world.account) != self._world.account:
            return self.refusal("s3", ServiceFault("AccessDeniedException", "Access Denied"))
        own = self._own_answer(environ)
        if own is not None:
            return own
        # By this header moto knows whose request it is.
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._world.account
        with self._world.lock:
            chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
            body = b"".join(chunks)
            if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} and int(status[:3]) < 300:
                self._mirror(environ)
        kept = {name: value for name, value in headers.items() if not name.lower().startswith(_DROPPED)}
        return Answer(int(status[:3]), kept, body)

    def refusal(self, service: str, fault: ServiceFault) -> Answer:
        """Return ``fault`` as the XML that these services answer."""
        known = _S3_CODES if service == "s3" else _S3_CODES | _QUERY_CODES
        code, status = known.get(fault.code, ("InternalError", 500))
        if service == "kms":
            said = {"__type": fault.code, "message": fault.message}
            return Answer(status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(said).encode())
        error = f"<Error><Code>{code}</Code><Message>{escape(fault.message)}</Message></Error>"
        body = error if service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>"
        return Answer(status, {"Content-Type": "application/xml"}, body.encode())

    def _own_answer(self, environ: dict[str, Any]) -> Answer | None:
        """Answer what moto does not have; for anything else leave the request as it came."""
        if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            return None
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        with self._world.lock:
            return simulation.answer(self._world.account, body, self._world.sessions, signing_key(environ))

    def _mirror(self, environ: dict[str, Any]) -> None:
        bucket = str(environ.get("PATH_INFO", "")).strip("/").partition("/")[0]
        if bucket:
            self._world.buckets.mirror(bucket)
