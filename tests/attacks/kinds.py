"""A thing of every kind, as the bot writes it, and every way in which what is kept may be damaged."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bot.account.reconciler import AccountStatus
from bot.audit.model import SealStatus
from bot.charts.model import Bar, BarChart
from bot.controller.documents import dump
from bot.datasets.model import Role
from bot.deletions.model import DeletionSpec, DeletionStatus
from bot.deployments.model import DeploymentSpec, DeploymentStatus
from bot.derivations import model as derivations
from bot.digests.model import DigestSpec, DigestStatus
from bot.distillations.model import DistillationSpec, DistillationStatus
from bot.distillations.plan import DistillationPlan, PromptSource
from bot.jobs.poll import PollStatus
from bot.jobs.record import JobSpec, JobStatus
from bot.kinds import KINDS
from bot.leases.drafting import freeze
from bot.leases.model import LeaseSpec, LeaseStatus, ReleaseSpec, ReleaseStatus
from bot.models.versions import ModelVersion
from bot.notifications.reconciler import NotificationSpec
from bot.pictures.model import Picture, PictureStatus, wanted
from bot.profiles.model import Serving
from bot.questions import kept
from bot.questions import model as questions
from bot.questions.answerer import Question
from bot.schedules.hours import OfficeHours
from bot.schedules.model import SchedulePlan, ScheduleSpec, ScheduleStatus
from bot.strays.model import Removal, StraySpec, StrayStatus
from bot.sweeps.model import SweepSpec, SweepStatus
from bot.trials.model import Price, TrialSpec, TrialStatus
from bot.unmanaged.model import UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.uploads import model as uploads
from tests.doubles.clock import START
from tests.unit.jobs.samples import model, plan

_HOURS = SchedulePlan(
    "m", "arn", "claude-3-haiku", "us-west-2", OfficeHours((0,), 540, 1020), 4, "U1", "C1", "r"
)
_LEASE = freeze(model(), minutes=60, longest=480, owner="U1", channel="C1", request="r")
_DEPLOYMENT = DeploymentSpec(
    "name", "us-east-1", "nova-lite", "U1", "C1", None, START, "r", (ModelVersion("a", "m", "U1", START),)
)
_DISTILL = DistillationPlan(
    "d1", "answers", "t", "m", "us-west-2", "claude-3-haiku", PromptSource("p"), "r", "s3://b/o", "U1", "C1"
)
_DERIVE = derivations.DerivationSpec(
    derivations.Operation.SPLIT,
    ("d1",),
    derivations.SplitParameters(0.1, 1, near=True),
    "C1",
    None,
    "U1",
    "e1",
    START,
)
_UPLOAD = uploads.UploadSpec("F1", "C1", None, "U1", None, Role.TRAINING, "e1", START)
_KEPT = kept.KeptSpec(
    Question("kept:1", "Why?", "C1", "U1", "T1", "1.0", "claims-router", kept=True),
    "1",
    "claims-router",
    "arn:aws:bedrock:us-west-2:123456789012:custom-model/x",
    "claude-3-haiku",
    START,
    START,
)
_QUESTION = questions.QuestionSpec(Question("Ev1", "Why?", "C1", "U1", "T1", None), START)

THINGS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "job": (dump(JobSpec(plan(), asked_at=START)), {"job": dump(JobStatus())}),
    "deletion": (
        dump(DeletionSpec("a", "us-west-2", "claude-3-haiku", "j1", "m", "m", "U1", "C1", None, "U1", START)),
        {"deletion": dump(DeletionStatus())},
    ),
    "sweep": (
        dump(SweepSpec("epochs", (plan(),), Decimal(1), "", False, asked_at=START)),
        {"sweep": dump(SweepStatus())},
    ),
    "schedule": (dump(ScheduleSpec(plan=_HOURS, asked_at=START)), {"schedule": dump(ScheduleStatus())}),
    "unmanaged": (dump(UnmanagedJobsSpec("us-west-2", START)), {"unmanaged": dump(UnmanagedJobsStatus())}),
    "stray": (
        dump(StraySpec("us-west-2", START, (Removal("a", "m", Serving.PROVISIONED_THROUGHPUT),))),
        {"stray": dump(StrayStatus())},
    ),
    "deployment": (dump(_DEPLOYMENT), {"deployment": dump(DeploymentStatus())}),
    "lease": (dump(LeaseSpec(_LEASE, asked_at=START)), {"lease": dump(LeaseStatus())}),
    "release": (
        dump(ReleaseSpec("l1", "us-west-2", Serving.PROVISIONED_THROUGHPUT, "name", START, START)),
        {"release": dump(ReleaseStatus())},
    ),
    "distillation": (
        dump(DistillationSpec(_DISTILL, asked_at=START)),
        {"distillation": dump(DistillationStatus())},
    ),
    "digest": (dump(DigestSpec("C1", "U1", 0, 9, START)), {"digest": dump(DigestStatus())}),
    "notification": (dump(NotificationSpec("U1", "Hello", (), START)), {}),
    "trial": (
        dump(TrialSpec("d1", "claims", "nova-lite", ("",), Price(Decimal(1), Decimal(2)), "U1", "C1", START)),
        {"trial": dump(TrialStatus())},
    ),
    "picture": (
        dump(
            wanted(
                Picture(BarChart("Spending", ("spent",), (Bar("You", (1.0,)),)), "a.png", "Bars"), "U1", START
            )
        ),
        {"picture": dump(PictureStatus())},
    ),
    "upload": (uploads.dump(_UPLOAD), {"upload": dump(uploads.UploadStatus())}),
    "derivation": (derivations.dump(_DERIVE), {"derivation": dump(derivations.DerivationStatus())}),
    "question": (questions.dump(_QUESTION), {"question": dump(questions.QuestionStatus())}),
    "kept": (dump(_KEPT), {"kept": dump(kept.KeptStatus())}),
    "poll": ({"v": 1, "region": "us-west-2"}, {"poll": dump(PollStatus())}),
    "seal": ({"v": 1, "region": "us-west-2"}, {"seal": dump(SealStatus())}),
    "account": ({"v": 1, "region": "us-west-2"}, {"account": dump(AccountStatus())}),
}
"""Spec and status by kind."""

STANDING = frozenset(name for name, kind in KINDS.items() if kind.schema.anew)
"""Kinds of which the key tells all that matters: they are made anew."""

Row = dict[str, str]
"""``v``, ``spec`` and ``status`` as they are kept."""


def row_of(kind: str) -> Row:
    """Return what is kept of a thing of that kind."""
    spec, status = THINGS[kind]
    return {"v": "1", "spec": json.dumps(spec), "status": json.dumps(status)}


def _spec(change: Callable[[dict[str, Any]], Any]) -> Callable[[Row], Row]:
    def damage(row: Row) -> Row:
        spec = json.loads(row["spec"])
        changed = change(spec)
        return {**row, "spec": json.dumps(spec if changed is None else changed)}

    return damage


def _without_members(spec: dict[str, Any]) -> dict[str, Any]:
    return {"v": spec.get("v", 1)}


DAMAGES: Mapping[str, Callable[[Row], Row]] = {
    "a spec that is cut short": lambda row: {**row, "spec": row["spec"][:-3]},
    "a spec that is empty": lambda row: {**row, "spec": ""},
    "a spec that is a list": lambda row: {**row, "spec": "[]"},
    "a spec that is null": lambda row: {**row, "spec": "null"},
    "a spec without its members": _spec(_without_members),
    "a spec of a newer version": _spec(lambda spec: spec.update(v=2)),
    "a spec of no version": _spec(lambda spec: spec.update(v="x")),
    "a status that is cut short": lambda row: {**row, "status": row["status"] + "}"},
    "a status that is a number": lambda row: {**row, "status": "17"},
    "a status with notes that are none": lambda row: {**row, "status": '{"outbox": {"card": {}}}'},
    "a status of a newer version": lambda row: {**row, "status": '{"v": 2}'},
    "a status of no version": lambda row: {**row, "status": '{"v": "x"}'},
    "a row of a newer version": lambda row: {**row, "v": "2"},
    "a row of no version": lambda row: {**row, "v": ""},
}
