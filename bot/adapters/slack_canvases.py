"""Canvases in Slack: ``bot.controller.canvases.Canvases`` on the Web API.

A canvas that is made without a channel is the app's own, in no channel's tabs, and seen by nobody else until
canvases.access.set names who may read it (docs.slack.dev/reference/methods/canvases.create and canvases.access.set).
"""

from slack_sdk import WebClient

from bot.adapters.slack_errors import slack_call
from bot.clock import Clock
from bot.controller.shared_files import title_of
from bot.errors import Misconfigured, Refused

LONGEST = 1_048_576
"""Characters of a canvas's Markdown: 1 MiB (docs.slack.dev/reference/methods/conversations.canvases.create)."""
REMEMBERED = 3_600.0
"""Seconds for which a workspace that took no canvas is not asked again: its plan and the app's scopes change seldom."""
_NONE = "Slack took no canvas a short while ago."
_NOWHERE = frozenset(
    {
        "canvas_disabled_user_team",
        "canvas_globally_disabled",
        "free_team_not_allowed",
        "free_teams_cannot_create_non_tabbed_canvases",
        "restricted_action",
        "unknown_method",
    }
)
"""What is said of the workspace. What is said of one canvas, whose report is too long or odd, holds for no other."""


class SlackCanvases:
    """Makes canvases and lets a conversation read them."""

    def __init__(self, posting: WebClient, reading: WebClient, clock: Clock) -> None:
        self._posting = posting
        self._reading = reading
        self._clock = clock
        self._quiet_until = 0.0

    def create(self, title: str, markdown: str) -> str:
        """Make it for the app alone."""
        if self._clock.monotonic() < self._quiet_until:
            raise Refused(_NONE)
        if len(markdown) > LONGEST:
            raise Refused("It is too long for a canvas.", detail=f"{len(markdown):,} characters")
        body = {
            "title": title_of(title),
            "document_content": {"type": "markdown", "markdown": markdown},
        }
        try:
            # Not one that writes, in this sense: nobody sees anything of it, so repeating it is harmless.
            with slack_call("canvases.create", writes=False):
                return str(self._posting.api_call("canvases.create", json=body)["canvas_id"])
        except (Refused, Misconfigured) as no:
            if isinstance(no, Misconfigured) or _name_of(no) in _NOWHERE:
                self._quiet_until = self._clock.monotonic() + REMEMBERED
            raise

    def open_to(self, canvas: str, *, channel: str, reader: str) -> None:
        """Let the channel read it: regular channels alone are taken, so a direct message's reader is named."""
        who = {"user_ids": [reader]} if channel.startswith("D") else {"channel_ids": [channel]}
        body = {"canvas_id": canvas, "access_level": "read", **who}
        with slack_call("canvases.access.set", writes=False):
            self._posting.api_call("canvases.access.set", json=body)

    def link(self, canvas: str) -> str:
        """Return its permalink: a canvas is a file, too."""
        with slack_call("files.info", writes=False):
            found = self._reading.api_call("files.info", params={"file": canvas}).get("file") or {}
        return str(found.get("permalink") or "")


def _name_of(no: Refused) -> str:
    """Return Slack's own name of what it refused; empty: it is of the network."""
    answer = getattr(no.__cause__, "response", None)
    return str(answer.get("error") or "") if answer is not None else ""
