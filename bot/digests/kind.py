"""The durable kind of digests."""

from typing import Protocol

from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.digests.model import SCHEMA, DigestSpec, DigestStatus
from bot.digests.reconciler import TELL_WEEK, DigestDependencies, DigestReconciler
from bot.notifications.quiet_hours import QuietHours
from bot.pricing.book import PriceBook
from bot.visibility import ChannelMemberships


class Needs(Protocol):
    """What a week is told with."""

    store: ResourceStore
    outbox: Outbox
    renderer: Renderer
    prices: PriceBook
    quiet_hours: QuietHours
    clock: Clock
    memberships: ChannelMemberships


def _digest(ports: Needs) -> Reconciler[DigestSpec, DigestStatus]:
    return DigestReconciler(
        DigestDependencies(
            store=ports.store,
            outbox=ports.outbox,
            renderer=ports.renderer,
            prices=ports.prices,
            quiet_hours=ports.quiet_hours,
            clock=ports.clock,
            memberships=ports.memberships,
        )
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_digest,
        called=Called("digest", "digests"),
        wanted="this channel told its week",
        done="collect what ends, post it once a week",
        effects=(*OUTBOX, TELL_WEEK),
    ),
)
