"""The four buttons of every plan. What they change is seen on the card itself, which is drawn anew."""

from collections.abc import Callable

from bot.errors import NotFound, Refused
from bot.spending.votes import Choice
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who
from handlers.ui.plans import read_vote, vote_action


def _vote(choice: Choice) -> Callable[[Invocation, Body, CommandContext], Reply]:
    def run(invocation: Invocation, _body: Body, front: CommandContext) -> Reply:
        key, shown = read_vote(invocation.value)
        kind, _, plan = key.partition(":")
        service = front.services.plans.get(kind)
        if service is None or not plan:
            raise NotFound(
                "I do not know this plan.", hint="Type the command again, and you get one that works."
            )
        if shown is None and choice in ("start", "approve"):
            raise Refused(
                "This button does not say what it agrees to: it is from before I was updated. Nothing was started.",
                hint="The plan gets another within five minutes: look at its price, and press there.",
            )
        service.press(plan, choice, invocation.user, shown)
        return Nothing()

    return run


ACTIONS = (
    Action(vote_action("start"), Who.TRAINER, _vote("start")),
    Action(vote_action("cancel"), Who.ENDER, _vote("cancel")),
    Action(vote_action("approve"), Who.ANYONE, _vote("approve")),
    Action(vote_action("decline"), Who.ANYONE, _vote("decline")),
)
