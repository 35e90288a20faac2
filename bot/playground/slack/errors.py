"""How a Web API call and a person's action are refused."""

from collections.abc import Sequence
from typing import Any

from bot.playground.slack.state import Json


class SlackError(Exception):
    """A Web API call that Slack would answer with ``{"ok": false, "error": ...}``."""

    def __init__(self, error: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = tuple(messages)
        self.extra = extra

    def body(self) -> Json:
        """Return the answer's JSON body."""
        body: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


class SeenByPerson(Exception):
    """A person's action did not work; the text is what Slack's own client would show them."""

    def __init__(self, text: str, *, code: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.code = code
