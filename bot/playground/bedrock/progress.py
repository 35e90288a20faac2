"""Where a thing stands at a moment: pure functions of its record and the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.bedrock.records import Deployment, Job, Throughput

STAGES = ("validation", "dataProcessing", "training")
FAILURE = "Encountered an unexpected error when processing the request, please try again"


@dataclass(frozen=True)
class Stage:
    """One stage of a job; ``began`` and ``changed`` are None while it is NotStarted."""

    status: str
    began: datetime | None = None
    changed: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """A job's status at a moment, its stages in order, and when it last changed and ended."""

    status: str
    stages: tuple[Stage, ...]
    changed: datetime
    ended: datetime | None = None

    @property
    def current(self) -> str:
        """The name of the last stage that has begun."""
        begun = [name for name, stage in zip(STAGES, self.stages, strict=True) if stage.began]
        return begun[-1] if begun else STAGES[0]

    def details(self) -> dict[str, Any]:
        """Return the service model's ``statusDetails``."""
        return {
            f"{name}Details": _without_none(
                status=stage.status, creationTime=stage.began, lastModifiedTime=stage.changed
            )
            for name, stage in zip(STAGES, self.stages, strict=True)
        }


def standing(job: Job, now: datetime) -> Standing:
    """Return where ``job`` stands at ``now``."""
    spans = _spans(job)
    ends = _natural_end(job, spans)
    stop = job.stop_requested
    if stop is not None and (ends is None or stop < ends):
        return _stopping(job, spans, stop, now)
    if ends is not None and now >= ends:
        failed = job.plan.fails_in
        stages = tuple(_ended_stage(n, span, failed) for n, span in zip(STAGES, spans, strict=True))
        return Standing("Failed" if failed else "Completed", stages, ends, ends)
    stages = tuple(_stage_at(span, now) for span in spans)
    return Standing("InProgress", stages, _last_change(stages, job.created))


def throughput_status(record: Throughput, now: datetime) -> str:
    """Return Creating, InService, Updating or Failed."""
    if now < record.ready_at:
        return "Creating"
    if record.fails:
        return "Failed"
    if record.pending_until is not None and now < record.pending_until:
        return "Updating"
    return "InService"


def served_model(record: Throughput, now: datetime) -> str:
    """Return the ARN of the model that answers: the old one until an update is through."""
    done = record.pending_until is not None and now >= record.pending_until
    return record.pending_model_arn if done and record.pending_model_arn else record.model_arn


def deployment_status(record: Deployment, now: datetime) -> str:
    """Return Creating, Active or Failed."""
    if now < record.ready_at:
        return "Creating"
    return "Failed" if record.fails else "Active"


def update_status(record: Deployment, now: datetime) -> str | None:
    """Return Updating, UpdateCompleted or UpdateFailed; None when its model was never changed."""
    if record.pending_until is None:
        return None
    if now < record.pending_until:
        return "Updating"
    return "UpdateFailed" if record.update_fails else "UpdateCompleted"


def deployed_model(record: Deployment, now: datetime) -> str:
    """Return the ARN of the model that answers: the old one until a change is through, and after one that failed."""
    done = update_status(record, now) == "UpdateCompleted"
    return record.pending_model_arn if done and record.pending_model_arn else record.model_arn


def models_in_use(record: Deployment, now: datetime) -> set[str]:
    """Return the ARNs of the model that answers, and of the one that is about to take its place."""
    coming = record.pending_model_arn if update_status(record, now) == "Updating" else None
    return {deployed_model(record, now), coming or deployed_model(record, now)}


_Span = tuple[datetime, datetime | None]


def _spans(job: Job) -> list[_Span | None]:
    """Return each stage's start and end, None for one that is never reached, an open end for one that never ends."""
    plan = job.plan
    validated = job.created + timedelta(seconds=plan.validation_seconds)
    processed = validated + timedelta(seconds=plan.processing_seconds)
    trained = processed + timedelta(seconds=plan.training_seconds)
    spans: list[_Span | None] = [(job.created, validated), (validated, processed), (processed, trained)]
    if plan.stalls:
        spans[2] = None
    if plan.fails_in is not None:
        reached = STAGES.index(plan.fails_in)
        spans = [span if index <= reached else None for index, span in enumerate(spans)]
    return spans


def _natural_end(job: Job, spans: list[_Span | None]) -> datetime | None:
    if job.plan.stalls:
        return None
    return max(span[1] for span in spans if span is not None and span[1] is not None)


def _stage_at(span: _Span | None, now: datetime) -> Stage:
    if span is None or now < span[0]:
        return Stage("NotStarted")
    began, ends = span
    if ends is not None and now >= ends:
        return Stage("Completed", began, ends)
    return Stage("InProgress", began, began)


def _ended_stage(name: str, span: _Span | None, failed: str | None) -> Stage:
    if span is None:
        return Stage("NotStarted")
    return Stage("Failed" if name == failed else "Completed", span[0], span[1])


def _stopping(job: Job, spans: list[_Span | None], stop: datetime, now: datetime) -> Standing:
    stopped_at = stop + timedelta(seconds=job.plan.stopping_seconds)
    stopped = now >= stopped_at
    word, changed = ("Stopped", stopped_at) if stopped else ("Stopping", stop)
    stages = []
    for span in spans:
        stage = _stage_at(span, stop)
        stages.append(Stage(word, stage.began, changed) if stage.status == "InProgress" else stage)
    return Standing(word, tuple(stages), changed, stopped_at if stopped else None)


def _last_change(stages: tuple[Stage, ...], created: datetime) -> datetime:
    return max((stage.changed for stage in stages if stage.changed is not None), default=created)


def _without_none(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
