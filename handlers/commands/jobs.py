"""``/tune jobs``."""

from typing import Literal

from handlers.core import Command, Front, Invocation, Reply, Who, show
from handlers.grammar import expect, unknown, words

Which = Literal["mine", "all", "running"]
CHOICES: dict[str, Which] = {"mine": "mine", "my": "mine", "all": "all", "running": "running"}
USAGE = "/tune jobs [mine|all|running]"


def run(invocation: Invocation, front: Front) -> Reply:
    """Show the jobs that were asked for."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    word = asked[0].lower() if asked else "mine"
    if word not in CHOICES:
        raise unknown(
            "list of jobs", word, ["mine", "all", "running"], usage="For one job: `/tune status JOB`."
        )
    return show(front.services.jobs.list(CHOICES[word], invocation.user))


COMMAND = Command(
    name="jobs",
    usage=USAGE,
    who=Who.TRAINER,
    summary="Fine-tuning jobs with their state, time and cost",
    details="`mine` (the default) are yours, `running` everybody's that are not done, `all` is every one.",
    example="/tune jobs running",
    run=run,
)
