"""The buttons under an answer."""

from handlers.action import Action, Body
from handlers.commands.ask import begun
from handlers.core import CommandContext, Invocation, Reply, Who, say
from handlers.ui.cards.questions import AGAIN, COMPARE, SHARE, VOTE, WHICH


def _again(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    again = context.services.questions.again
    return begun(again(invocation.value, invocation.request, invocation.user, invocation.team))


def _which(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    answered, _, model = invocation.value.partition(" ")
    again = context.services.questions.again
    return begun(again(answered, invocation.request, invocation.user, invocation.team, model))


def _compare(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return begun(context.services.questions.compare(invocation.value, invocation.user, invocation.team))


def _share(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    context.services.questions.share(invocation.value, invocation.user)
    return say("It is on its way to the channel, with your question.")


def _vote(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    good, _, answered = invocation.value.partition(" ")
    context.services.feedback.vote(answered, invocation.user, good=good == "good")
    said = "good" if good == "good" else "bad"
    return say(f"Thanks, I noted it as a {said} answer. If you change your mind, press the other one.")


ACTIONS = (
    Action(AGAIN, Who.ASKER, _again),
    Action(WHICH, Who.ASKER, _which),
    Action(COMPARE, Who.ASKER, _compare),
    Action(SHARE, Who.ASKER, _share),
    *(Action(VOTE + button, Who.ASKER, _vote) for button in ("", ".good", ".bad")),
)
"""The thumbs are two buttons where a workspace does not take Slack's own."""
