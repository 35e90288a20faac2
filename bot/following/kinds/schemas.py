"""How each kind of thing is read: what its own reconciler would make of the documents, and no more."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.distilling.record import DistillProgress, DistillSpec
from bot.following.kinds.derivations import record as derivations
from bot.following.kinds.questions import record as questions
from bot.following.kinds.telling import TellingSpec
from bot.following.kinds.uploads import record as uploads
from bot.following.model import Document, Key
from bot.following.reading import Schema
from bot.jobs.documents import load
from bot.jobs.elsewhere import CensusProgress, CensusSpec
from bot.jobs.record import JobProgress, JobSpec
from bot.jobs.series import SeriesProgress, SeriesSpec
from bot.readers.digest import DigestProgress, DigestSpec
from bot.serving.record import LeaseProgress, LeaseSpec, ReleaseProgress, ReleaseSpec


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
