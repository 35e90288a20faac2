"""Replies and the ways in which they fail to arrive."""

import contextlib
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Answer:
    """A reply about to be sent; ``dropped`` cuts the connection instead."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] = b""
    dropped: bool = False


def sigv4_scope(environ: dict[str, Any], default_region: str) -> tuple[str, str]:
    """Return the signing name of the service and the region that a request was signed for.

    Signatures themselves are not checked. A bearer token names neither and can only be Bedrock's; what is not
    signed at all is S3's (a presigned URL carries its scope in the query).
    """
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if authorization.startswith("Bearer "):
        return "bedrock", default_region
    matched = _SCOPE.search(authorization)
    return (matched[2], matched[1]) if matched else ("s3", default_region)


def signing_key(environ: dict[str, Any]) -> str:
    """Return the access key that a request was signed with; empty for none."""
    matched = re.search(r"Credential=([^/,\s]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return matched[1] if matched else ""


def drop_connection(environ: dict[str, Any]) -> None:
    """Cut the connection that this request came by; whatever is written to it afterwards goes nowhere."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def html_bad_gateway() -> Answer:
    """Return what a proxy in between would answer."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return Answer(502, {"Content-Type": "text/html"}, page)
