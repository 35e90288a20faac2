"""``/tune compare``: what one version of a dataset has that another has not."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import find
from handlers.picker import typed, which_dataset

USAGE = "/tune compare BEFORE AFTER"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have two versions compared; the result comes as a message of its own."""
    asked = [each for each in words(invocation.text) if each.lower() not in ("vs", "vs.")]
    if not asked:
        return which_dataset(context, "compare {}", USAGE)
    if len(asked) == 1:
        return which_dataset(context, f"compare {typed(asked[0])} {{}}", USAGE, but=find(context, asked[0]))
    expect(asked, 2, USAGE)
    return compared(invocation, context, *asked)


def compared(invocation: Invocation, context: CommandContext, before: str, after: str) -> Reply:
    """Have the versions of these names or IDs compared.

    Raises:
        NotFound: there is no such dataset.
        Refused: they are one and the same.
    """
    context.services.derivations.compare(
        find(context, before),
        find(context, after),
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        user=invocation.user,
        asked_in=invocation.request,
    )
    return say("I am comparing them; what differs follows here.")


COMMAND = Command(
    name="compare",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="What was added, removed and changed between two versions of a dataset",
    details=(
        "Each is a name or a version's ID, as `/tune dataset NAME` lists them; the earlier one comes first. "
        "Secrets and personal data in the examples are masked."
    ),
    example="/tune compare claims claims.repaired",
    run=run,
)
