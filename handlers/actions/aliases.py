"""The button and the menu of an alias."""

from bot.directory.aliasing import ShownAlias
from bot.errors import Refused
from handlers.action import Action, Body
from handlers.commands.alias import told
from handlers.core import CommandContext, Invocation, Reply, Who
from handlers.ui.cards.aliases import BACK, PROMOTE


def _shown(value: str) -> tuple[ShownAlias, str]:
    """Return which alias the card showed, as it was, and the model that was chosen.

    Raises:
        Refused: the card is of an older kind.
    """
    name, channel, edition, *model = [*value.split(" "), "", ""]
    if not (channel and edition.isascii() and edition.isdigit()):
        raise Refused("This card is from long ago.", hint="`/tune alias NAME` shows it as it is now.")
    return ShownAlias(name, channel, int(edition[:9])), model[0]


def _back(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    shown, _ = _shown(invocation.value)
    return told(context, context.services.aliases.back(shown.name, invocation.user, shown))


def _promote(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    shown, model = _shown(invocation.value)
    return told(context, context.services.aliases.promote(shown, model, invocation.user))


ACTIONS = (Action(BACK, Who.CONTRIBUTOR, _back), Action(PROMOTE, Who.CONTRIBUTOR, _promote))
