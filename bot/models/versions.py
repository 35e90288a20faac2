"""A newer model that takes the place of the one before, behind the same address: which, how far, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.wording import Said


class UpdateState(StrEnum):
    """How far a newer version is on its way behind the address."""

    ASKED = "asked for"
    UPDATING = "updating"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A model that is to answer at an address, and who asked for it when."""

    arn: str
    name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Updated:
    """``model`` answers where ``before`` did."""

    model: str
    before: str


@dataclass(frozen=True, slots=True)
class NotUpdated:
    """``model`` could not take the place of ``before``, which goes on answering."""

    model: str
    before: str
    why: Said
    mend: str
