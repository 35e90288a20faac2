"""The durable kind that publishes the audit."""

from bot.audit.model import SCHEMA, registration
from bot.audit.ports import place_of
from bot.audit.reconciler import CUT, PUBLISH, SealReconciler
from bot.controller.kind import Called, Kind

KINDS = (
    Kind(
        schema=SCHEMA,
        build=SealReconciler,
        called=Called("publish the audit", "publishes the audit"),
        wanted="what was decided published where Redis has no hand in it",
        done="put new entries into the bucket as a sealed segment, cut old ones where one ends",
        effects=(PUBLISH, CUT),
        unaudited="it decides nothing",
        standing=lambda regions: [registration(place_of(regions))],
    ),
)
