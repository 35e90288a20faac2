"""What operators are told of what is kept and cannot be read."""

from bot.controller.damage import Called
from bot.notifications.cards import Readable, Unread
from handlers.ui.examples import Examples

_DATASET = Called("dataset", "datasets")
_MODEL = Called("model", "models", named=True)

EXAMPLES: Examples = {
    "damage, cannot be read": Unread(_DATASET, "5f5f5f5f5f5f", "it is no JSON"),
    "damage, where others read along": Unread(_MODEL, "", "it is no JSON"),
    "damage, mended": Readable(_DATASET, "5f5f5f5f5f5f"),
}
