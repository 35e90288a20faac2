"""``/tune dataset``."""

from bot.datasets.cards import DatasetList
from handlers.core import Command, Front, Invocation, Reply, Who, show
from handlers.grammar import expect, words
from handlers.lookup import find

USAGE = "/tune dataset NAME"


def run(invocation: Invocation, front: Front) -> Reply:
    """Show one dataset."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    return show(DatasetList((find(front, asked[0]),)))


COMMAND = Command(
    name="dataset",
    usage=USAGE,
    who=Who.TRAINER,
    summary="One dataset: verdict, statistics, digest, where it is stored",
    details="NAME is the file's name without its ending, or the version's ID, as `/tune datasets` shows both.",
    example="/tune dataset claims",
    run=run,
)
