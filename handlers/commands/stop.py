"""``/tune stop``: asks first, and says what is billed all the same."""

from bot.errors import Refused
from bot.following.model import Message
from handlers.core import Command, Front, Invocation, Reply, Say, Who
from handlers.grammar import expect, words
from handlers.ui.blocks import actions, section
from handlers.ui.cards.jobs import stop_button
from handlers.ui.text import code, sentence

USAGE = "/tune stop JOB"


def run(invocation: Invocation, front: Front) -> Reply:
    """Show what stopping means, with the button that does it."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    view = front.services.jobs.find(asked[0])
    press = stop_button(view)
    if press is None:
        raise Refused(
            f"`{view.name}` is {view.phase.value}.", hint="Only a job that is under way can be stopped."
        )
    cost = f" Cost so far: {sentence(view.cost, 200)}." if view.cost else ""
    said = (
        f"{code(view.name)} is {view.phase.value}.{cost} Stopping it keeps the dataset, makes no model, "
        "and what has been trained is billed all the same."
    )
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


COMMAND = Command(
    name="stop",
    usage=USAGE,
    who=Who.TRAINER,
    summary="Stop a job, after asking",
    details="What has been trained until then is billed; no model comes out of it. The dataset stays.",
    example="/tune stop claims-router-ft",
    run=run,
)
