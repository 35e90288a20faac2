"""The durable kind of what one person is told directly."""

from bot.controller.kind import Called, Kind, Schema
from bot.notifications.reconciler import KIND, NotificationSpec

KINDS = (
    Kind(
        schema=Schema(KIND, NotificationSpec),
        called=Called("message", "messages"),
        wanted="this person told this",
        done="wait for the end of their quiet hours, write to them once",
    ),
)
