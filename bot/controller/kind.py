"""What a durable kind declares of itself, once, in ``bot/<feature>/kind.py``: all that the engine and lists ask of it.

``bot/kinds.py`` finds the declarations. Nothing else is keyed by a kind's name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from bot.controller.context import Reconciler
from bot.controller.damage import Called
from bot.controller.effects import Effect
from bot.controller.lanes import Lane
from bot.controller.model import Document, Registration, Resource
from bot.controller.schema import Schema, Spec, Status
from bot.visibility import Sources

Dependencies = TypeVar("Dependencies")
"""What its reconciler is built from: a Protocol of the feature, which the ports of the wiring fulfil."""

ASK_AGAIN = "Nothing that was done is lost; ask for it again when that is mended."


def is_told_to_stop(spec: Document, _: Document) -> bool:
    """Return whether people asked for its end: what they stopped may be billed until it is stopped."""
    return bool(spec.get("stop"))


def nothing_stands(_: Iterable[str]) -> Iterable[Registration]:
    """Return nothing: a resource of this kind is there when somebody wants it."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[Spec, Status, Dependencies]):
    """A durable kind."""

    schema: Schema[Spec, Status]
    build: Callable[[Dependencies], Reconciler[Spec, Status]]
    """Makes its reconciler."""
    called: Called
    wanted: str
    """What its spec wants, and ``done`` what its reconciler does about it: its row in the docs."""
    done: str
    effects: tuple[Effect, ...] = ()
    """All that its reconciler does on the outside: its table of crash points in the docs."""
    billed: str = ""
    """What is billed while its reconciler does not work: nobody should have to guess that from a reference."""
    when_given_up: str = ASK_AGAIN
    """What whoever wants it does when it was given up; ``{name}`` is its name."""
    is_waited_for: bool = False
    """Whether one person waits for an answer, and is told when a vendor is away."""
    has_own_words: bool = False
    """Whether the reconciler finds words of its own for a defect, before the engine speaks."""
    ends_spending: Callable[[Document, Document], bool] = is_told_to_stop
    """Whether it ends what is billed, by its spec and status: it is tried for ever, and never given up."""
    lane: Lane = Lane.WORK
    """Which threads its steps run on."""
    shared_by: tuple[str, ...] = ()
    """Where in its spec it stands among whom turns are shared out: members, from outside in; empty: first come, first
    served."""
    lease: float | None = None
    """Seconds that a claim lasts where its steps go longer between two saves; else the loop's own."""
    sources: Callable[[Spec], Sources] | None = None
    """Where one came from, by its spec. None: none is ever looked up by a name or an ID, or listed."""
    unaudited: str = ""
    """Why nothing of it stands in the audit; empty: each decision does."""
    standing: Callable[[Iterable[str]], Iterable[Registration]] = nothing_stands
    """What is always there, for the regions that the bot works in."""

    @property
    def name(self) -> str:
        """What its keys begin with."""
        return self.schema.name

    def sources_of(self, resource: Resource) -> Sources:
        """Return where one came from, of a kind that says so (``sources``)."""
        assert self.sources is not None, f"nobody looks a {self.name} up"
        return self.sources(self.schema.spec_of(resource))


AnyKind: TypeAlias = Kind[Any, Any, Any]

KINDS: tuple[AnyKind, ...] = ()
"""The engine has no kind of its own; each feature's module of this name has some."""


__all__ = [
    "ASK_AGAIN",
    "KINDS",
    "AnyKind",
    "Called",
    "Kind",
    "Lane",
    "Schema",
    "Sources",
    "is_told_to_stop",
    "nothing_stands",
]
