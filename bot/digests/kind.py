"""The durable kind of digests."""

from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.digests.model import SCHEMA
from bot.digests.reconciler import TELL_WEEK, DigestReconciler

KINDS = (
    Kind(
        schema=SCHEMA,
        build=DigestReconciler,
        called=Called("digest", "digests"),
        wanted="this channel told its week",
        done="collect what ends, post it once a week",
        effects=(*OUTBOX, TELL_WEEK),
    ),
)
