"""Models that answer and models awake, in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import TunesmithError
from bot.questions.answerer import Answerer, Asleep, Ending, Turn

ROUTER = Answerer(
    model_name="claims-router",
    profile="claude-3-haiku",
    region="us-west-2",
    endpoint_arn="arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefghijkl",
    system_prompt="You route claims.",
    max_tokens=4096,
)


class FakeInference:
    """An ``Inference`` that says what it was told to, piece by piece.

    Attributes:
        asked: The turns of each call.
        answerers: What was asked in each call.
        open: How many streams are neither at their end nor closed.
        between: Called before each piece: for tests in which time passes, or somebody acts meanwhile.
    """

    def __init__(self) -> None:
        self._answers: list[Sequence[str | Ending | TunesmithError]] = []
        self.always: Sequence[str | Ending | TunesmithError] = ("Route it ", "to oncology.")
        self.asked: list[list[Turn]] = []
        self.answerers: list[Answerer] = []
        self.open = 0
        self.between: Callable[[int], None] = lambda _: None

    def line_up(self, *answers: Sequence[str | Ending | TunesmithError]) -> None:
        """Give these answers to the next calls, then ``always``. An error among the pieces is raised there.

        One without an ending of its own ends well.
        """
        self._answers.extend(answers)

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str | Ending]:
        roles = [each.role for each in turns]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"], roles
        assert all(each.text.strip() for each in turns), "no API takes empty text"
        self.asked.append(list(turns))
        self.answerers.append(answerer)
        answer = self._answers.pop(0) if self._answers else self.always
        self.open += 1
        try:
            for number, piece in enumerate(answer):
                self.between(number)
                if isinstance(piece, TunesmithError):
                    raise piece
                yield piece
            if not any(isinstance(piece, Ending) for piece in answer):
                yield Ending()
        finally:
            self.open -= 1


@dataclass
class FakeAnswerers:
    """An ``Answerers``: one model is awake, or ``error`` is raised."""

    answerer_: Answerer = ROUTER
    error: TunesmithError | None = None
    asked_for: list[tuple[str | None, str]] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)

    def answerer(self, model: str | None, channel: str, user: str, *, of_base: bool = False) -> Answerer:
        self.asked_for.append((model, channel))
        self.asked_by.append(user)
        if self.error and not of_base:
            raise self.error
        return replace(self.answerer_, of_base=True, by_token=True) if of_base else self.answerer_

    def fall_asleep(self) -> None:
        """Refuse from now on."""
        self.error = Asleep(
            "`claims-router` is asleep.",
            hint="Wake it with `/tune serve claims-router for 2h`.",
            model="claims-router",
        )


@dataclass
class RecordedThinking:
    """A ``Thinking`` that remembers what it showed."""

    shown: list[tuple[str, str, str]] = field(default_factory=list)

    def show(self, channel: str, thread_ts: str, status: str) -> None:
        self.shown.append((channel, thread_ts, status))


@dataclass
class RecordedSessions:
    """A ``Sessions`` that remembers which threads something is at work in, and all that it was told."""

    at_work: set[tuple[str, str]] = field(default_factory=set)
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def working(self, channel: str, thread_ts: str, *, title: str) -> None:
        assert title
        self.at_work.add((channel, thread_ts))
        self.told.append((channel, thread_ts, "working"))

    def idle(self, channel: str, thread_ts: str) -> None:
        self.at_work.discard((channel, thread_ts))
        self.told.append((channel, thread_ts, "idle"))
