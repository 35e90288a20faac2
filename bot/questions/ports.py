"""What asking needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.controller.model import Message
from bot.questions.answerer import Answerer, AnswerVote, ChannelSettings, Ending, Turn
from bot.questions.kept import Wake, WakePrice


class Inference(Protocol):
    """Bedrock's runtime."""

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str | Ending]:
        """Yield the answer piece by piece, and last of all its ending.

        ``turns`` alternate, begin and end with the user's. Without an ending the answer broke off, which is raised.

        Raises:
            Throttled: too many requests for now.
            Unavailable: not ready, timed out, or the model failed; nothing is kept.
            NotFound: the endpoint is gone (released meanwhile).
            Refused: the service will not take the request, with its words as ``detail``.
        """


class Conversations(Protocol):
    """What was said in a thread, newest last, bounded in turns and in time."""

    def turns(self, channel: str, thread_ts: str, *, before: str = "") -> list[Turn]:
        """Return the turns so far; empty for a thread that is new or long past.

        ``before``: those before the question of that ID alone; all where it is not known.
        """

    def append(self, channel: str, thread_ts: str, question_id: str, *turns: Turn) -> None:
        """Add turns. Repeating it with the same question ID adds nothing."""

    def forget(self, channel: str, thread_ts: str, question_id: str) -> None:
        """Take the turns of a question out again. Repeating it is harmless; what is not there is left alone."""

    def model_of(self, channel: str, thread_ts: str) -> str | None:
        """Return the model that the thread talks to, or None."""

    def bind(self, channel: str, thread_ts: str, model: str) -> None:
        """Remember the model that the thread talks to."""

    def begin(self, channel: str, thread_ts: str) -> None:
        """Remember that the thread begins with a question. Repeating it is harmless."""

    def began_in(self, channel: str, thread_ts: str) -> bool:
        """Return whether the thread begins with a question; False for one that is long past."""


class Feedback(Protocol):
    """What people think of answers. Both raise ``Unavailable`` when the store does not answer."""

    def save(self, vote: AnswerVote) -> None:
        """Add it, or replace that of the same person on the same answer."""

    def of_version(self, version: str) -> list[AnswerVote]:
        """Return what was thought of that model's answers, newest first."""


class ChannelSettingsRepository(Protocol):
    """How channels want to be answered. Both raise ``Unavailable`` when the store does not answer."""

    def save(self, settings: ChannelSettings) -> None:
        """Add them, or replace those of the same channel."""

    def of(self, channel: str) -> ChannelSettings | None:
        """Return the settings of that channel, or None while nobody has set any."""


class Answerers(Protocol):
    """Which models are awake, by whatever serves them."""

    def answerer(self, model: str | None, channel: str, user: str, *, of_base: bool = False) -> Answerer:
        """Return the model named, or the one that the channel means when none is, for that person.

        ``of_base``: the base that it was tuned from instead, which is never asleep.

        Raises:
            Refused: it does not answer in that channel, or is asleep; the hint says how to wake it and what that costs.
            NotFound: there is none of that name; the hint has the nearest.
        """


class Wakes(Protocol):
    """What is done to have models in service, by whatever serves them. Both raise ``Unavailable``.

    It is the same for everybody: who waits for a model saw it when they asked, and nothing else of it is told.
    """

    def look(self, model_arn: str, noted: str) -> Wake:
        """Return how far the model is, with the attempt that is on its way.

        ``noted``: the attempt that was on its way before; where none is by now, it is told how that one ended.
        """

    def price(self, base: str) -> WakePrice:
        """Return what it costs to wake a model of that base, by the one figure that a plan of it has."""


class DirectReaders(Protocol):
    """Who reads which direct message, so that Slack need not be asked of each."""

    def learn(self, channel: str, user: str) -> None:
        """Remember whose direct message it is: that never changes."""


class Streams(Protocol):
    """A message that grows while people read it. Text is Markdown, at most 12,000 characters a call.

    Errors are those of ``bot.controller.ports.Messages``; ``start``, ``append`` and ``stop`` also raise
    ``StreamClosed``.
    """

    def start(self, channel: str, thread_ts: str, *, user: str, team: str, text: str) -> str:
        """Open a stream with a first piece and return its timestamp. It carries no marker before it is stopped."""

    def append(self, channel: str, ts: str, text: str) -> None:
        """Add a piece.

        Raises:
            StreamClosed: the stream is no longer open: expired, stopped by the person, full.
        """

    def stop(
        self,
        channel: str,
        ts: str,
        *,
        marker: str,
        text: str = "",
        goes_on: bool = False,
        under: Message | None = None,
    ) -> None:
        """Close it with the marker in its metadata. Nothing is at work in the thread then, unless ``goes_on``.

        ``text`` is a last piece: no append of its own. The blocks of ``under`` stand under its text from then on.

        Raises:
            StreamClosed: it is closed already, and has no marker.
        """

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        """Put the text, what stands ``under`` it, and the marker in place of all that the message says.

        Repeating it is harmless.

        Raises:
            Unavailable: its stream is open: stop it first.
        """

    def unmarked(
        self, channel: str, thread_ts: str, *, since: datetime, or_with: str | None = None
    ) -> list[str]:
        """Return the timestamps of our messages in the thread that carry no marker, or this one, oldest first.

        Everything else that we post is marked at once, so these are streams that were never stopped.
        """


class Sessions(Protocol):
    """A thread as a session with the bot: while something is at work there, people have a button that stops it.

    Best effort, and not every app or workspace has sessions: it never raises.
    """

    def working(self, channel: str, thread_ts: str, *, title: str) -> None:
        """Say that something is at work. ``title`` names a session that is new."""

    def idle(self, channel: str, thread_ts: str) -> None:
        """Say that nothing is: a press of stop does not say so by itself."""
