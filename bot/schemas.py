"""How each kind of thing is read: what its own reconciler would make of the documents, and no more."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.controller.documents import load
from bot.controller.model import Document, Key
from bot.controller.schema import Schema
from bot.derivations import model as derivations
from bot.digests.model import DigestSpec, DigestStatus
from bot.distillations.model import DistillationSpec, DistillationStatus
from bot.jobs.record import JobSpec, JobStatus
from bot.leases.model import LeaseSpec, LeaseStatus, ReleaseSpec, ReleaseStatus
from bot.notifications.reconciler import NotificationSpec
from bot.questions import model as questions
from bot.sweeps.model import SweepSpec, SweepStatus
from bot.unmanaged.model import UnmanagedJobsSpec, UnmanagedJobsStatus
from bot.uploads import model as uploads


def _by(cls: type[Any]) -> Callable[[Document], object]:
    return partial(load, cls)


def _region(spec: Document) -> object:
    if not isinstance(spec["region"], str):
        raise TypeError("its region is no text")
    return spec["region"]


def _of_region(key: Key) -> Document:
    return {"v": 1, "region": key.id}


SCHEMAS: Mapping[str, Schema] = {
    "job": Schema(_by(JobSpec), {"job": _by(JobStatus)}),
    "sweep": Schema(_by(SweepSpec), {"sweep": _by(SweepStatus)}),
    "unmanaged": Schema(_by(UnmanagedJobsSpec), {"unmanaged": _by(UnmanagedJobsStatus)}),
    "lease": Schema(_by(LeaseSpec), {"lease": _by(LeaseStatus)}),
    "release": Schema(_by(ReleaseSpec), {"release": _by(ReleaseStatus)}),
    "distillation": Schema(_by(DistillationSpec), {"distillation": _by(DistillationStatus)}),
    "digest": Schema(_by(DigestSpec), {"digest": _by(DigestStatus)}),
    "notification": Schema(_by(NotificationSpec)),
    "upload": Schema(uploads.load),
    "derivation": Schema(derivations.load),
    "question": Schema(
        questions.load, {"answer": lambda answer: questions.load_progress({"answer": answer})}
    ),
    "poll": Schema(_region, anew=_of_region),
    "account": Schema(_region, anew=_of_region),
}
"""Every kind that the bot follows."""
