"""A question that is kept while the model that it is for is asleep: what is written down of it, and how many there are.

Whoever asks is answered by the base meanwhile, where that is open to them; once the model is in service, whatever woke
it, the question is asked again in its thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.controller.model import Key, Registration, Resource
from bot.controller.schema import Schema
from bot.questions.answerer import Question

KIND = "kept"

KEPT_FOR = timedelta(hours=24)
"""How long a question is kept. A choice: after a day its asker has found another way, and an answer would surprise."""
PER_PERSON, PER_MODEL = 5, 30
"""How many are kept at once. A choice: a person's are what they still remember, a model's are answered in minutes."""


class KeptEnd(StrEnum):
    """How it came to its end."""

    ANSWERED = "answered"
    FORGOTTEN = "forgotten"
    EXPIRED = "expired"
    GONE = "gone"
    """The model does not answer its asker there any more: deleted, or not theirs to ask by now."""


class WakeEnd(StrEnum):
    """How an attempt to wake a model ended before it was in service."""

    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ModelState(StrEnum):
    """How far a model is served, for whoever waits for it."""

    ASLEEP = "asleep"
    ASKED = "asked for"
    """An approver is asked."""
    WAKING = "waking"
    IN_SERVICE = "in service"


@dataclass(frozen=True, slots=True)
class Wake:
    """What is done to have a model in service: the attempt (``id``) that is on its way, or how that one ended.

    ``lost`` is None where it has not ended, or was in service.
    """

    state: ModelState = ModelState.ASLEEP
    id: str = ""
    lost: WakeEnd | None = None


@dataclass(frozen=True, slots=True)
class WakePrice:
    """What waking a model costs: at most ``usd`` for an hour, None where nobody knows; nothing where not ``hourly``."""

    hourly: bool
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KeptSpec:
    """What is kept: the question as it is asked again, in its thread, and the model that it waits for."""

    question: Question
    asked: str
    """The key of the question that was asked at first, which the buttons under its answer carry."""
    model: str
    """What the model was called then, and ``arn`` which it is."""
    arn: str
    base: str
    asked_at: datetime
    until: datetime
    by_alias: bool = False
    """Whether it is for an alias, which may stand for another model by the time."""
    may_wake: bool = False
    """Whether its asker may have the model woken; else ``waker`` may, whose ID that is where it is known."""
    waker: str = ""
    based: bool = False
    """Whether the base has answered it meanwhile."""
    base_at_most: str | None = None
    """What asking the base costs at most, in US dollars as text, where it can be asked and was not; None: not that."""
    forgotten: bool = False
    """Whether its asker wants it no more."""
    woken: str = ""
    """The attempt to wake the model that somebody began by its button, the last one."""
    begun: bool = False
    """Whether it is being asked again: from then on nobody has it forgotten. Of this and ``forgotten``, which are
    written in the same place, the first counts."""
    v: int = 1


@dataclass(slots=True)
class KeptStatus:
    """What has been done."""

    end: KeptEnd | None = None
    wake: str = ""
    """The attempt to wake the model that was on its way when that was last looked at; empty: none."""
    lost: WakeEnd | None = None
    """How the last such ended that was told of."""
    let_pass: int = 0
    """How often it let those that were asked before it go first."""


SCHEMA = Schema(KIND, KeptSpec, KeptStatus)


def key_of(question_key: str) -> Key:
    """Return the key of what is kept of the question of that key: one is kept once."""
    return Key(KIND, question_key)


def again_id(question_key: str) -> str:
    """Return the ID under which what is kept of the question of that key is asked again."""
    return f"{KIND}:{question_key}"


def registration(spec: KeptSpec) -> Registration:
    """Return what has it kept."""
    return SCHEMA.wanted(spec.asked, spec)


def no_room(kept: Iterable[Resource], model_arn: str, user: str) -> str:
    """Return why one more is not kept, as a sentence; empty where there is room."""
    waiting = [SCHEMA.spec_of(each) for each in kept if not each.done]
    if sum(each.question.user == user for each in waiting) >= PER_PERSON:
        return f"I do not keep this question: {PER_PERSON} of yours are kept already."
    if sum(each.arn == model_arn for each in waiting) >= PER_MODEL:
        return f"I do not keep this question: {PER_MODEL} are kept for this model already."
    return ""
