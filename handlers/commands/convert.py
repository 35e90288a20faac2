"""``/tune convert``: a dataset in the format of another base model."""

from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import base_model, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import find
from handlers.picker import typed, which_base, which_dataset
from handlers.ui.cards.datasets import label_of

USAGE = "/tune convert NAME for BASE"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the dataset converted; the copy and its verdict come as messages of their own."""
    asked = words(invocation.text)
    if not asked:
        return which_dataset(context, "convert {}", USAGE)
    name, *rest = asked
    if not rest:
        return which_base(f"convert {typed(find(context, name).name)} for {{}}", USAGE)
    if len(rest) < 2 or rest[0].lower() not in ("for", "to"):
        raise Refused("Which dataset, and for which base model?", hint=f"Write it as {quoted(USAGE)}.")
    profile = base_model(" ".join(rest[1:]))
    context.services.derivations.convert(
        find(context, name),
        profile,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        user=invocation.user,
        asked_in=invocation.request,
    )
    return say(f"I am converting it for {label_of(profile)}; the copy and its verdict follow here.")


COMMAND = Command(
    name="convert",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="Convert a dataset for another base model, and check it for that one",
    details="NAME is a dataset's name or ID. The original stays as it is; the copy is a dataset of its own.",
    example="/tune convert claims for nova-lite",
    run=run,
)
