"""Running jobs."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.clock import duration
from bot.controller.model import Message
from bot.jobs.cards import (
    JobCard,
    JobHandedOver,
    JobList,
    JobMilestone,
    JobsStalled,
    JobStalled,
    JobView,
    PictureNotShown,
)
from bot.jobs.model import Phase, Stage, StageState
from bot.jobs.transitions import RUNNING
from bot.pricing.money import UNKNOWN
from bot.profiles.hyperparameters import label_of as label_of_setting
from bot.spending.cards import CannotStop, Declined, StopAsked
from bot.wording import Person, wording
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    option,
    section,
    select,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.distillations import distillation_line, distillation_lines
from handlers.ui.cards.schedules import schedule_state
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.parts.plans import (
    asked_to_stop,
    declined_words,
    happened,
    in_a_moment,
    in_others_care,
    keep_button,
)
from handlers.ui.parts.running import Running
from handlers.ui.parts.settled import TOLD_ANEW, TOLD_IN_THREAD
from handlers.ui.parts.stalls import many_stalled, stalled
from handlers.ui.text import clock_time, code, count, person, plain, sentence, thread_link

FACE_JOBS, SHOWN_JOBS = 3, 30
"""In a list: on its face, and behind it."""
SHOWN_ELSEWHERE = 30
NAMED = 4
"""Models in service, in the line beside the jobs."""
_NOTHING = Running()
KEEP = "job.keep"
"""The action of the button that takes a *Stop* back; its value is the job."""
TOLD_ENDS = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.STOPPED, Phase.REFUSED})
"""Those that a message of its own tells, with what came of it and what is next."""
STOPPABLE = frozenset({Phase.STARTING, Phase.VALIDATING, Phase.PROCESSING, Phase.TRAINING})

_PHASE_MARKS = {
    Phase.PLANNED: ":memo:",
    Phase.AWAITING_APPROVAL: ":hourglass:",
    Phase.DECLINED: ":no_entry:",
    Phase.CANCELLED: ":black_square_for_stop:",
    Phase.REFUSED: ":no_entry:",
    Phase.STOPPING: ":hourglass:",
    Phase.COMPLETED: ":white_check_mark:",
    Phase.FAILED: ":no_entry:",
    Phase.STOPPED: ":black_square_for_stop:",
}
_STAGE_OVER = frozenset({StageState.COMPLETED, StageState.FAILED, StageState.STOPPED})
_STAGE_MARKS = {
    StageState.NOT_STARTED: ":white_circle:",
    StageState.IN_PROGRESS: ":radio_button:",
    StageState.COMPLETED: ":white_check_mark:",
    StageState.STOPPING: ":hourglass:",
    StageState.STOPPED: ":black_square_for_stop:",
    StageState.FAILED: ":no_entry:",
}


def mark_of(phase: Phase) -> str:
    """Return the sign before a job in that phase."""
    return _PHASE_MARKS.get(phase, ":radio_button:")


def job_card(card: JobCard) -> Message:
    """Draw a job as its one message shows it from its start on."""
    view = card.view
    head = f"{mark_of(view.phase)} *{code(view.name, 63)}* · {view.phase.value}"
    points = card.is_live and view.phase in TOLD_ENDS
    face = [
        section(head if points else f"{head}\n{_bar(view)}"),
        *([] if is_over(view) else _stages(view)),
        *(
            [context(TOLD_IN_THREAD if view.is_of_sweep else TOLD_ANEW)]
            if points
            else [section(gist(view)), *explanation(view)]
        ),
        context(_whose(view), *([] if points else _seen(view)), *_thread(view)),
    ]
    details = [
        *_stages(view),
        *fields(constants(view)),
        *settings(view),
        context(f"job {code(view.id)}"),
    ]
    text = sentence(f"{view.name}: {view.phase.value}")
    return folded(text, face, details, stop_button(view), None if points else raw_button(view))


def _whose(view: JobView) -> str:
    """Say who has it, and of others who started, approved or stopped it."""
    said = [f"by {person(view.owner)}"]
    said += [f"started by {person(view.started_by)}"] if view.started_by not in ("", view.owner) else []
    said += [f"approved by {person(view.approved_by)}"] if view.approved_by else []
    said += [f"{person(view.stopped_by)} asked to stop"] if view.stopped_by else []
    said += [in_a_moment("stopping")] if view.is_undoable else []
    return ", ".join(said)


def is_over(view: JobView) -> bool:
    """Return whether nothing is trained any more."""
    return view.phase in {Phase.COMPLETED, Phase.FAILED, Phase.STOPPED}


def gist(view: JobView, cost: str = "") -> str:
    """Return what changes while it runs, in three lines; ``cost`` replaces the estimate once more is known."""
    elapsed = f"Took {duration(view.elapsed)}" if is_over(view) and view.elapsed is not None else ""
    if not elapsed:
        elapsed = f"Runs for {duration(view.elapsed)}" if view.elapsed is not None else "Not started"
    paid = cost or view.cost
    left = [f"Left: {_left(view)}"] if view.phase in RUNNING else []
    known = [("training loss", view.training_loss), ("validation loss", view.validation_loss)]
    losses = " · ".join(f"{label} {loss:.4g}" for label, loss in known if loss is not None)
    lines = [f"{elapsed} · {sentence(paid, 200) if paid else UNKNOWN}", *left]
    return "\n".join([*lines, *([losses[:1].upper() + losses[1:]] if losses else [])])


def constants(view: JobView) -> list[tuple[str, str]]:
    """Return what a job is made of: it stays the same from its plan to its end."""
    return [
        ("Model name", code(view.model_name)),
        ("Base", plain(label_of(view.base))),
        ("Dataset", code(view.dataset)),
    ]


def settings(view: JobView) -> list[Block]:
    """Return the hyperparameters that it was started with, if they are known."""
    lines = [
        f"{plain(label_of_setting(name), 60)}: {plain(value, 60)}" for name, value in view.hyperparameters
    ]
    return [section("\n".join(["*Hyperparameters*", *lines]))] if lines else []


def _bar(view: JobView) -> str:
    done = sum(1 for each in view.stages if each.state is StageState.COMPLETED)
    total = len(view.stages)
    if not total:
        return f"Makes {code(view.model_name)} from {plain(label_of(view.base))}."
    half = any(each.state is StageState.IN_PROGRESS for each in view.stages)
    filled = round(12 * (done + 0.5 * half) / total)
    return f"`{'█' * filled}{'░' * (12 - filled)}` {done} of {count(total, 'stage')} done"


def _stages(view: JobView) -> list[Block]:
    return (
        [section("\n".join(_stage(each, view.seen_at) for each in view.stages[:10]))] if view.stages else []
    )


def _stage(stage: Stage, seen_at: datetime | None) -> str:
    # Bedrock's times are not shown, but how far they are apart: its clock is not the reader's.
    times = ""
    if stage.started and stage.changed and stage.state in _STAGE_OVER:
        times = f" · took {duration(stage.changed - stage.started)}"
    elif stage.started and seen_at and stage.state not in {*_STAGE_OVER, StageState.NOT_STARTED}:
        times = f" · for {duration(seen_at - stage.started)}"
    return f"{_STAGE_MARKS[stage.state]} {plain(stage.name, 60)}{times}"


def _left(view: JobView) -> str:
    left = view.left
    if left is None:
        return "no estimate yet"
    if not left.most:
        return f"longer than most of {count(left.jobs, 'earlier job')}"
    least, most = duration(left.least), duration(left.most)
    within = most if least == most else f"{least} to {most}"
    return f"{within}, going by {count(left.jobs, 'earlier job')}"


def explanation(view: JobView) -> list[Block]:
    """Return what went wrong, what mends it, and who can act. The raw text is behind :func:`raw_button`."""
    said = [sentence(view.explanation)] if view.explanation else []
    said += [f"→ {sentence(view.mend)}"] if view.mend else []
    blocks = [section("\n".join(said))] if said else []
    if view.who:
        blocks.append(context(f"Who can act: {sentence(view.who, 200)}."))
    return blocks


def raw_button(view: JobView) -> Element | None:
    """Return the button that shows Bedrock's own words, when there are any."""
    return button("What Bedrock said", "job.raw", view.id) if view.raw_failure else None


def _seen(view: JobView) -> list[str]:
    return [f"as of {clock_time(view.as_of)}"] if view.as_of else []


def _thread(view: JobView) -> list[str]:
    return [shown] if (shown := thread_link(view.link)) else []


def stop_button(view: JobView) -> Element | None:
    """Return the button that stops a job, while it can be stopped, for who may; or the one that takes that back."""
    if view.phase not in STOPPABLE or not view.may_end:
        return None
    if view.is_undoable:
        return keep_button(KEEP, view.id)
    if view.stopped_by:
        return None
    ask = confirm(
        "Stop this job?",
        f"{person(view.owner)} has {code(view.name, 63)} running, and is told who stops it. What has been "
        "trained so far is lost, and is billed all the same. The dataset stays.",
        "Stop it",
        "Keep going",
    )
    return button("Stop", "job.stop", view.id, style="danger", confirm=ask)


def job_milestone(card: JobMilestone) -> Message:
    """Draw a short reply in the job's thread; in a sweep's, where others are told of as well, it names the job."""
    of_which = f"{code(card.view.name)}: " if card.view.is_of_sweep else ""
    said = of_which + sentence(milestone_words(card))
    return Message(text=said, blocks=[section(said)])


def milestone_words(card: JobMilestone) -> str:
    """Return what happened, in words."""
    owner = card.view.owner
    match card.event:
        case PictureNotShown(why):
            return wording("I could not share the picture of the losses. ", why)
        case StopAsked(by):
            return asked_to_stop(owner, by, "Tokens that are trained by then are billed.")
        case CannotStop(by, why):
            return wording(
                Person(by), " I can't stop this job, so it runs on and is billed: ", why, " I go on trying."
            )
        case Declined() as no:
            return declined_words(owner, no)
        case event:
            return happened(event, owner, card.view.name)


def job_stalled(card: JobStalled) -> Message:
    """Draw a stage of a job that does not move."""
    view = card.view
    billed = "Nothing is billed before training begins."
    if card.trains:
        billed = "Training has begun, so what is trained is billed."
    wait, words = button("Keep waiting", "job.wait", view.id), ("earlier jobs on this base", billed)
    return stalled(view.owner, card.stall, words, card.settled, wait, stop_button(view))


def jobs_stalled(card: JobsStalled) -> Message:
    """Draw jobs that stopped moving in the same minutes."""
    return many_stalled(card.owner, card.names)


_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _in_words(status: str) -> str:
    """Return Bedrock's word for a state as words: ``InProgress`` is *in progress*."""
    return _HUMP.sub(" ", status).lower()


_NO_JOBS = {
    "running": "No job is running. `/tune jobs all` shows those that are over; `/tune start` plans one.",
    "mine": "You have no job yet. `/tune jobs all` shows everybody's; `/tune start` plans one.",
    "all": "There is no job yet. `/tune start` plans one.",
}
"""What is said where a list is empty, by what was asked for."""


def job_list(card: JobList, beside: Running = _NOTHING) -> Message:
    """Draw jobs; ``beside`` are the distillations that run, which go first, and the leases, which are named alone."""
    answering, in_service = beside.distillations, _in_service(beside)
    if not (card.views or card.elsewhere or answering):
        said = _NO_JOBS.get(card.filter, "No jobs here. `/tune start` plans one.")
        return Message(text=said, blocks=[section(said), *in_service, *_elsewhere(card)])
    on_face, _ = first(answering, FACE_JOBS)
    shown = card.views[: FACE_JOBS - len(on_face)]
    behind = len(card.views) + len(answering) - len(shown) - len(on_face)
    face: list[Block] = [section(f"*Jobs* · {plain(card.filter, 40)} ({len(card.views) + len(answering)})")]
    face += distillation_lines(on_face)
    face += [section(_short(each), accessory=stop_button(each)) for each in shown]
    held_back, left_out = first(card.views, SHOWN_JOBS)
    details = [section(distillation_line(each)) for each in answering[:SHOWN_JOBS]]
    details += [section(_job_line(each)) for each in held_back]
    if left_out:
        details.append(context(f"and {left_out:,} older; `/tune status JOB` shows any of them."))
    details += _made_elsewhere(card)
    older = f"and {behind:,} older in *Details*; " if behind else ""
    face.append(context(f"{older}`/tune status JOB` shows all of one."))
    said = count(len(card.views), "job") + (f", {count(len(answering), 'distillation')}" if answering else "")
    return folded(said, [*face, *in_service, *_elsewhere(card)], details)


def _in_service(beside: Running) -> list[Block]:
    """Return which models are in service, or on their way there, in a line."""
    names = [each.model_name for each in beside.leases]
    names += [each.model_name for each in beside.deployments]
    shown, left = first([code(each, 63) for each in names], NAMED)
    more = f" and {left:,} more" if left else ""
    lines = [context(f"In service: {', '.join(shown)}{more}. `/tune models` shows them.")] if shown else []
    kept, left = first(
        [f"{code(each.model_name, 63)}, {schedule_state(each)}" for each in beside.schedules], 2
    )
    lines += [context(each) for each in kept]
    return [
        *lines,
        *([context(f"and {left:,} more with office hours: my *Home* lists all.")] if left else []),
    ]


def _elsewhere(card: JobList) -> list[Block]:
    """Return how many jobs of the account were made elsewhere, and the menu that follows one of them."""
    blocks: list[Block] = []
    if card.elsewhere:
        blocks.append(section(f"*Made elsewhere, and not followed* ({len(card.elsewhere)})"))
    choices = [
        option(f"{each.name} · {_in_words(each.status)}", f"{each.region} {each.name}")
        for each in card.elsewhere
        if not each.trouble
    ]
    if choices:
        blocks += actions(select("job.follow", choices, placeholder="Follow one of them"))
    return [*blocks, *([context(plain(card.note))] if card.note else [])]


def _made_elsewhere(card: JobList) -> list[Block]:
    """Return each of them, and why one cannot be followed."""
    shown, left = first(card.elsewhere, SHOWN_ELSEWHERE)
    blocks: list[Block] = [section("*Made elsewhere, and not followed*")] if shown else []
    for each in shown:
        why = f"\n{sentence(each.trouble, 300)}" if each.trouble else ""
        state = plain(_in_words(each.status), 40)
        said = f"{code(each.name)} · {state} · {code(each.region)} · {duration(each.age)} old{why}"
        blocks.append(section(said))
    return [*blocks, *([context(f"and {left:,} older.")] if left else [])]


def job_lines(views: Sequence[JobView]) -> list[Block]:
    """Return two lines a job, with its *Stop* while it runs."""
    return [section(_job_line(each), accessory=stop_button(each)) for each in views]


def _short(view: JobView) -> str:
    took = f" · {duration(view.elapsed)}" if view.elapsed is not None else ""
    facts = " · ".join([f"{view.phase.value}{took}", person(view.owner), *_thread(view)])
    return f"{mark_of(view.phase)} *{code(view.name, 63)}*\n{facts}"


def _job_line(view: JobView) -> str:
    took = f" · {duration(view.elapsed)}" if view.elapsed is not None else ""
    cost = f" · {sentence(view.cost, 100)}" if view.cost else ""
    made = "" if view.model_name == view.name else f"{code(view.model_name)} "
    return f"{mark_of(view.phase)} *{code(view.name)}* · {view.phase.value}{took}{cost}\n" + " · ".join(
        [f"{made}from {code(view.dataset)}", person(view.owner), *_thread(view)]
    )


def job_handed_over(card: JobHandedOver) -> Message:
    """Draw that a job is in another's care, for both of them."""
    means = "owns the model that came of it" if card.has_ended else "is told how it ends and owns its model"
    return in_others_care(f"The job `{card.name}`", card.care, means)


CARDS: Cards = {
    JobCard: job_card,
    JobHandedOver: job_handed_over,
    JobMilestone: job_milestone,
    JobStalled: job_stalled,
    JobsStalled: jobs_stalled,
    JobList: job_list,
}
