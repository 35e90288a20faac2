"""What is told of a job that completed: its verdict, its curve, what it cost, or why one of them is missing."""

from dataclasses import dataclass
from decimal import Decimal

from bot.errors import Refused, TunesmithError, Unavailable
from bot.jobs.curves import TRAINING_LOSS, VALIDATION_LOSS, Curves, Table, read, thinned
from bot.jobs.model import JobPlan
from bot.jobs.ports import ResultFiles
from bot.jobs.verdict import Verdict, by_few, diverged, judge
from bot.pricing.model import TrainingEstimate
from bot.pricing.money import UNKNOWN, about, at_most
from bot.profiles import registry

EPOCHS = "epochCount"


@dataclass(frozen=True, slots=True)
class Ending:
    """What Bedrock's files of losses say. ``note`` is what is missing from them and why; empty when nothing is."""

    verdict: Verdict | None = None
    curves: Curves | None = None
    note: str = ""
    breaks_off: bool = False
    """Whether the curves do not go on to the end, so that more epochs may have been trained than they have."""


def assess(files: ResultFiles, plan: JobPlan) -> Ending:
    """Return what the files say. One that is missing, cut short or no such file is a note, never an error."""
    notes: list[str] = []
    training = _table(files.training, TRAINING_LOSS, "training", notes)
    validation = Table(())
    if plan.validation_uri or files.validation is not None:
        validation = _table(files.validation, VALIDATION_LOSS, "validation", notes)
    curves = Curves(training.points, validation.points)
    lost = _lost(training, validation, _planned(plan) or curves.epochs)
    if not training.points and not validation.points:
        return Ending(lost, note=" ".join(["There is no curve.", *notes]), breaks_off=True)
    breaks_off = lost is not None or not any(
        each.points and not each.cut_short for each in (training, validation)
    )
    verdict = lost or by_few(
        judge(curves, 0 if breaks_off else _planned(plan), _most(plan)), plan.validation_records
    )
    return Ending(verdict, thinned(curves), " ".join(notes), breaks_off)


def _lost(training: Table, validation: Table, epochs: int) -> Verdict | None:
    """Return the verdict on losses that are no numbers in the end; None where all are."""
    for name, table in (("training", training), ("validation", validation)):
        if table.lost_at is not None:
            return diverged(name, table.lost_at, epochs)
    return None


def unreadable(trouble: TunesmithError) -> Ending:
    """Return the ending of a job whose files could not be read."""
    # It is not looked for again, so that a hint which promises it would be untrue.
    why = trouble.message if isinstance(trouble, Unavailable) else trouble.sentence
    return Ending(note=f"There is no curve: I can't read the job's files in S3. {why}")


def epochs_run(plan: JobPlan, ending: Ending | None) -> int:
    """Return how many epochs were trained: those in the curve, else those that were asked for."""
    known = ending is not None and not ending.breaks_off
    return ending.curves.epochs if ending and ending.curves and known else _planned(plan)


def cost(plan: JobPlan, estimate: TrainingEstimate, ending: Ending | None) -> Decimal | None:
    """Return what a job that completed cost, in US dollars: the estimate, for the epochs that were trained."""
    run, planned = epochs_run(plan, ending), estimate.epochs
    if estimate.usd is None or not run or run >= planned:
        return estimate.usd
    return estimate.usd * Decimal(run) / Decimal(planned)


def against_estimate(plan: JobPlan, estimate: TrainingEstimate, ending: Ending | None) -> str:
    """Return what training cost beside what was estimated. Both are computed here: the bill comes from AWS."""
    usd, run, planned = cost(plan, estimate, ending), epochs_run(plan, ending), estimate.epochs
    if usd is None:
        return UNKNOWN
    if not run or run >= planned:
        return f"{about(usd)}, as estimated"
    return f"{about(usd)} for {run} of {planned} epochs; estimated: {at_most(estimate.usd)}"


def _table(content: bytes | None, column: str, name: str, notes: list[str]) -> Table:
    if content is None:
        notes.append(f"Bedrock left no file of {name} losses in S3.")
        return Table(())
    try:
        table = read(content, column)
    except Refused as refusal:
        notes.append(f"The file of {name} losses can't be used: {refusal.message}")
        return Table(())
    if table.cut_short and table.points:
        notes.append(
            f"The file of {name} losses is cut short: its curve ends at step {table.points[-1].step}."
        )
    return table


def _planned(plan: JobPlan) -> int:
    text = plan.hyperparameters.get(EPOCHS, "")
    return int(text) if text.isdecimal() else 0


def _most(plan: JobPlan) -> int:
    """Return the most epochs that the base takes; as many as were asked for when nobody has published it."""
    known = registry.get(plan.profile).hyperparameters
    return next((int(each.maximum) for each in known if each.name == EPOCHS), _planned(plan))
