"""Running jobs."""

from collections.abc import Sequence

from bot.clock import duration
from bot.controller.model import Message
from bot.jobs.cards import (
    DataValidated,
    JobCard,
    JobList,
    JobMilestone,
    JobStalled,
    JobView,
    PictureNotShown,
    TrainingBegun,
)
from bot.jobs.model import Phase, Stage, StageState
from bot.jobs.transitions import RUNNING
from bot.pricing.money import UNKNOWN
from bot.spending.cards import CannotStop, Declined, StopAsked
from bot.wording import Person, wording
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    divider,
    fields,
    section,
    within_message,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.flags import flag
from handlers.ui.limits import first
from handlers.ui.plans import asked_to_stop, happened
from handlers.ui.stalls import stalled
from handlers.ui.text import clock_time, code, count, person, plain, sentence

SHOWN_JOBS = 15
SHOWN_ELSEWHERE = 10
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
    """Draw the one live message of a job."""
    view = card.view
    blocks = [
        section(
            f"{mark_of(view.phase)} {flag(view.id)} *{code(view.name)}* · {view.phase.value}\n{_bar(view)}"
        ),
        *([section("\n".join(map(_stage, view.stages[:10])))] if view.stages else []),
        *fields(figures(view)),
        *explanation(view),
        context(f"owned by {person(view.owner)}", f"job {code(view.id)}", *_seen(view)),
        *actions(stop_button(view), raw_button(view)),
    ]
    return Message(text=sentence(f"{view.name}: {view.phase.value}"), blocks=within_message(blocks))


def _bar(view: JobView) -> str:
    done = sum(1 for each in view.stages if each.state is StageState.COMPLETED)
    total = len(view.stages)
    if not total:
        return f"Makes {code(view.model_name)} from {plain(label_of(view.base))}."
    half = any(each.state is StageState.IN_PROGRESS for each in view.stages)
    filled = round(12 * (done + 0.5 * half) / total)
    return f"`{'█' * filled}{'░' * (12 - filled)}` {done} of {count(total, 'stage')} done"


def _stage(stage: Stage) -> str:
    times = ""
    if stage.started and stage.state in {StageState.COMPLETED, StageState.FAILED, StageState.STOPPED}:
        took = f" in {duration(stage.changed - stage.started)}" if stage.changed else ""
        times = f" · {clock_time(stage.started)}{took}"
    elif stage.started and stage.state is not StageState.NOT_STARTED:
        times = f" · since {clock_time(stage.started)}"
    return f"{_STAGE_MARKS[stage.state]} {plain(stage.name, 60)}{times}"


def figures(view: JobView, cost: str = "") -> list[tuple[str, str]]:
    """Return what is counted and measured of a job; ``cost`` replaces the estimate once more is known."""
    losses = (("Training loss", view.training_loss), ("Validation loss", view.validation_loss))
    paid = cost or view.cost
    left = [("Time left", _left(view))] if view.phase in RUNNING else []
    return [
        ("Model name", code(view.model_name)),
        ("Base", plain(label_of(view.base))),
        ("Dataset", code(view.dataset)),
        ("Elapsed", duration(view.elapsed) if view.elapsed is not None else "not started"),
        *left,
        ("Cost", sentence(paid, 200) if paid else UNKNOWN),
        *((label, f"{loss:.4g}") for label, loss in losses if loss is not None),
    ]


def _left(view: JobView) -> str:
    left = view.left
    if left is None:
        return "no estimate yet"
    if not left.most:
        return f"longer than most of {count(left.jobs, 'earlier job')}"
    least, most = duration(left.least), duration(left.most)
    within = most if least == most else f"{least} to {most}"
    took = f"{within}, as {count(left.jobs, 'earlier job')} took"
    if view.seen_at is None:
        return took
    # With many jobs a card is brought up to date now and then: a time of day is true whenever it is read.
    soonest, latest = (clock_time(view.seen_at + each) for each in (left.least, left.most))
    return f"{took}: done {f'by {latest}' if least == most else f'between {soonest} and {latest}'}"


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
    return [f"as of {clock_time(view.seen_at)}"] if view.seen_at else []


def stop_button(view: JobView) -> Element | None:
    """Return the button that stops a job, while it can be stopped, for who may."""
    if view.phase not in STOPPABLE or not view.may_end:
        return None
    ask = confirm(
        "Stop this job?",
        f"{person(view.owner)} started it, and is told who stops it. What has been trained so far is lost, and is "
        "billed all the same. The dataset stays.",
        "Stop it",
        "Keep going",
    )
    return button("Stop", "job.stop", view.id, style="danger", confirm=ask)


def job_milestone(card: JobMilestone) -> Message:
    """Draw a short reply in the job's thread."""
    said = sentence(milestone_words(card))
    return Message(text=said, blocks=[section(f"{flag(card.view.id)} {said}")])


def milestone_words(card: JobMilestone) -> str:
    """Return what happened, in words."""
    owner = card.view.owner
    match card.event:
        case DataValidated():
            return "Bedrock has validated the data."
        case TrainingBegun():
            return "Training has started."
        case PictureNotShown(why):
            return wording("I could not share the picture of the losses. ", why)
        case StopAsked(by):
            return asked_to_stop(owner, by, "Tokens that are trained by then are billed.")
        case CannotStop(by, why):
            return wording(
                Person(by), " I can't stop this job, so it runs on and is billed: ", why, " I go on trying."
            )
        case Declined(by):
            said = " declined this. Nothing was started and nothing was spent."
            return wording(Person(owner), " ", Person(by), said)
        case event:
            return happened(event, owner, card.view.name)


def job_stalled(card: JobStalled) -> Message:
    """Draw a stage of a job that does not move."""
    wait = button("Keep waiting", "job.wait", card.view.id)
    return stalled(
        f"{flag(card.view.id)} ", card.told, card.since, card.settled, wait, stop_button(card.view)
    )


def job_list(card: JobList) -> Message:
    """Draw jobs; with one alone, all that is known of it."""
    if not card.views and not card.elsewhere:
        said = f"No jobs here ({plain(card.filter, 40)}). `/tune start` plans one; `/tune jobs all` shows everybody's."
        return Message(text=said, blocks=[section(said), *_elsewhere(card)])
    shown, left_out = first(card.views, SHOWN_JOBS)
    blocks: list[Block] = [section(f"*Jobs* · {plain(card.filter, 40)} ({len(card.views)})"), divider()]
    blocks += job_lines(shown)
    if left_out:
        blocks.append(context(f"and {left_out:,} older; `/tune status JOB` shows any of them."))
    blocks += _elsewhere(card)
    return Message(text=count(len(card.views), "job"), blocks=within_message(blocks))


def _elsewhere(card: JobList) -> list[Block]:
    """Return the account's other jobs, each with a button that follows it."""
    shown, left = first(card.elsewhere, SHOWN_ELSEWHERE)
    blocks: list[Block] = [divider(), section("*Made elsewhere, and not followed*")] if shown else []
    for each in shown:
        why = f"\n{sentence(each.trouble, 300)}" if each.trouble else ""
        said = f"{code(each.name)} · {plain(each.status, 40)} · {code(each.region)} · {clock_time(each.created)}{why}"
        follow = None if each.trouble else button("Follow", "job.follow", f"{each.region} {each.name}")
        blocks.append(section(said, accessory=follow))
    said = " ".join([*([f"and {left:,} older."] if left else []), *([card.note] if card.note else [])])
    return [*blocks, *([context(plain(said))] if said else [])]


def job_lines(views: Sequence[JobView]) -> list[Block]:
    """Return two lines a job, with its *Stop* while it runs."""
    return [section(_job_line(each), accessory=stop_button(each)) for each in views]


def _job_line(view: JobView) -> str:
    took = f" · {duration(view.elapsed)}" if view.elapsed is not None else ""
    cost = f" · {sentence(view.cost, 100)}" if view.cost else ""
    return (
        f"{mark_of(view.phase)} {flag(view.id)} *{code(view.name)}* · {view.phase.value}{took}{cost}\n"
        f"{code(view.model_name)} from {code(view.dataset)} · {person(view.owner)}"
    )


CARDS: Cards = {
    JobCard: job_card,
    JobMilestone: job_milestone,
    JobStalled: job_stalled,
    JobList: job_list,
}
