"""``/tune delete``: a model is deleted at Bedrock, after a look at what hangs on it."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.picker import which_model_of_theirs

USAGE = "/tune delete MODEL"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show what hangs on the model, and ask. Nothing is deleted by this."""
    asked = words(invocation.text)
    if not asked:
        return which_model_of_theirs(context, "delete {}", USAGE)
    expect(asked, 1, USAGE)
    return show(context.services.deletions.question(asked[0]))


COMMAND = Command(
    name="delete",
    usage=USAGE,
    who=Who.OWNER,
    task=Task.MODELS,
    summary="Delete a tuned model for good, which ends what it costs; I ask first",
    details=(
        "For whoever owns it, or the operator. I show what hangs on it before anything happens: while somebody has it "
        "in service, or a job trains it further, it stays. Its job, its dataset and its answers so far are kept."
    ),
    example="/tune delete claims-router",
    run=run,
)
