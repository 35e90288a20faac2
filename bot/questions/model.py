"""What is written down of a question: what was asked, and how far the answer is."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.controller import documents
from bot.controller.model import Document, Key, Resource
from bot.controller.outbox_entries import entry_in
from bot.controller.schema import Schema
from bot.questions.answerer import Question
from bot.visibility import Origin, Sources

KIND = "question"


@dataclass(slots=True)
class Facts:
    """What is told of an answer under it: who gave it, from what, how fast, and for how much.

    ``seconds`` are those from the question to the model until its last word, ``first`` until its first. ``usd`` is a
    Decimal as text, None where nobody knows; it is what this answer cost, and ``hourly`` ones cost nothing more.
    """

    model: str
    base: str
    version: str = ""
    made: datetime | None = None
    dataset: str = ""
    dataset_id: str = ""
    input: int | None = None
    output: int | None = None
    seconds: float = 0.0
    first: float = 0.0
    hourly: bool = False
    usd: str | None = None
    at_base_price: bool = False
    of_base: bool = False
    temperature: float | None = None
    stop: list[str] = field(default_factory=list)
    max_tokens: int | None = None
    """The longest answer, where that was set for the model."""
    other_prompt: bool = False
    alias: str = ""
    awaits: str = ""
    other_at_most: str | None = None
    """What the same question costs at most where the other of the two is asked, the base or the model."""
    closed: bool = False
    """Whether the other is not asked there: it costs money, and nothing may be spent where this was asked."""


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """What was asked, and when."""

    question: Question
    asked_at: datetime
    waits: bool = False
    """Whether it was not its turn when it was asked, so that it is to ask the limiter again."""
    stopped_by: str = ""
    """Who pressed stop."""
    given: str = ""
    """The answer, where it was given privately before and is shared now: no model is asked."""
    facts: Facts | None = None
    """What is told under it then."""
    taken_back: bool = False
    """Whether the message that it was asked with was deleted: it is answered no more, and forgotten."""
    era: str = ""
    """The store's era in which it was written down: in that one, nothing of its answer was forgotten."""
    v: int = 1


@dataclass(slots=True)
class Part:
    """One message of the answer.

    ``stream``: ``at`` is when it was about to be opened, in the store's time, ``ts`` its timestamp once that is
    known. ``post``: Slack would not open a stream, and it is posted through the outbox, whose entry knows
    its timestamp.
    """

    way: Literal["stream", "post"]
    at: float
    ts: str | None = None
    closed: bool = False
    """Whether the stream is known to be closed, and its text is still to be put right: closing it again would use up
    what others close theirs by."""


@dataclass(slots=True)
class Bill:
    """What a question costs, in US dollars as text: Decimals are no JSON.

    ``at_most`` has a figure for each time that the model was asked, None where the price is unknown; ``untold`` counts
    those of which nobody said what was billed, ``input`` and ``output`` are the tokens of the others.
    """

    base: str
    at_most: list[str | None] = field(default_factory=list)
    untold: int = 0
    input: int = 0
    output: int = 0
    hourly: bool = False
    """Whether what answers is paid for by the hour, so that its tokens are counted here and no money."""
    reserved: bool = False
    """Whether money was about to be reserved for it, in whatever way it is paid for by now."""


@dataclass(slots=True)
class Offers:
    """What can be done where there is no answer: asking again, and waking the model of that name (empty: not that)."""

    again: bool = False
    wake: str = ""
    wake_base: str = ""
    """What that model was tuned from, which tells how it is served."""
    instead_of: str = ""
    """The model whose base can be asked meanwhile; empty: not that."""
    base: str = ""
    at_most: str | None = None
    """What asking the base costs at most, in US dollars; None where nobody knows."""
    which: tuple[str, ...] = ()
    """The models of which one can be asked, where nothing said which."""


@dataclass(slots=True)
class Sleeping:
    """The model that a question was for, and that was asleep: its base answers meanwhile, or nobody does."""

    model: str
    arn: str
    base: str
    name: str
    """By which name it is asked again: an alias, or the model's own."""
    by_alias: bool = False
    may_wake: bool = False
    waker: str = ""
    full: str = ""
    """Why the question is not kept; empty: it is."""
    based: bool = False
    """Whether its base is asked meanwhile."""


@dataclass(slots=True)
class QuestionStatus:
    """How far the answer is."""

    asks: int = 0
    """How often the model was asked."""
    model: str = ""
    partner: str = ""
    """What whoever goes on in the thread asks: the alias by which the model was asked; empty: the model."""
    parts: list[Part] = field(default_factory=list)
    texts: list[str] | None = None
    """What each message says in the end; None while that is not known."""
    said: str = ""
    """What the model said, to be remembered; empty when something else was said in its place."""
    told: bool = False
    begun: bool = False
    """Whether a question that had to wait has had its turn."""
    bill: Bill | None = None
    facts: Facts | None = None
    """What is told under the answer; None while there is none, and where other words stand in its place."""
    offers: Offers | None = None
    """What is offered under words that stand in an answer's place; None for nothing."""
    asleep: Sleeping | None = None
    """What it was for, while that is asleep; None: it is awake, or was never looked for."""
    cut: list[str] | None = None
    """What each message said when somebody pressed stop; None while nobody did."""
    cut_at: float = 0.0
    """When that was noticed, in the store's time."""


def key_of(question: Question) -> Key:
    """Return the resource's key."""
    return key_by(question.id)


def key_by(question_id: str) -> Key:
    """Return the key of the question of that ID: its digest, since an ID from Slack may hold any character."""
    return Key(KIND, hashlib.sha256(question_id.encode()).hexdigest()[:24])


def dump(spec: QuestionSpec) -> Document:
    """Return the spec as JSON."""
    return documents.dump(spec)


def place_of(resource: Resource) -> tuple[str, str | None]:
    """Return the channel and the thread that the answer goes to; None: nobody knows the thread yet."""
    question = SCHEMA.spec_of(resource).question
    if question.thread_ts:
        return question.channel, question.thread_ts
    aloud = entry_in(resource.status, "question")
    return (aloud.channel, aloud.ts) if aloud else (question.channel, None)


def sources_of(question: Question) -> Sources:
    """Return where the question was asked; a private one is seen by whoever asked it."""
    return Sources(Origin("" if question.private else question.channel, question.user))


SCHEMA = Schema(KIND, QuestionSpec, QuestionStatus)
