"""``/tune serve``: plans a lease; nothing is spent before the plan is confirmed."""

from bot.clock import duration_of_minutes
from bot.errors import Refused
from bot.wording import quoted
from handlers.arguments import minutes, words
from handlers.core import Command, CommandContext, Invocation, Nothing, Reply, Task, Who, say
from handlers.lookup import model_called
from handlers.picker import which_model
from handlers.ui.text import channel, code

USAGE = "/tune serve MODEL [for 2h]"
DEFAULT_MINUTES = 60


def read(text: str) -> tuple[str, int]:
    """Return the model's name and the minutes that were asked for.

    Raises:
        Refused: no model, or a duration that cannot be read.
    """
    asked = words(text)
    if not asked:
        raise Refused("Which model?", hint=f"Write it as {quoted(USAGE)}; `/tune models` shows their names.")
    model, *rest = asked
    if rest and rest[0].lower() == "for":
        rest = rest[1:]
        if not rest:
            raise Refused("For how long?", hint=f"Write it as {quoted(USAGE)}.")
    return model, minutes(" ".join(rest)) if rest else DEFAULT_MINUTES


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Propose the lease; its card, with the price, comes as a message of its own."""
    if not invocation.text.strip():
        return which_model(front, "serve {}", USAGE)
    model, length = read(invocation.text)
    return propose(invocation, front, model_called(front, model), length)


def propose(invocation: Invocation, front: CommandContext, model: str, length: int) -> Reply:
    """Plan a lease of ``length`` minutes: its card is the answer, from the App Home where the model is from."""
    place = invocation.channel or home_of(front, model)
    if not place:
        raise Refused("A lease needs a channel to report to.", hint=f"Type {quoted(USAGE)} in one.")
    leases = front.services.leases
    plan = leases.plan(
        model=model,
        minutes=length,
        owner=invocation.user,
        channel=place,
        request=invocation.request,
    )
    leases.propose(plan, thread_ts=invocation.thread_ts)
    if invocation.channel:
        return Nothing()
    length_in_words = duration_of_minutes(length)
    return say(f"The price of {length_in_words} of {code(plan.model_name)} stands in {channel(place)}.")


def home_of(front: CommandContext, model: str) -> str:
    """Return the conversation that a model came from; empty where nobody sees such a model."""
    found = front.services.directory.model(model)
    return found.channel if found else ""


COMMAND = Command(
    name="serve",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.MODELS,
    summary="Wake a model for a while; the price comes first",
    details=(
        "Durations are written as `90m`, `2h` or `1h30m`; an hour when none is given. The price is what can be billed "
        "at most: AWS bills the start-up too, and begun hours are counted whole. The lease is released at its end by "
        "itself, and the release is read back from AWS before it is announced."
    ),
    example="/tune serve claims-router for 2h",
    run=run,
)
