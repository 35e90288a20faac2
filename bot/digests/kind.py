"""The durable kind of digests."""

from bot.controller.kind import Called, Kind, Schema
from bot.digests.model import KIND, DigestSpec, DigestStatus

KINDS = (
    Kind(
        schema=Schema(KIND, DigestSpec, {"digest": DigestStatus}),
        called=Called("digest", "digests"),
        wanted="this channel told its week",
        done="collect what ends, post it once a week",
    ),
)
