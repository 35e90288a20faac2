"""``/tune start``: opens the form; the plan with its price comes after it."""

from handlers.core import Command, Front, Invocation, Reply, Who
from handlers.grammar import expect, words
from handlers.views.start import open_form

USAGE = "/tune start [DATASET]"


def run(invocation: Invocation, front: Front) -> Reply:
    """Open the form, filled from the dataset."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    return open_form(invocation, front, asked[0] if asked else None)


COMMAND = Command(
    name="start",
    usage=USAGE,
    who=Who.TRAINER,
    summary="Plan a fine-tuning job; the price comes before anything is spent",
    details="Opens a form filled from the dataset: the newest that is ready when none is named.",
    example="/tune start claims",
    run=run,
)
