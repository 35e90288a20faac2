"""One Web API call from token to answer, without HTTP: who calls, may they, how often, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods import METHODS, Call, Method
from bot.playground.slack.rates import RateLimits
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Api:
    """The Web API of a workspace."""

    def __init__(self, ws: Workspace, rates: RateLimits, bot_token: str, app_token: str) -> None:
        self._ws = ws
        self._rates = rates
        self._tokens = {bot_token: "bot", app_token: "app"}

    def call(self, name: str, raw: Json, token: str | None) -> Answer:
        """Answer one call and record it in the log."""
        with self._ws.store.lock:
            answer = self._answer(name, raw, token)
            self._log(name, raw, answer)
        return answer

    def refuse(self, name: str, raw: Json, answer: Answer) -> Answer:
        """Record a call that was ordered to go wrong before it was looked at."""
        with self._ws.store.lock:
            self._log(name, raw, answer)
        return answer

    def _log(self, name: str, raw: Json, answer: Answer) -> None:
        method = METHODS.get(name)
        self._ws.log.add(
            "api_call",
            method=name,
            args={key: value for key, value in raw.items() if key != "token"},
            unknown_args=method.unknown(raw) if method else [],
            ok=bool(answer.body.get("ok")),
            error=answer.body.get("error"),
            result=answer.body,
        )

    def _answer(self, name: str, raw: Json, token: str | None) -> Answer:
        method = METHODS.get(name)
        if method is None:
            return Answer({"ok": False, "error": "unknown_method", "req_method": name})
        headers = {
            "X-OAuth-Scopes": ",".join(self._ws.manifest.scopes),
            "X-Accepted-OAuth-Scopes": ",".join(method.scopes),
        }
        try:
            self._authenticate(method, token)
            retry_after = self._rates.take(name, method.tier, str(raw.get("channel", "")))
            if retry_after is not None:
                return rate_limited(retry_after)
            return Answer(self._run(method, raw), headers=headers)
        except SlackError as error:
            return Answer(error.body(), headers=headers)

    def _authenticate(self, method: Method, token: str | None) -> None:
        if method.token == "none":
            return
        if not token:
            raise SlackError("not_authed")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.token:
            raise SlackError("not_allowed_token_type")
        if method.token == "bot" and not self._ws.manifest.has_any(method.scopes):
            provided = ",".join(self._ws.manifest.scopes)
            raise SlackError("missing_scope", needed=",".join(method.scopes), provided=provided)

    def _run(self, method: Method, raw: Json) -> Json:
        call = Call(self._ws, method.read(raw), [])
        body = {"ok": True, **method.run(call)}
        if call.warnings:
            body["warning"] = ",".join(call.warnings)
            body["response_metadata"] = {**body.get("response_metadata", {}), "warnings": call.warnings}
        return body


def rate_limited(retry_after: int) -> Answer:
    """Return the answer to a call that came too soon."""
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(retry_after)})
