"""Where something that has a name or an ID came from, as its kind reads it out of its spec."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.controller.model import Document
from bot.visibility import Origin


@dataclass(frozen=True, slots=True)
class Sources:
    """The conversation that a thing was asked for in, and what it is made from.

    ``datasets`` are IDs. Whoever sees the model of that name sees the thing, too.
    """

    where: Origin
    datasets: tuple[str, ...] = ()
    model: str = ""


SourcesByKind = Mapping[str, Callable[[Document], Sources]]
"""By kind. One that is not here is seen by nobody: looking for it is a defect."""
