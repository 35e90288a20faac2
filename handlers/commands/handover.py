"""``/tune handover``: a job, a lease, a deployment or office hours are given into another person's care."""

import re

from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.picker import which_to_hand_over
from handlers.ui.forms.handover import handed_words
from handlers.views import handover

USAGE = "/tune handover NAME [to @person]"
_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]{0,200})?>|([UW][A-Z0-9]{6,20})")


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Hand it over; Slack does not tell who is meant by a typed name, so a form asks for the person."""
    asked = words(invocation.text)
    if not asked:
        return which_to_hand_over(context, USAGE)
    if len(asked) == 3 and asked[1].lower() == "to":
        asked = [asked[0], asked[2]]
    if not 1 <= len(asked) <= 2:
        raise Refused("What is to be handed over, and to whom?", hint=f"Write it as {quoted(USAGE)}.")
    meant = _PERSON.fullmatch(asked[1]) if len(asked) == 2 else None
    if meant is None:
        return handover.open_form(invocation, context, asked[0])
    handed = context.services.handovers.hand_over(asked[0], meant[1] or meant[2])
    return say(handed_words(handed))


COMMAND = Command(
    name="handover",
    usage=USAGE,
    who=Who.OWNER,
    task=Task.JOBS,
    summary="Give a job of yours, or what you serve, into another person's care",
    details=(
        "For whoever has it, or the operator. The other one must be a trainer who sees its channel. They are told of "
        "it from then on, may end it, and own the model that comes of it; both of you are told. What was agreed to "
        "goes on counting for whoever agreed to it. NAME is a job's or a model's."
    ),
    example="/tune handover claims-router to @maria",
    run=run,
)
