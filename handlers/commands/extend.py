"""``/tune extend``: shows what longer costs, with the button that does it."""

from bot.errors import NotFound, Refused
from bot.leases.cards import LeaseView
from bot.wording import quoted
from handlers.arguments import minutes, nearest, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import model_called
from handlers.picker import which_lease, which_of_one_name

USAGE = "/tune extend MODEL 1h"


def read(text: str) -> tuple[str, int]:
    """Return the model's name and by how many minutes.

    Raises:
        Refused: one of them is missing or cannot be read.
    """
    asked = words(text)
    rest = [each for each in asked[1:] if each.lower() not in {"by", "for"}]
    if not asked or not rest:
        raise Refused("Which model, and by how long?", hint=f"Write it as {quoted(USAGE)}.")
    return asked[0], minutes(" ".join(rest))


def live_leases(context: CommandContext, model: str) -> list[LeaseView]:
    """Return the running leases that are called so, or the one of that ID: several, where one was adopted.

    Raises:
        NotFound: none is; the hint names the nearest that is.
        Refused: it is deployed, and nothing ends that is to be moved.
    """
    if found := context.services.leases.called(model):
        return found
    if deployed := context.services.deployments.running(model):
        raise Refused(
            f"{quoted(deployed.model_name)} is deployed: it costs nothing while idle, and stays until somebody "
            "removes it, so there is no end to move.",
            hint="Ask it with `/ask`.",
        )
    live = context.services.leases.live()
    meant = nearest(model, [view.model_name for view in live])
    hint = f"Did you mean {quoted(meant)}?" if meant else f"{quoted(f'/tune serve {model}')} wakes it."
    raise NotFound(f"{quoted(model)} has no lease that is running.", hint=hint)


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show the price of the longer lease, with the button that extends it."""
    if not invocation.text.strip():
        return which_lease(context, "extend {} 1h", USAGE, deployed=False)
    model, more = read(invocation.text)
    view, *others = live_leases(context, model_called(context, model))
    if others:
        return which_of_one_name(f"extend {{}} {more}m", [view, *others])
    return show(context.services.extensions.offer(view.id, more))


COMMAND = Command(
    name="extend",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.MODELS,
    summary="Make a running lease longer; the price comes first",
    details=(
        "Durations are written as `90m`, `2h` or `1h30m`. It is decided anew, on the whole sum: what is then over the "
        "limit needs an approver, who is asked by a button."
    ),
    example="/tune extend claims-router 1h",
    run=run,
)
