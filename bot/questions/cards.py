"""What is shown of questions, as values. Answers are Markdown of their own, as streams show it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.questions.kept import KeptEnd, ModelState, WakeEnd, WakePrice


@dataclass(frozen=True, slots=True)
class QuestionAloud:
    """A question, posted where it was asked, so that its answer has a thread.

    ``model`` is empty when none was named. ``of_base``: its base is asked.
    """

    user: str
    model: str
    words: str
    of_base: bool = False


@dataclass(frozen=True, slots=True)
class AnswerFooter:
    """What stands under an answer.

    ``version`` is what Bedrock calls the model, ``dataset_id`` the beginning of the SHA-256 of what it was trained on,
    empty where that may not be told. ``seconds`` are those from the question to the model until its last word, and
    ``first`` until its first. Tokens are None where the service said nothing of them. ``usd`` is what this answer cost,
    None where nobody knows: nothing more where the model is paid for by the hour (``hourly``). ``at_base_price``: it
    was computed at the price of the base, which stands for the tuned model's. ``of_base``: the base itself answered, in
    the place of the model. ``other_at_most`` is what the other of the two costs at most, asked the same.
    """

    question: str
    """What its buttons carry."""
    model: str
    base: str
    version: str
    made: datetime | None
    dataset: str
    dataset_id: str
    tokens_in: int | None
    tokens_out: int | None
    seconds: float
    first: float
    hourly: bool
    usd: Decimal | None
    at_base_price: bool
    of_base: bool = False
    other_at_most: Decimal | None = None
    compares: bool = False
    """Whether it stands beside another answer already."""
    closed: bool = False
    """Whether the other of the two is not asked there, since nothing may be spent where this was asked."""
    share: str = ""
    """The channel that whoever asked privately may share it with; empty for an answer that is before all."""
    temperature: float | None = None
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    other_prompt: bool = False
    """These four as they were set for the model; None, empty and False are the defaults."""
    alias: str = ""
    """The alias by which it was asked."""
    awaits: str = ""
    """The model that the alias stands for, where that is not in service yet and this one answered in its place."""


@dataclass(frozen=True, slots=True)
class AnswerOffers:
    """What is offered under words that stand in an answer's place: asking again, and waking the model of that name."""

    question: str
    again: bool
    wake: str
    wake_base: str = ""
    """What that model was tuned from."""
    instead_of: str = ""
    """The model whose base can be asked meanwhile, for ``at_most`` (None: nobody knows); empty: not that."""
    base: str = ""
    at_most: Decimal | None = None
    which: tuple[str, ...] = ()
    """The models of which one is chosen to answer it."""


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A question that is kept while its model is asleep, where it was asked.

    ``kept`` and ``question`` are what its buttons carry: what is kept, and the question as it was asked at first.
    """

    kept: str
    question: str
    model: str
    base: str
    until: datetime
    state: ModelState
    price: WakePrice
    may_wake: bool
    waker: str
    """Who may wake it where its asker may not; empty where nobody knows."""
    based: bool
    """Whether the base has answered meanwhile."""
    can_ask_base: bool
    base_at_most: Decimal | None
    end: KeptEnd | None = None
    is_aloud: bool = False
    """Whether it is in a channel, where people talk among themselves, too: of what they say none is kept by itself."""


@dataclass(frozen=True, slots=True)
class WakeWanted:
    """Told to whoever may wake a model: somebody has a question for it, in that channel."""

    kept: str
    asker: str
    model: str
    channel: str
    price: WakePrice
    link: str = ""
    """To the thread that it was asked in."""


@dataclass(frozen=True, slots=True)
class KeptLost:
    """Told once to whoever asked: the model was not woken. The question is kept all the same, until then."""

    user: str
    model: str
    how: WakeEnd
    until: datetime


@dataclass(frozen=True, slots=True)
class KeptOver:
    """Told once to whoever asked: their question is kept no longer, and was not answered by the model."""

    user: str
    model: str
    end: KeptEnd
    question: str
