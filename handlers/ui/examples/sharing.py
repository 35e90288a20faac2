"""With which channels a model is shared."""

from bot.directory.sharing import Shared
from handlers.ui.cards.sharing import shared_card
from handlers.ui.example_values import CHANNEL, OTHER_CHANNEL, TRAINER
from handlers.ui.examples import Examples

EXAMPLES: Examples = {
    "sharing, with nobody": shared_card(Shared("claims-router", TRAINER, CHANNEL, ()), TRAINER),
    "sharing, with two": shared_card(
        Shared("claims-router", TRAINER, CHANNEL, (OTHER_CHANNEL, CHANNEL)), TRAINER
    ),
    "sharing, with many": shared_card(
        Shared("claims-router", TRAINER, "", (CHANNEL, OTHER_CHANNEL) * 15), TRAINER
    ),
}
