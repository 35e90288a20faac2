"""What was decided, read off what is written: a spec before and after, a status before and after.

Whatever somebody decides stands in a spec with who did (``by``), so nothing has to remember to tell of it: the store
reads it off each write, and writes it in the same script. Of what is decided about, an entry has names and IDs alone,
and of words only the reason that somebody gave: no question, no file, no prompt.

Documents are read here as they are stored, whatever their kind: a decision is one by its shape, so that no kind can
forget to declare it, and what only a later version can read is told of, too. Tests hold every place of every kind's
spec, and every member of a status that is read here, to what the kinds have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.log_context import current

BOT = "the bot"
"""Who did what nobody pressed: a deadline, a schedule, a service's answer."""
LONGEST = 300
"""Characters of a reason, as of a vote's."""
_NAME = 120
_UNWEIGHED = frozenset({"due", "taken", "made_way"})
"""What tells how far a decision is, and is none."""
_WITH_A_BEGINNING = frozenset({"votes", "wish", "follow"})
"""Where a decision may stand in something that is only just asked for."""
_WORDS: Mapping[str, str] = {
    "started": "started",
    "cancelled": "called off",
    "kept": "took back",
    "stop": "stopped",
    "release": "released",
    "remove": "removed",
    "wish": "deleted",
    "handed": "handed over",
    "versions": "promoted",
    "pointings": "promoted",
    "follow": "adopted",
    "waiting": "waited on",
    "extensions": "asked for more time",
    "extended_by": "extended",
}
_VOTES: Mapping[str, str] = {
    "approve": "approved",
    "decline": "declined",
    "override": "started without approval",
}
_OUTCOMES = ("phase", "gone", "refused", "released_at", "serving_name", "update", "end", "over")
"""The members of a status that tell what came of a decision."""

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, or what came of one. ``actor``, ``channel`` are IDs; ``why`` is text from outside."""

    what: str
    """``asked``, ``started``, ``approved``, ``declined``, ``stopped``, ``handed over``, ``result``, ``refused`` …"""
    kind: str
    about: str
    """The ID of what it is about."""
    name: str = ""
    """What people call that."""
    actor: str = BOT
    channel: str = ""
    why: str = ""
    result: str = ""

    def document(self) -> dict[str, str]:
        """Return it as what an entry holds; what is empty is left out."""
        members = {
            "what": self.what,
            "kind": self.kind,
            "about": self.about[:_NAME],
            "name": self.name[:_NAME],
            "actor": self.actor,
            "channel": self.channel,
            "why": self.why[:LONGEST],
            "result": self.result[:LONGEST],
        }
        return {key: value for key, value in members.items() if value}


def asked(kind: str, about: str, spec: Document, *, by_a_person: bool) -> list[Decision]:
    """Return what is decided by wanting something: that it is asked for, and what is agreed to at once."""
    actor = _first(spec, "user", "by", "owner") if by_a_person else ""
    whole = Decision("asked", kind, about, _name_of(spec), actor or BOT, _first(spec, "channel"))
    begun = (each for each in _made(spec) if _WITH_A_BEGINNING.intersection(each.path))
    return [whole, *(_decision(each, kind, about, spec) for each in begun)]


def changed(kind: str, about: str, before: Document, after: Document) -> list[Decision]:
    """Return what is decided by changing a spec; nothing for what only tells how far something is."""
    known = {each.identity for each in _made(before)}
    found = [
        _decision(each, kind, about, after)
        for each in _made(after)
        if each.identity not in known and (each.path or before != after)
    ]
    if (owner := _text(after, "owner")) and owner != _text(before, "owner") and not found:
        actor = current().get("person", BOT)
        found.append(
            Decision(
                "handed over",
                kind,
                about,
                _name_of(after),
                actor,
                _first(after, "channel"),
                result=f"to {owner}",
            )
        )
    return found


def came_of_it(kind: str, about: str, spec: Document, before: Document, after: Document) -> list[Decision]:
    """Return what came of decisions, by the status of a thing before and after."""
    old, new = _own(before, kind), _own(after, kind)
    told = [
        f"{name}: {new[name]}" if isinstance(new[name], str) and not name.endswith("_at") else name
        for name in _OUTCOMES
        if new.get(name) and new[name] != old.get(name)
    ]
    settled, was = new.get("settled"), old.get("settled")
    if isinstance(settled, Mapping):
        before_that = was if isinstance(was, Mapping) else {}
        told += [f"{each}: {how or 'done'}" for each, how in settled.items() if each not in before_that]
    name, channel = _name_of(spec), _first(spec, "channel")
    return [Decision("result", kind, about, name, BOT, channel, result=each) for each in told]


def kept(collection: str, about: str, document: Document) -> Decision:
    """Return what is decided by keeping a document: a share, an alias, a name, how a channel or a model answers."""
    last = [each for each in _made(document) if each.path != ("former",)]
    actor = _text(document, "by") or (last[-1].by if last else current().get("person", BOT))
    what = {
        "shares": "shared" if document.get("on", True) else "took a share back",
        "aliases": "promoted" if document.get("on", True) else "ended an alias",
        "model-labels": "deleted" if document.get("deleted") else "renamed",
    }.get(collection, "set")
    return Decision(
        what, collection, about, _name_of(document), actor, _text(document, "channel") or _place()
    )


def _place() -> str:
    return current().get("channel", "")


# How


@dataclass(frozen=True, slots=True)
class _Made:
    """One place in a document where somebody decided something."""

    path: tuple[str, ...]
    by: str
    said: Document
    name: str = ""

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it another decision than the one before. The document itself, where that has somebody."""
        if not self.path:
            return ("the whole", repr(sorted(self.said.items(), key=lambda each: each[0])))
        weighed = sorted(
            (key, value)
            for key, value in self.said.items()
            if key not in _UNWEIGHED and isinstance(value, str | int)
        )
        return (self.path, self.name, tuple(weighed))


def _made(document: Document, path: tuple[str, ...] = (), name: str = "") -> Iterator[_Made]:
    by = _text(document, "by")
    name = _text(document, "name") or name
    if by:
        yield _Made(path, by, document, name)
    for key, value in document.items():
        here = (*path, key)
        if isinstance(value, Mapping):
            yield from _made(value, here, name)
        elif isinstance(value, list | tuple):
            for number, each in enumerate(value):
                if isinstance(each, Mapping):
                    yield from _made(each, here, name)
                elif key.endswith("_by") and isinstance(each, str):
                    yield _Made(here, each, {"by": each, "number": number}, name)


def _decision(made: _Made, kind: str, about: str, spec: Document) -> Decision:
    last = made.path[-1] if made.path else "set"
    what = _VOTES.get(_text(made.said, "decision"), "") or _WORDS.get(last, last.replace("_", " "))
    if "extensions" in made.path[:-1]:
        what = f"{what} more time"
    to = _text(made.said, "to")
    return Decision(
        what,
        kind,
        about,
        made.name or _name_of(spec),
        made.by,
        _first(spec, "channel"),
        _text(made.said, "reason"),
        f"to {to}" if to else "",
    )


def _own(status: Document, kind: str) -> Document:
    own = status.get(kind)
    return own if isinstance(own, Mapping) else {}


def _text(document: Document, name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _first(spec: Document, *names: str) -> str:
    places = [spec, *(each for each in (spec.get("plan"),) if isinstance(each, Mapping))]
    plans = spec.get("plans")
    if isinstance(plans, list) and plans and isinstance(plans[0], Mapping):
        places.append(plans[0])
    return next((found for each in places for name in names if (found := _text(each, name))), "")


def _name_of(spec: Document) -> str:
    return _first(spec, "known_as", "name", "model_name", "job_name", "model")


__all__ = ["BOT", "LONGEST", "Decision", "asked", "came_of_it", "changed", "kept"]
