"""How each kind of thing is read: what its own reconciler would make of the documents, and no more."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.controller.documents import load
from bot.controller.model import Document, Key
from bot.controller.schema import Schema
from bot.derivations import model as derivations
from bot.digests.model import DigestProgress, DigestSpec
from bot.distillations.model import DistillProgress, DistillSpec
from bot.jobs.record import JobProgress, JobSpec
from bot.leases.model import LeaseProgress, LeaseSpec, ReleaseProgress, ReleaseSpec
from bot.notifications.reconciler import TellingSpec
from bot.questions import model as questions
from bot.sweeps.model import SeriesProgress, SeriesSpec
from bot.unmanaged.model import CensusProgress, CensusSpec
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
    "job": Schema(_by(JobSpec), {"job": _by(JobProgress)}),
    "series": Schema(_by(SeriesSpec), {"series": _by(SeriesProgress)}),
    "census": Schema(_by(CensusSpec), {"census": _by(CensusProgress)}),
    "lease": Schema(_by(LeaseSpec), {"lease": _by(LeaseProgress)}),
    "release": Schema(_by(ReleaseSpec), {"release": _by(ReleaseProgress)}),
    "distill": Schema(_by(DistillSpec), {"distill": _by(DistillProgress)}),
    "digest": Schema(_by(DigestSpec), {"digest": _by(DigestProgress)}),
    "telling": Schema(_by(TellingSpec)),
    "upload": Schema(uploads.load),
    "derive": Schema(derivations.load),
    "question": Schema(
        questions.load, {"answer": lambda answer: questions.load_progress({"answer": answer})}
    ),
    "poll": Schema(_region, anew=_of_region),
    "sweep": Schema(_region, anew=_of_region),
}
"""Every kind that the bot follows."""
