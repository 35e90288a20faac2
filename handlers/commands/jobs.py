"""``/tune jobs``."""

from dataclasses import replace
from typing import Literal

from bot.jobs.cards import JobList
from handlers.arguments import expect, unknown, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.lookup import running, with_links
from handlers.ui.cards.jobs import job_list
from handlers.ui.parts.running import Running

_LOOKING = "I am looking in AWS for jobs that were made elsewhere: ask again in a moment for what is new."

Which = Literal["mine", "all", "running"]
CHOICES: dict[str, Which] = {"mine": "mine", "my": "mine", "all": "all", "running": "running"}
USAGE = "/tune jobs [mine|all|running]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show the jobs that were asked for."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    word = asked[0].lower() if asked else "mine"
    if word not in CHOICES:
        raise unknown(
            "list of jobs", word, ["mine", "all", "running"], usage="For one job: `/tune status JOB`."
        )
    runs = running(context)
    listed = _listed(CHOICES[word], runs, invocation, context)
    beside = runs.of(invocation.user) if listed.filter == "mine" else runs
    unmanaged = context.services.unmanaged
    if listed.filter != "all" or not unmanaged.is_shown:
        return Say(job_list(listed, beside))
    others = unmanaged.elsewhere()
    unmanaged.look()
    return Say(job_list(replace(listed, elsewhere=tuple(others), note=_LOOKING), beside))


def _listed(which: Which, runs: Running, invocation: Invocation, context: CommandContext) -> JobList:
    if which == "running":
        return JobList(tuple(runs.jobs), which)
    return with_links(context, context.services.jobs.list(which, invocation.user))


COMMAND = Command(
    name="jobs",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.JOBS,
    summary="Fine-tuning jobs with their state, time and cost",
    details="`mine` (the default) are yours, `running` everybody's that are not done, `all` is every one; "
    "distillations that run and models in service are listed with them. The "
    "operator, trainers and approvers also see those that were made elsewhere in the account, with a button that "
    "follows them.",
    example="/tune jobs running",
    run=run,
)
