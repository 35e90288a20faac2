"""``/tune sweep``: one job several times, with one hyperparameter varied; one price, one approval."""

from bot.errors import NotFound, Refused
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Nothing, Reply, Task, Who
from handlers.lookup import job_called
from handlers.picker import which_source
from handlers.views.sweep import open_form

USAGE = "/tune sweep DATASET|JOB [NAME=VALUE,VALUE …]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the sweep looked at, priced and shown."""
    asked = [each for each in words(invocation.text) if each.lower() not in {"over", "with"}]
    if not asked:
        return which_source(context, "sweep {}", USAGE)
    expect(asked, 50, USAGE)
    if len(asked) == 1:
        return _form(invocation, context, asked[0])
    # A space after a comma makes two words of one list.
    name, equals, listed = " ".join(asked[1:]).partition("=")
    values = [each.strip() for each in listed.replace(" ", ",").split(",") if each.strip()]
    if not (equals and name.strip() and values):
        raise Refused(
            "I cannot read what to vary.",
            hint=f"Write it as {quoted(USAGE)}, for instance `epochs=2,4,6`.",
        )
    context.services.sweeps.propose(
        source=_source(context, asked[0]),
        hyperparameter=name.strip(),
        values=values,
        owner=invocation.user,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
    )
    return Nothing()  # the plan is the answer


def _form(invocation: Invocation, context: CommandContext, called: str) -> Reply:
    if not invocation.trigger_id:
        raise Refused(
            "What is to be varied?", hint=f"Write it as {quoted(USAGE)}, for instance `epochs=2,4,6`."
        )
    return open_form(invocation, context, _source(context, called), called)


def _source(context: CommandContext, said: str) -> str:
    """Return what is varied, as the service knows it: a dataset's name, or a job's ID."""
    if context.services.datasets.find(said) is not None:
        return said
    try:
        return job_called(context, said)
    except NotFound:
        return said  # the service says what is near


COMMAND = Command(
    name="sweep",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.JOBS,
    summary="Plan one job several times, with one hyperparameter varied",
    details="A form asks for what is missing. One price for all; what is over the account's quota waits its turn.",
    example="/tune sweep claims epochs=2,4,6",
    run=run,
)
