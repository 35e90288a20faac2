"""Delivery by HTTP: signed requests to the app's request URL."""

import hashlib
import hmac
import http.client
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.playground.slack.delivery.outcome import Outcome, Parcel, Ticket
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return ``X-Slack-Signature`` of a request: HMAC-SHA256 of ``v0:timestamp:body``."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + digest.hexdigest()


class HttpDelivery:
    """Posts parcels to ``url``, or to the manifest's own request URLs when it is None.

    ``timestamp`` gives the seconds since the epoch that requests are signed with: real time, because the app
    verifies them against its own clock.
    """

    def __init__(
        self, ws: Workspace, url: str | None, deadline: float, timestamp: Callable[[], float]
    ) -> None:
        self._ws = ws
        self._url = url
        self._deadline = deadline
        self._timestamp = timestamp
        self._pool = ThreadPoolExecutor(16, thread_name_prefix="slack-http")

    def begin(self, parcel: Parcel, ticket: Ticket) -> None:
        """Post a parcel in the background."""
        kind = {"events_api": "events", "slash_commands": "command"}.get(parcel.type, "interactivity")
        url = self._url or self._ws.manifest.url_for(kind, parcel.command)
        if url is None:
            ticket.settle(Outcome(False, reason="connection_failed"))
            return
        try:
            self._pool.submit(self._post, url, parcel, ticket)
        except RuntimeError:  # closed meanwhile
            ticket.settle(Outcome(False, reason="connection_failed"))

    def _post(self, url: str, parcel: Parcel, ticket: Ticket) -> None:
        body, content_type = encode(parcel)
        headers = self._headers(body, content_type, parcel)
        parts = urlsplit(url)
        factory = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = factory(parts.hostname or "", parts.port, timeout=self._deadline)
        try:
            path = parts.path or "/"
            connection.request("POST", path + (f"?{parts.query}" if parts.query else ""), body, headers)
            ticket.settle(_read(connection.getresponse()))
        except TimeoutError:
            ticket.settle(Outcome(False, reason="http_timeout"))
        except (OSError, http.client.HTTPException):
            ticket.settle(Outcome(False, reason="connection_failed"))
        finally:
            connection.close()

    def _headers(self, body: bytes, content_type: str, parcel: Parcel) -> dict[str, str]:
        timestamp = str(int(self._timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._ws.signing_secret, timestamp, body),
        }
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = "http_timeout" if parcel.reason == "timeout" else parcel.reason
        return headers

    def verify(self, url: str, challenge: str) -> bool:
        """Ask a request URL to echo a challenge, as Slack does when the URL is entered; return whether it did."""
        payload = {
            "type": "url_verification",
            "token": "playground-verification-token",
            "challenge": challenge,
        }
        ticket = Ticket(challenge)
        self._post(url, Parcel("events_api", payload), ticket)
        outcome = ticket.wait(self._deadline)
        echoed = outcome.body.get("challenge") if isinstance(outcome.body, dict) else outcome.body
        return outcome.acked and echoed == challenge

    def connected(self) -> bool:
        """Whether the app can be reached: by HTTP only a request tells, so this is always true."""
        return True

    def close(self) -> None:
        """Post no more; requests under way end by themselves within the deadline."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def encode(parcel: Parcel) -> tuple[bytes, str]:
    """Return a parcel's body and its content type."""
    if parcel.type == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    form: Json = (
        parcel.payload if parcel.type == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    )
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _read(response: http.client.HTTPResponse) -> Outcome:
    raw = response.read()
    if not 200 <= response.status < 300:
        no_retry = response.getheader("X-Slack-No-Retry") == "1"
        return Outcome(False, raw.decode(errors="replace"), "http_error", no_retry)
    return Outcome(True, _body(raw, response.getheader("Content-Type") or ""))


def _body(raw: bytes, content_type: str) -> Any:
    text = raw.decode(errors="replace")
    if "json" in content_type and text:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text or None
