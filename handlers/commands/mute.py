"""``/tune mute``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Who, say
from handlers.ui.text import code

USAGE = "/tune mute JOB"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Have the person pinged by the job no more."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    view = front.services.followers.mute(asked[0], invocation.user)
    return say(
        f"{code(view.name)} pings you no more. The channel is still told how it ends; "
        f"`/tune follow {view.id}` has you told directly again."
    )


COMMAND = Command(
    name="mute",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    summary="Be pinged by a job no more",
    details="Its messages go on in the channel; none of them mentions you when it ends, or is sent to you directly.",
    example="/tune mute claims-router-ft",
    run=run,
)
