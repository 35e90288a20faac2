"""``/tune sweep``: one job several times, with one hyperparameter varied; one price, one approval."""

from bot.errors import NotFound, Refused
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import job_called
from handlers.ui.text import code

USAGE = "/tune sweep DATASET|JOB NAME=VALUE,VALUE …"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Have the sweep looked at, priced and shown."""
    asked = [each for each in words(invocation.text) if each.lower() not in {"over", "with"}]
    expect(asked, 50, USAGE, at_least=2)
    # A space after a comma makes two words of one list.
    name, equals, listed = " ".join(asked[1:]).partition("=")
    values = [each.strip() for each in listed.replace(" ", ",").split(",") if each.strip()]
    if not (equals and name.strip() and values) or " " in name.strip():
        raise Refused(
            "I cannot read what to vary.",
            hint=f"Write it as {quoted(USAGE)}, for instance `epochCount=2,4,6`.",
        )
    front.services.sweeps.propose(
        source=_source(front, asked[0]),
        hyperparameter=name.strip(),
        values=values,
        owner=invocation.user,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
    )
    return say(
        f"The plan of a job for each value of {code(name.strip())} follows here, with the price of all that start. "
        "Nothing is spent before you press *Start all*."
    )


def _source(front: CommandContext, said: str) -> str:
    """Return what is varied, as the service knows it: a dataset's name, or a job's ID."""
    if front.services.datasets.find(said) is not None:
        return said
    try:
        return job_called(front, said)
    except NotFound:
        return said  # the service says what is near


COMMAND = Command(
    name="sweep",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.JOBS,
    summary="Plan one job several times, with one hyperparameter varied",
    details="One price and one approval for all; what is over the account's quota waits its turn.",
    example="/tune sweep claims epochCount=2,4,6",
    run=run,
)
