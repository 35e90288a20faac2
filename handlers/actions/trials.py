"""*Try it for at most …*: the prompt is tried on held-out rows."""

from decimal import Decimal

from bot.errors import Refused
from bot.figures import figure
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Reply, Who, say
from handlers.ui.cards.trials import BEGIN


def _begin(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    dataset, _, shown = invocation.value.partition(" ")
    began = context.services.trials.begin(
        dataset,
        _figure(shown),
        user=invocation.user,
        channel=invocation.channel,
        asked_in=invocation.request,
    )
    return say(
        "I ask the rows one by one, and tell you directly how many the prompt gets right."
        if began
        else "That is being tried already."
    )


def _figure(shown: str) -> Decimal:
    """Return the figure that the button was drawn with.

    Raises:
        Refused: it is none.
    """
    usd = figure(shown)
    if usd is None:
        raise Refused("This button has no price on it.", hint="Ask again with `/tune advise`.")
    return usd


ACTIONS = (Action(BEGIN, Who.TRAINER, _begin),)
