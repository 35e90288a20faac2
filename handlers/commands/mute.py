"""``/tune mute``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import job_called
from handlers.picker import which_job
from handlers.ui.text import code

USAGE = "/tune mute JOB"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the job ping the person no longer."""
    asked = words(invocation.text)
    if not asked:
        return which_job(context, "mute {}", USAGE)
    expect(asked, 1, USAGE)
    view = context.services.followers.mute(job_called(context, asked[0]), invocation.user)
    return say(
        f"{code(view.name)} no longer pings you. The channel is still told how it ends; "
        f"`/tune follow {view.id}` has you told directly again."
    )


COMMAND = Command(
    name="mute",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.JOBS,
    summary="Stop a job from pinging you",
    details="Its messages go on in the channel; none of them mentions you when it ends, or is sent to you directly.",
    example="/tune mute claims-router-ft",
    run=run,
)
