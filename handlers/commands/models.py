"""``/tune models``."""

from dataclasses import replace

from handlers.arguments import expect, unknown, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import models_with_links

USAGE = "/tune models [elsewhere]"
_ELSEWHERE = "elsewhere"
_LOOKING = "I am looking in AWS now: ask again in a moment for what is new."


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show every tuned model, or what runs in the account beside our own."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    if asked and asked[0].lower() != _ELSEWHERE:
        raise unknown("list of models", asked[0], [_ELSEWHERE], usage="For one model: `/tune model MODEL`.")
    if asked:
        found = context.services.strays.found()
        return show(replace(found, note=_LOOKING if context.services.strays.look() else ""))
    return show(models_with_links(context, context.services.serving.models()))


COMMAND = Command(
    name="models",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MODELS,
    summary="Tuned models, and which of them are in service",
    details="A sleeping model costs its storage only; `/tune serve MODEL` wakes it for a while. "
    "`elsewhere`, for the operator and the approvers, lists throughput and deployments that run in the AWS account and "
    "are none of mine, with their age and cost, and buttons that adopt or delete them.",
    example="/tune models",
    run=run,
)
