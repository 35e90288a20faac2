"""The durable kind of models' deletions."""

from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.deletions.model import SCHEMA
from bot.deletions.reconciler import DELETE_MODEL, FORGET_MODEL, DeletionReconciler
from bot.spending.undo import TAKE

KINDS = (
    Kind(
        schema=SCHEMA,
        build=DeletionReconciler,
        called=Called("deletion", "deletions"),
        wanted="this model gone",
        done="look what uses it, delete it by ARN, read that back, forget it, tell it",
        effects=(*OUTBOX, TAKE, DELETE_MODEL, FORGET_MODEL),
        billed="Its storage is billed until it is gone.",
        is_waited_for=True,
    ),
)
