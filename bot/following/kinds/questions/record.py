"""What is written down of a question: what was asked, and how far the answer is."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.asking.model import Question
from bot.following.model import Document, Key

KIND = "question"
VERSION = 1


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """What was asked, and when."""

    question: Question
    asked_at: datetime


@dataclass(slots=True)
class Part:
    """One message of the answer.

    ``stream``: ``at`` is when it was about to be opened, in the store's time, ``ts`` its timestamp once that is
    known. ``post``: Slack would not open a stream, and the message is a notice, whose note knows its timestamp.
    """

    way: Literal["stream", "post"]
    at: float
    ts: str | None = None


@dataclass(slots=True)
class Progress:
    """How far the answer is."""

    asks: int = 0
    """How often the model was asked."""
    model: str = ""
    parts: list[Part] = field(default_factory=list)
    texts: list[str] | None = None
    """What each message says in the end; None while that is not known."""
    said: str = ""
    """What the model said, to be remembered; empty when something else was said in its place."""
    told: bool = False


def key_of(question: Question) -> Key:
    """Return the thing's key: the ID's digest, since an ID from Slack may hold any character."""
    return Key(KIND, hashlib.sha256(question.id.encode()).hexdigest()[:24])


def dump(spec: QuestionSpec) -> Document:
    """Return the spec as JSON."""
    return {"v": VERSION, "question": asdict(spec.question), "asked_at": spec.asked_at.isoformat()}


def load(document: Document) -> QuestionSpec:
    """Return the spec that was dumped."""
    return QuestionSpec(Question(**document["question"]), datetime.fromisoformat(document["asked_at"]))


def load_progress(status: Document) -> Progress:
    """Return the progress that a thing's status holds; of a new question, none yet."""
    document: dict[str, Any] = dict(status.get("answer", {}))
    parts = [Part(**part) for part in document.pop("parts", [])]
    return Progress(parts=parts, **document)


def dump_progress(progress: Progress) -> Document:
    """Return the progress as JSON."""
    return asdict(progress)
