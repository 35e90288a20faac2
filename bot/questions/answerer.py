"""Questions, turns of a conversation, and what answers."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.errors import Refused
from bot.profiles.model import Profile
from bot.wording import Person


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation in a thread."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and where the answer goes.

    ``id`` is unique for the question (the event's ID or the command's trigger), so that a repeated delivery is the
    same question. ``thread_ts`` is the thread the answer goes into; None only for a slash command, whose answer
    opens its own message. ``model`` is the name they gave, or None.
    """

    id: str
    text: str
    channel: str
    user: str
    team: str
    thread_ts: str | None
    model: str | None = None
    opens: bool = False
    """Whether the thread that its answer goes into begins with it. One without a thread opens one in any case."""
    of_base: bool = False
    """Whether the base that the model was tuned from is asked in its place."""
    repeats: str = ""
    """The ID of the question that it asks once more: what was said in the thread before that one is what is known."""
    compares: bool = False
    """Whether its answer stands beside that one's, and is no part of the conversation."""
    private: bool = False
    """Whether the answer is for whoever asked alone: it comes directly to them, and they may share it."""
    agreed: str = ""
    """What it may cost at most, in US dollars as text, where whoever asks was told a figure."""
    kept: bool = False
    """Whether it was kept while what it is for was asleep, and is asked again now that this is awake."""
    asked_in: str = ""
    """The channel that it was asked in at first, where it goes on in another conversation; empty: in this one."""

    @property
    def home(self) -> str:
        """The channel that it was asked in: whose people may ask, whose budget pays, where it may be shared."""
        return self.asked_in or self.channel

    def going_on_in(self, channel: str, thread_ts: str | None) -> "Question":
        """Return it as it is asked on in the thread of its answer, which may be a direct message; its home stays."""
        asked_in = "" if channel == self.home else self.home
        return replace(self, channel=channel, thread_ts=thread_ts, opens=False, kept=False, asked_in=asked_in)


@dataclass(frozen=True, slots=True)
class Answerer:
    """What will answer: a tuned model in service, with the system prompt that it was trained with."""

    model_name: str
    profile: str
    region: str
    endpoint_arn: str
    system_prompt: str | None
    max_tokens: int
    by_token: bool = False
    """Whether each answer is billed by its tokens; if not, all of them are paid for by the hour."""
    version: str = ""
    """What Bedrock calls the model, which no other ever is, whatever people call it."""
    made: datetime | None = None
    of_base: bool = False
    """Whether it is the base itself that answers, in the place of the model of that name."""
    alias: str = ""
    """The name by which it was asked, where that stands for a model: whoever goes on asks what it stands for then."""
    awaits: str = ""
    """The model that the alias stands for, where that is not in service yet and this one answers in its place."""
    a_minute: int | None = None
    """How many questions a minute the account may ask all deployments of the base together; None: nobody says."""
    tokens_a_minute: int | None = None
    """How many tokens a minute these may read and write together; None: nobody says."""
    temperature: float | None = None
    """From 0 to 1; None is what the service takes by default."""
    stop: tuple[str, ...] = ()
    """The texts before which an answer ends."""
    set_length: bool = False
    """Whether the longest answer was set for this model."""
    other_prompt: bool = False
    """Whether the system prompt is another than it was trained with."""
    dataset: str = ""
    dataset_id: str = ""
    """What it was trained on, and the beginning of that content's SHA-256; empty where that may not be told."""


def base_answerer(base: Profile, system_prompt: str | None, longest: int, *, called: str = "") -> Answerer:
    """Return the base itself as what answers, on demand and billed by its tokens, in at most ``longest`` tokens.

    ``called``: the model in whose place it answers; by itself it has its own label.
    """
    return Answerer(
        model_name=called or base.label,
        profile=base.name,
        region=base.region,
        endpoint_arn=base.inference_id,
        system_prompt=system_prompt,
        max_tokens=min(base.max_answer_tokens, longest),
        by_token=True,
        of_base=True,
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that one answer was billed for."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended: the service's own word for why it stopped, and what was billed, None when nobody says."""

    stop_reason: str = "end_turn"
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How questions that are typed as a command are answered in a channel: before all, or to whoever asks alone."""

    channel: str
    private: bool
    by: str
    at: datetime
    base_meanwhile: bool = True
    """Whether a model that is asleep is answered for by its base until it is awake."""


@dataclass(frozen=True, slots=True)
class AnswerVote:
    """What one person thinks of one answer.

    ``version`` is what Bedrock calls the model that gave it, or the name of the base where that answered. ``channel``
    and ``asker`` say who may know of it: whoever sees the channel, or is that person in a direct message.
    """

    answer: str
    user: str
    good: bool
    version: str
    channel: str
    asker: str
    at: datetime


class Asleep(Refused):
    """What would answer is not in service (yet).

    ``model``: its name, as it is known now, ``arn`` which it is whatever it is called, and ``base`` what it was tuned
    from. ``may_wake``: whoever asked may have it woken, ``waker``: else who is to be asked.
    """

    def __init__(
        self,
        message: str,
        *,
        model: str,
        base: str = "",
        arn: str = "",
        hint: str = "",
        detail: str = "",
        may_wake: bool = False,
        waker: Person | str = "",
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.model, self.base, self.arn = model, base, arn
        self.may_wake, self.waker = may_wake, waker


class SeveralAwake(Refused):
    """More than one could answer, and nothing says which; ``names`` are theirs."""

    def __init__(self, message: str, names: Collection[str], *, hint: str = "", detail: str = "") -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.names = tuple(names)


class StreamClosed(Refused):
    """The message no longer grows. ``reason``: its time is over, the person pressed stop, or it is full."""

    def __init__(
        self, message: str, *, reason: Literal["expired", "stopped", "full"], hint: str = "", detail: str = ""
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.reason = reason
