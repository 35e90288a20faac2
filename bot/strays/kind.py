"""The durable kind that looks for what runs in the account and is nobody's here."""

from bot.controller.kind import Called, Kind
from bot.controller.model import Document
from bot.spending.undo import TAKE
from bot.strays.model import SCHEMA, registration
from bot.strays.reconciler import DELETE, MARK, StrayReconciler


def _is_to_end(spec: Document, _: Document) -> bool:
    """Return whether somebody wants one deleted: that is tried for as long as it takes."""
    return any(each.get("wish") for each in spec.get("removals", ()))


KINDS = (
    Kind(
        schema=SCHEMA,
        build=StrayReconciler,
        called=Called("look for what runs beside my own", "looks for what runs beside my own"),
        wanted="what runs in a region beside our own seen, and deleted where somebody says so",
        done="list all and their tags once a day, tell it once a week, delete and read back",
        effects=(TAKE, MARK, DELETE),
        billed=(
            "What runs in the AWS account beside my own is not listed meanwhile, and is billed: look for it in the "
            "Bedrock console."
        ),
        ends_spending=_is_to_end,
        standing=lambda regions: [registration(region) for region in regions],
    ),
)
