"""What no reconciler handles, and what is told to people because of it."""

from dataclasses import dataclass

from bot.wording import Said


@dataclass(frozen=True, slots=True)
class Concerned:
    """What fails, as far as its documents tell: they are read as they are, since its own code may not work."""

    key: str
    name: str
    """What people call it; the key where it has no name."""
    planned: bool
    """Whether somebody planned it, so that its owner knows it by its name."""
    owner: str
    billed: str
    """What it costs meanwhile, as its kind declares it; empty when nothing."""
    when_given_up: str
    """What to do once it is given up, as its kind declares it."""


@dataclass(frozen=True, slots=True)
class Failing:
    """It has failed so often in a row with an error of that class, and goes on. ``why`` is empty for a defect."""

    times: int
    error: str
    why: Said = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It has failed once too often, and is tried no more. ``why`` is empty for a defect."""

    times: int
    error: str
    why: Said = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """It goes on by itself when a vendor is back, or once the operator has mended ``why``."""

    why: Said
    on_operator: bool


@dataclass(frozen=True, slots=True)
class WorksAgain:
    """What failed works again."""


@dataclass(frozen=True, slots=True)
class FailureForOwner:
    """Told where the resource is told, to whoever owns it or waits for it."""

    of: Concerned
    event: Failing | GivenUp | Waiting | WorksAgain


@dataclass(frozen=True, slots=True)
class FailureForOperator:
    """Told to whoever hears of what goes wrong."""

    of: Concerned
    event: Failing | GivenUp | WorksAgain
