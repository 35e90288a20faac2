"""Whose delivery it is: the first thing that is asked of every command, press, form, shortcut and event.

Slack's signature proves that Slack sent a request to this app, not that it is meant for the workspace that the bot's
token belongs to: an app may be installed elsewhere too, and a channel that is shared by Slack Connect brings the
people of another workspace along. What a payload says of its workspace is compared with what Slack says of the token
(``auth.test``), before anything of it is read:

==========================================  ==========================================================================
it is refused when                          by
==========================================  ==========================================================================
none of its ``authorizations`` is ours      events: docs.slack.dev/apis/events-api, *authorizations*; Slack names one
                                            installation there, of those that see the event
its workspace is another                    ``view.app_installed_team_id``, else ``team``, else ``team_id``. In a
                                            shared channel an event's own ``team_id`` is its author's
                                            (``is_ext_shared_channel``), and its authorization decides
its organisation is another                 ``enterprise``, ``enterprise_id``
it names no workspace at all                nothing of ours is sent so
(not so)                                    a press or shortcut of somebody for whom the operator opened the bot
                                            (``TUNESMITH_GUESTS``) names their own workspace, in a channel that the bot
                                            is in and that is shared; so does a form that our app has opened for them
whoever did it belongs to another           ``user.team_id``, ``event.user_team``; in an organisation of several
                                            workspaces Slack is asked of the person instead (``bot.access``)
==========================================  ==========================================================================

Whoever waits for an answer gets one; the log has one line for each workspace.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse

from bot.access import Access
from bot.errors import NotAllowed, Unavailable

log = logging.getLogger(__name__)

REFUSAL = "tunesmith_refusal"
"""Where a listener finds why it may not do what was asked: in Bolt's context."""
MOST_LOGGED = 100
"""Workspaces that have a line in the log of a process: whoever can sign requests could fill it otherwise."""

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace that the token belongs to; ``enterprise`` is its organisation, empty when it is in none."""

    team: str
    enterprise: str = ""

    def owns(self, claim: "Workspace") -> bool:
        """Whether a payload that says this of itself is ours."""
        if claim.enterprise and claim.enterprise != self.enterprise:
            return False
        return claim.team == self.team


def claimed(body: Payload) -> Iterator[Workspace]:
    """Return every workspace that the payload may be meant for, as it says itself."""
    authorizations = body.get("authorizations")
    if isinstance(authorizations, list) and authorizations:
        for each in authorizations:
            yield Workspace(_text(_dict(each), "team_id"), _text(_dict(each), "enterprise_id"))
    else:
        yield Workspace(_team(body), _enterprise(body))


def is_ours(body: Payload, ours: Workspace) -> bool:
    """Return whether the payload is meant for our workspace."""
    if not any(ours.owns(each) for each in claimed(body)):
        return False
    if body.get("is_ext_shared_channel") is True:
        return True
    outer = Workspace(_team(body) or ours.team, _enterprise(body))
    return ours.owns(outer)


def home_of(body: Payload) -> str:
    """Return the workspace of whoever did it, as far as the payload says; empty when it does not."""
    event, user = _dict(body.get("event")), _dict(body.get("user"))
    return (
        _text(event, "user_team")
        or _text(event, "source_team")
        or _text(event, "team")
        or _text(user, "team_id")
    )


def doer_of(body: Payload) -> str:
    """Return who did it, by ID."""
    user = _dict(body.get("user"))
    return _text(_dict(body.get("event")), "user") or _text(user, "id") or _text(body, "user_id")


class OfAnotherWorkspace(NotAllowed):
    """The delivery is ours, and whoever did it belongs to another workspace."""


@dataclass(slots=True)
class Gate:
    """The middleware that every delivery passes.

    ``access`` says to whom of other workspaces something was opened, ``is_shared`` whether a channel is one that the
    bot and people of other workspaces are in; it raises ``Unavailable`` while Slack does not say.
    """

    access: Access
    is_shared: Callable[[str], bool] = lambda _channel: False
    _logged: set[tuple[str, str]] = field(default_factory=set)
    _limited: object = None

    def refusal(self, body: Payload, ours: Workspace) -> NotAllowed | Unavailable | None:
        """Return why nothing is done about the payload, or None."""
        try:
            is_for_us = is_ours(body, ours) or self._is_opened_for(body, ours)
        except Unavailable as silent:
            return silent
        if not is_for_us:
            self._log(body)
            return NotAllowed(
                "I belong to another workspace than this came from.", hint="Use me where I am installed."
            )
        home = home_of(body)
        # An organisation's ID, or another workspace of one: Slack is asked who it is before anything is done for them.
        is_partner = home.startswith("T") and home != ours.team and not ours.enterprise
        if is_partner and doer_of(body) not in self.access.guests:
            return OfAnotherWorkspace(
                "Only members of this workspace may do this, and you are of another workspace.",
                hint="The operator can open it for you by name.",
            )
        return None

    def __call__(
        self,
        ack: Ack,
        body: dict[str, Any],
        context: BoltContext,
        next: Callable[[], None],  # noqa: A002 -- Bolt's name for it
    ) -> BoltResponse | None:
        """Let it pass, with why it is refused where somebody waits for an answer; what nobody waits for ends here."""
        if body.get("type") == "app_rate_limited":
            return self._rate_limited(ack, body)
        known = context.authorize_result
        if known is None:  # Bolt lets what needs no token pass: the handshake of the address
            next()
            return None
        refused = self.refusal(body, Workspace(known.team_id or "", known.enterprise_id or ""))
        if refused is None:
            next()
            return None
        if "event" in body and not isinstance(refused, OfAnotherWorkspace):
            return ack()  # nobody of ours waits there
        context[REFUSAL] = refused
        next()
        return None

    def _is_opened_for(self, body: Payload, ours: Workspace) -> bool:
        """Whether a partner did it for whom the bot was opened, where we meet them: their own workspace is named then.

        A message's buttons and shortcuts belong to the channel, which both workspaces share under one ID. A form
        belongs to the installation of the app that opened it.
        """
        user = _dict(body.get("user"))
        home = _text(user, "team_id")
        if doer_of(body) not in self.access.guests or not home or home != _named_team(body):
            return False
        if body.get("view") is not None:
            return _text(_dict(body.get("view")), "app_installed_team_id") == ours.team
        if body.get("type") not in ("block_actions", "message_action"):
            return False
        return self.is_shared(_text(_dict(body.get("channel")), "id"))

    def _rate_limited(self, ack: Ack, body: Payload) -> BoltResponse:
        """Log that Slack withholds events: more than 30,000 in an hour. It says so once for each minute.

        docs.slack.dev/reference/events/app_rate_limited: it is sent beside the events, and cannot be subscribed to.
        """
        minute = body.get("minute_rate_limited")
        if minute != self._limited:
            self._limited = minute
            log.warning(
                "Slack withholds events from this app (minute %s): more than 30,000 came in an hour. Files and "
                "questions of that time were not seen; whoever waits sends them again",
                minute,
            )
        return ack()

    def _log(self, body: Payload) -> None:
        claim = next(claimed(body))
        about = (claim.team[:30], claim.enterprise[:30])
        if about in self._logged or len(self._logged) >= MOST_LOGGED:
            return
        self._logged.add(about)
        log.warning(
            "a signed request for workspace %s of organisation %s is refused: the token is another's. More of them are "
            "refused without a word here. Should the workspace have joined an organisation: restart the bot",
            about[0] or "(none)",
            about[1] or "(none)",
        )


def _team(body: Payload) -> str:
    return _text(_dict(body.get("view")), "app_installed_team_id") or _named_team(body)


def _named_team(body: Payload) -> str:
    team = body.get("team")
    named = team if isinstance(team, str) else _text(_dict(team), "id")
    return named or _text(body, "team_id")


def _enterprise(body: Payload) -> str:
    enterprise = body.get("enterprise")
    named = enterprise if isinstance(enterprise, str) else _text(_dict(enterprise), "id")
    return named or _text(body, "enterprise_id") or _text(_dict(body.get("team")), "enterprise_id")


def _text(node: Payload, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Payload:
    return value if isinstance(value, dict) else {}
