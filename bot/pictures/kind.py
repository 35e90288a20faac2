"""The durable kind of pictures."""

from bot.controller.kind import Called, Kind
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES
from bot.pictures.model import SCHEMA
from bot.pictures.reconciler import PictureReconciler

KINDS = (
    Kind(
        schema=SCHEMA,
        build=PictureReconciler,
        unaudited="it draws what somebody looks at",
        called=Called("picture", "pictures"),
        wanted="this chart shown to that person",
        done="draw it in a worker process, send it to them directly",
        effects=(*OUTBOX, *FILES),
        when_given_up="Ask for it again when that is mended.",
        is_waited_for=True,
    ),
)
