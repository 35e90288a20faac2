"""How a batch job gets on: where it stands, and what one that ended adds to the history of its teacher."""

from bot.distillations.model import DistillationSpec, DistillationStatus
from bot.distillations.plan import DistillationPhase
from bot.jobs.history import Run
from bot.jobs.stalls import Standing

QUEUE, ANSWERING = "The queue", "Answering"
"""What may stand still, as it is called in a sentence."""

# Not of one that is being stopped: how long earlier ones took, which ran to their end, says nothing of it.
_STAGES = {DistillationPhase.WAITING: QUEUE, DistillationPhase.RUNNING: ANSWERING}


def history_of(teacher: str) -> str:
    """Return the name under which a teacher's batches are in the history, beside the base models of jobs."""
    return f"answers-{teacher}"


def standing(status: DistillationStatus) -> Standing | None:
    """Return where it stands, or None when nothing is to be waited for."""
    stage, seen = _STAGES.get(status.phase), status.observation
    if stage is None or seen is None:
        return None
    return Standing(stage, status.moved or seen.seen_at, seen.seen_at)


def run_of(spec: DistillationSpec, status: DistillationStatus) -> Run | None:
    """Return what one whose prompts were all answered adds to the history, or None when its times are not known."""
    seen, began = status.observation, status.began
    if status.phase is not DistillationPhase.COMPLETED or seen is None or began is None or seen.ended is None:
        return None
    if not seen.submitted < began < seen.ended:
        return None
    stages = {QUEUE: began - seen.submitted, ANSWERING: seen.ended - began}
    return Run(
        job_id=spec.plan.id,
        profile=history_of(spec.plan.teacher),
        records=status.prepared.records if status.prepared else 0,
        epochs=1,
        stages=tuple((name, took.total_seconds()) for name, took in stages.items()),
        total=(seen.ended - seen.submitted).total_seconds(),
        ended=seen.ended,
    )
