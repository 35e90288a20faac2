"""``/tune datasets``."""

from bot.datasets.versions.cards import VersionList
from handlers.core import Command, Front, Invocation, Reply, Who, show
from handlers.grammar import expect, words
from handlers.lookup import newest

USAGE = "/tune datasets"


def run(invocation: Invocation, front: Front) -> Reply:
    """Show the stored datasets, newest first."""
    expect(words(invocation.text), 0, USAGE)
    return show(VersionList(tuple(newest(front))))


COMMAND = Command(
    name="datasets",
    usage=USAGE,
    who=Who.TRAINER,
    summary="Stored datasets: verdicts, who sent them, what they were made from",
    details="Each version is kept under the digest of its content; the newest answers to the name.",
    example="/tune datasets",
    run=run,
)
