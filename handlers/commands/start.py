"""``/tune start``: opens the form; the plan with its price comes after it."""

from bot.errors import Refused
from handlers.arguments import base_model, expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who
from handlers.views.start import open_form

USAGE = "/tune start [DATASET] [for BASE]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Open the form, filled from the dataset."""
    asked = words(invocation.text)
    place = next((place for place, word in enumerate(asked) if word.lower() == "for"), len(asked))
    named, base = asked[:place], asked[place + 1 :]
    expect(named, 1, USAGE)
    if place < len(asked) and not base:
        raise Refused("For which base model?", hint="Write for instance `for nova-lite`.")
    profile = base_model(" ".join(base)) if base else None
    return open_form(invocation, context, named[0] if named else None, profile)


COMMAND = Command(
    name="start",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.JOBS,
    summary="Plan a fine-tuning job; the price comes before anything is spent",
    details=(
        "Opens a form filled from the dataset: the newest that is ready when none is named. The base model is the one "
        "that the dataset was checked for, unless you name another."
    ),
    example="/tune start claims",
    run=run,
)
