"""``/tune again``: an earlier job once more, with other hyperparameters or in the form."""

import re

from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Nothing, Reply, Task, Who
from handlers.lookup import job_called
from handlers.picker import which_job
from handlers.views.start import open_again

USAGE = "/tune again JOB [NAME=VALUE …]"
_EPOCHS = re.compile(r"(?:with\s+)?(?<!\d)(\d+)\s+epochs?$", re.IGNORECASE)


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Plan the job again; without a change, open the form filled with its values."""
    asked = words(invocation.text)
    if not asked:
        return which_job(context, "again {}", USAGE)
    expect(asked, 50, USAGE)
    changes = pairs(asked[1:])
    job = job_called(context, asked[0])
    if not changes:
        return open_again(invocation, context, job, None)
    jobs = context.services.jobs
    jobs.propose_drafted(
        lambda: jobs.repeat(job, changes, owner=invocation.user, channel=invocation.channel),
        thread_ts=invocation.thread_ts,
    )
    return Nothing()  # the plan is the answer


def pairs(asked: list[str]) -> dict[str, str]:
    """Return ``epochs=6 batchSize=16`` as names and values; ``with 6 epochs`` is understood too.

    Raises:
        Refused: a word is no such pair.
    """
    epochs = _EPOCHS.fullmatch(" ".join(asked))
    if epochs:
        return {"epochCount": epochs[1]}
    found: dict[str, str] = {}
    for word in (each for each in asked if each.lower() not in {"with", "and"}):
        name, equals, text = word.strip(",").partition("=")
        if not (name and equals and text):
            raise Refused(
                f"I cannot read {quoted(word)} as a change.",
                hint=f"Write it as `epochs=6`: {quoted(USAGE)}.",
            )
        if name.lower() in (each.lower() for each in found):
            raise Refused(f"{quoted(name)} is there twice.", hint="Give each hyperparameter one value.")
        found[name] = text
    return found


COMMAND = Command(
    name="again",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.JOBS,
    summary="Plan an earlier job again, with other hyperparameters",
    details="Same data, same base, a free name. Without a change, the form opens with the job's values.",
    example="/tune again claims-router-ft with epochs=6",
    run=run,
)
