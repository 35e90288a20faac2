"""Something that one person wanted to hear, told to them directly, outside of their quiet hours.

What it does on the outside, and what settles each of it, is in docs/effects.md. Quiet hours are asked for again, and so
is whether the person sees what it is about: a night lies between the two, in which they may leave a private channel.

Whoever registers one does so in the same write as what it tells, so that none is lost and none comes twice: its ID is
made of what it is about, the event and the person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.controller.context import Context
from bot.controller.model import Message, Outcome, Registration, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.controller.schema import NoStatus, Schema
from bot.notifications.quiet_hours import QuietHours
from bot.visibility import ChannelMemberships, Origin, Sight, Viewer, is_direct, is_surely_kept_out

KIND = "notification"
_NOTICE = "told"
LOOK_AGAIN = 15 * 60.0
"""Seconds after which quiet hours are asked for again: whoever takes theirs away is told soon what they held back."""


@dataclass(frozen=True, slots=True)
class NotificationSpec:
    """What is told, and to whom: a person's ID, or a channel's, which has no quiet hours."""

    user: str
    text: str
    blocks: tuple[dict[str, Any], ...]
    asked_at: datetime
    details: tuple[dict[str, Any], ...] = ()
    """What the message holds back."""
    seen_in: Origin | None = None
    """The conversation that the person has to see when they are told. None: it is theirs to hear wherever they are.

    What is the person's own (``person`` is who is told) they hear unless Slack says that they cannot see it any more:
    of a channel that the bot is not in it says nothing.
    """
    v: int = 1


SCHEMA = Schema(KIND, NotificationSpec, NoStatus)


def notification(
    about: str,
    event: str,
    user: str,
    message: Message,
    at: datetime,
    seen_in: Origin | None = None,
    own_in: str = "",
) -> Registration:
    """Return what has the person told, once for each resource, event and person.

    ``seen_in``: only if they still see that conversation when it is told. ``own_in``: the same of the channel that what
    is their own belongs to.
    """
    if own_in and not is_direct(own_in):
        seen_in = Origin(own_in, user)
    spec = NotificationSpec(
        user, message.text, tuple(message.blocks), at, tuple(message.details), seen_in=seen_in
    )
    return SCHEMA.wanted(f"{about}:{event}:{user}", spec)


class NotificationReconciler:
    """Waits for the end of the person's quiet hours, and writes to them once if it is theirs to see by then."""

    def __init__(self, outbox: Outbox, quiet_hours: QuietHours, memberships: ChannelMemberships) -> None:
        self._outbox = outbox
        self._quiet_hours = quiet_hours
        self._memberships = memberships

    def __call__(self, context: Context[NotificationSpec, NoStatus]) -> Outcome:
        """Tell it, or come back when it may be told."""
        spec = context.spec
        if not context.engine.outbox:
            now = context.now()
            until = self._quiet_hours.quiet_until(spec.user, now)
            if until is not None:
                return RequeueAfter(max(1.0, min(until.timestamp() - now, LOOK_AGAIN)))
            if not self._is_theirs(spec):
                return self._outbox.settle(context, {})
        self._outbox.post_once(
            context,
            _NOTICE,
            Message(text=spec.text, blocks=spec.blocks, details=spec.details),
            channel=spec.user,
            since=spec.asked_at,
        )
        return self._outbox.settle(context, {})

    def _is_theirs(self, spec: NotificationSpec) -> bool:
        """Return whether the person sees what it is about.

        Raises:
            Unavailable: Slack does not say.
        """
        if spec.seen_in is None:
            return True
        if spec.seen_in.person == spec.user:
            return not is_surely_kept_out(self._memberships, spec.user, spec.seen_in.channel)
        sight = Sight(Viewer(spec.user), self._memberships)
        return sight.surely_sees_channel(spec.seen_in.channel, spec.seen_in.person)
