"""``/tune stop``: asks first, and says what is billed all the same."""

from bot.controller.model import Message
from bot.distillations.cards import DistillationView
from bot.errors import Refused
from bot.jobs.cards import JobView
from bot.jobs.model import Phase, StageState
from bot.jobs.phases import TRAINING
from bot.spending import undo
from bot.wording import quoted
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, undoable
from handlers.lookup import distillation, job_called
from handlers.picker import which_job
from handlers.ui.blocks import Element, actions, section
from handlers.ui.cards import distillations
from handlers.ui.cards.jobs import stop_button
from handlers.ui.parts.plans import with_keep
from handlers.ui.text import code, person, sentence

USAGE = "/tune stop JOB"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show what stopping means, with the button that does it."""
    asked = words(invocation.text)
    if not asked:
        return which_job(context, "stop {}", USAGE)
    expect(asked, 1, USAGE)
    answering = distillation(context, asked[0])
    if answering is not None:
        context.services.access.check_ending(invocation.user, answering.owner, answering.channel)
        return _ask(answering, context)
    view = context.services.jobs.find(job_called(context, asked[0]))
    context.services.access.check_ending(invocation.user, view.owner, view.channel)
    press = stop_button(view)
    if press is None:
        raise Refused(
            f"{quoted(view.name)} is {view.phase.value}.", hint="Only a job that is under way can be stopped."
        )
    if view.is_undoable:
        return _already(context, view, press)
    said = f"{code(view.name)} is {view.phase.value}. Stopping it keeps the dataset and makes no model. {_billed(view)}"
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


def _ask(view: DistillationView, context: CommandContext) -> Reply:
    press = distillations.stop_button(view)
    if press is None:
        raise Refused(
            f"{quoted(view.name)} is {view.phase.value}.", hint="Only what is under way can be stopped."
        )
    if view.is_undoable:
        return _already(context, view, press)
    said = (
        f"{code(view.name)} is {view.phase.value}. What is answered until Bedrock stops it is billed all the same, "
        "and is kept as a dataset."
    )
    return Say(Message(text=said, blocks=[section(said), *actions(press)]))


def _already(context: CommandContext, view: JobView | DistillationView, keep: Element) -> Reply:
    """Return that somebody had it stopped just now, which can still be taken back."""
    by = person(view.stopped_by or "")
    said = f"Stopping {code(view.name)} within {undo.SECONDS:.0f} s: {by} asked to stop it already."
    return undoable(with_keep(said, keep, context.links.thread(view.channel, view.thread_ts)))


def _billed(view: JobView) -> str:
    """Return what is billed all the same: Bedrock bills tokens that were trained, and nothing before."""
    if view.phase is Phase.STARTING:
        return "It has not begun at Bedrock, so nothing is billed."
    training = next((each.state for each in view.stages if each.name == TRAINING), StageState.NOT_STARTED)
    if view.phase is not Phase.TRAINING and training is StageState.NOT_STARTED:
        return "Nothing has been trained yet: if it stops before that, nothing is billed."
    share = f": of the whole training, {sentence(view.cost, 200)}" if view.cost else ""
    return f"What has been trained until Bedrock stops it is billed all the same{share}."


COMMAND = Command(
    name="stop",
    usage=USAGE,
    who=Who.ENDER,
    task=Task.JOBS,
    summary="Stop a job, after asking",
    details="What has been trained until then is billed; no model comes out of it. The dataset stays.",
    example="/tune stop claims-router-ft",
    run=run,
)
