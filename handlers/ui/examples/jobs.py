"""Running jobs."""

from dataclasses import replace
from datetime import timedelta

from bot.jobs.cards import (
    JobCard,
    JobHandedOver,
    JobList,
    JobMilestone,
    JobsStalled,
    JobStalled,
    PictureNotShown,
)
from bot.jobs.history import TimeRange
from bot.jobs.model import Elsewhere, Phase, StageState
from bot.jobs.stalls import Settled, SettledBy, Stall
from bot.leases.endpoint import LeasePhase
from bot.spending.cards import (
    CannotLook,
    CannotStop,
    Care,
    Declined,
    Queued,
    Recovered,
    StopAsked,
    StoppedBefore,
)
from handlers.ui.cards.jobs import job_list
from handlers.ui.example_values import APPROVER, CHANNEL, COLLEAGUE, DONE, NOW, TRAINER, job, lease
from handlers.ui.examples import Examples
from handlers.ui.examples.distillations import DISTILLATION
from handlers.ui.examples.schedules import OFFICE_HOURS
from handlers.ui.parts.running import Running

_RUNS, _NOT = StageState.IN_PROGRESS, StageState.NOT_STARTED
_SPAN = TimeRange(timedelta(minutes=20), timedelta(minutes=45), 7)
_TRAINING = job(Phase.TRAINING, DONE, DONE, _RUNS, left=_SPAN, training_loss=0.4212, validation_loss=0.4876)
_FAILED = job(
    Phase.FAILED, DONE, StageState.FAILED, _NOT, ended=NOW + timedelta(minutes=9),
    explanation="A record has more tokens than the base model takes.",
    mend="Shorten record 41, or split it, and run the job again.", who="the person who owns the dataset",
    raw_failure="ValidationException: record 41 exceeds the maximum number of tokens.",
)  # fmt: skip

EXAMPLES: Examples = {
    "job, handed over": JobHandedOver("claims-router-1", Care(CHANNEL, TRAINER, COLLEAGUE, TRAINER, TRAINER)),
    "job, handed over when it had ended": JobHandedOver(
        "claims-router-1", Care(CHANNEL, TRAINER, COLLEAGUE, TRAINER, TRAINER), has_ended=True
    ),
    "job, starting": JobCard(job(Phase.STARTING)),
    "job, validating": JobCard(job(Phase.VALIDATING, _RUNS, _NOT, _NOT)),
    "job, processing": JobCard(job(Phase.PROCESSING, DONE, _RUNS, _NOT)),
    "job, training": JobCard(_TRAINING),
    "job, stopped": JobCard(
        job(Phase.STOPPED, DONE, DONE, StageState.STOPPED, ended=NOW + timedelta(minutes=20))
    ),
    "job, its end is told anew": JobCard(_FAILED, is_live=True),
    "job, stopping": JobCard(
        job(Phase.STOPPING, DONE, DONE, StageState.STOPPING, approved_by=APPROVER, stopped_by=COLLEAGUE)
    ),
    "job, stopping in 10 s": JobCard(replace(_TRAINING, stopped_by=COLLEAGUE, is_undoable=True)),
    "job, refused": JobCard(
        job(
            Phase.REFUSED,
            created=None,
            seen_at=None,
            cost="$0.00: nothing was trained",
            explanation="Bedrock does not offer this base to this account.",
            mend="Ask for access to the model in the Bedrock console.",
            raw_failure="AccessDeniedException: no access",
        )
    ),
    "job, completed": JobCard(job(Phase.COMPLETED, DONE, DONE, DONE, ended=NOW + timedelta(minutes=44))),
    "job, failed": JobCard(_FAILED),
    "job, stalled": JobStalled(
        _TRAINING,
        Stall("Training", NOW, from_history=True, stood=timedelta(hours=3)),
        trains=True,
    ),
    "jobs, stalled together": JobsStalled(TRAINER, tuple(f"claims-router-{each}" for each in range(1, 998))),
    "job, stall settled": JobStalled(
        _TRAINING,
        Stall("Training", NOW, from_history=False, stood=timedelta(hours=3)),
        trains=True,
        settled=Settled(SettledBy.PATIENCE, COLLEAGUE),
    ),
    "job, news in a sweep's thread": JobMilestone(replace(_TRAINING, is_of_sweep=True), StopAsked(COLLEAGUE)),
    **{
        f"job, news: {type(event).__name__}": JobMilestone(_TRAINING, event)
        for event in (
            PictureNotShown("I lack the scope `files:write`."),
            Declined(APPROVER),
            StopAsked(COLLEAGUE),
            CannotStop(TRAINER, "I may not call `StopModelCustomizationJob`."),
            StoppedBefore(TRAINER),
            CannotLook("I may not call `GetModelCustomizationJob`.", asked_for=True),
            Queued(10, "us-west-2"),
            Recovered(),
        )
    },
    "jobs, none": JobList((), "mine"),
    "jobs, some": JobList((_TRAINING, _FAILED, job(Phase.PLANNED, created=None)), "all"),
    "jobs, all kinds run": job_list(
        JobList((_TRAINING, _FAILED), "running"),
        Running(
            leases=[lease(LeasePhase.IN_SERVICE)], distillations=[DISTILLATION], schedules=[OFFICE_HOURS]
        ),
    ),
    "jobs, many": JobList(
        (_TRAINING,) * 20,
        "all",
        tuple(
            Elsewhere("us-east-1", f"console-job-{number}", "InProgress", timedelta(hours=number + 2))
            for number in range(3)
        ),
        "I could not look in eu-west-1.",
    ),
}
