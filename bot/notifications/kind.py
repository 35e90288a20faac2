"""The durable kind of what one person is told directly."""

from typing import Protocol

from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.messages import Outbox
from bot.controller.schema import NoStatus
from bot.notifications.quiet_hours import QuietHours
from bot.notifications.reconciler import SCHEMA, NotificationReconciler, NotificationSpec
from bot.visibility import ChannelMemberships


class NotificationDependencies(Protocol):
    """What people are told directly with."""

    outbox: Outbox
    quiet_hours: QuietHours
    memberships: ChannelMemberships


def _notification(ports: NotificationDependencies) -> Reconciler[NotificationSpec, NoStatus]:
    return NotificationReconciler(ports.outbox, ports.quiet_hours, ports.memberships)


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_notification,
        unaudited="it tells somebody something",
        called=Called("message", "messages"),
        wanted="this person told this",
        done="wait for the end of their quiet hours, write to them once if it is theirs to see by then",
        effects=OUTBOX,
    ),
)
