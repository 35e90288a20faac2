"""Asking: who answers, what it is asked, and what is remembered. Where the answer is shown is not decided here."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from bot import tracing
from bot.questions.answerer import Answerer, Asleep, Ending, Question, Turn
from bot.questions.ports import Answerers, Conversations, Inference
from bot.questions.prompting import Prompt, prompt_for
from bot.questions.sanitising import Sanitiser, plain
from bot.tracing import SpanKind


class Asking:
    """The use cases of a question."""

    def __init__(self, inference: Inference, conversations: Conversations, answerers: Answerers) -> None:
        self._inference = inference
        self._conversations = conversations
        self._answerers = answerers

    def answerer(self, question: Question) -> Answerer:
        """Return what answers: the model that was named, else the thread's, else the channel's.

        Raises:
            Refused: it is asleep; the hint says how to wake it.
            NotFound: there is none of that name.
        """
        model = question.model
        if model is None and question.thread_ts:
            model = self._conversations.model_of(question.channel, question.thread_ts)
        return self._answerers.answerer(model, question.channel, question.user, of_base=question.of_base)

    def prompt(self, question: Question, thread_ts: str) -> Prompt:
        """Return what whoever answers is asked, the thread's earlier turns taken into account."""
        earlier = self._conversations.turns(question.channel, thread_ts, before=question.repeats)
        return prompt_for(question.text, earlier)

    def pieces(
        self,
        question: Question,
        answerer: Answerer,
        thread_ts: str,
        before: Callable[[Prompt], None] = lambda _: None,
    ) -> Generator[str | Ending, None, None]:
        """Yield the answer piece by piece, harmless to show, the thread's earlier turns taken into account.

        The last of all is its ending. ``before`` is called with what the model is about to be asked.

        Close it to hang up on the model.

        Raises:
            Whatever ``Inference.stream`` and ``Conversations.turns`` raise, between any two pieces.
        """
        prompt = self.prompt(question, thread_ts)
        before(prompt)
        sanitiser, ending = Sanitiser(), Ending()
        with (
            _told_as_a_span() as begun_to_answer,
            _closed_afterwards(self._inference.stream(answerer, prompt.turns)) as pieces,
        ):
            for piece in pieces:
                begun_to_answer()
                if isinstance(piece, Ending):
                    ending = piece
                elif shown := sanitiser.feed(piece):
                    yield shown
        if rest := sanitiser.end():
            yield rest
        yield ending

    def begin(self, question: Question, thread_ts: str) -> None:
        """Remember that the thread begins with the question, if it does: whoever replies there asks on."""
        if question.opens or question.thread_ts is None:
            self._conversations.begin(question.channel, thread_ts)

    def bind(self, question: Question, answerer: Answerer, thread_ts: str) -> None:
        """Bind the thread to what answers, from before its first word: a reply may come while it speaks."""
        if question.compares:
            return
        self._conversations.bind(question.channel, thread_ts, answerer.alias or answerer.model_name)

    def partner(self, question: Question, thread_ts: str) -> str | None:
        """Return what whoever goes on in the thread asks: a model's name, or an alias; None where nobody was asked."""
        return self._conversations.model_of(question.channel, thread_ts)

    def meant(self, question: Question, asleep: Asleep, thread_ts: str) -> None:
        """Bind the thread to a model that was asked for by name and sleeps: a reply is for it once it is awake.

        A thread that talks to a model already stays that one's.
        """
        if question.model and self._conversations.model_of(question.channel, thread_ts) is None:
            self._conversations.bind(question.channel, thread_ts, asleep.model)

    def remember(self, question: Question, model_name: str, thread_ts: str, answer: str) -> None:
        """Add question and answer to the thread's conversation and bind it to the model. Repeating it is harmless.

        Without an answer the thread is still the model's: whoever goes on there means the one that was asked. What
        stands beside an answer for comparison is neither.
        """
        if question.compares:
            return
        if said := plain(answer).strip():
            self._conversations.append(
                question.channel, thread_ts, question.id, Turn("user", question.text), Turn("assistant", said)
            )
        self._conversations.bind(question.channel, thread_ts, model_name)

    def forget(self, question: Question, thread_ts: str) -> None:
        """Take question and answer out of the thread's conversation again. Repeating it is harmless."""
        self._conversations.forget(question.channel, thread_ts, question.id)


@contextmanager
def _told_as_a_span() -> Iterator[Callable[[], None]]:
    """Have the answer be a span, and yield what is called with each piece: when the first came is told."""
    told = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "aws.bedrock"}
    made = tracing.beside("chat", SpanKind.CLIENT, told)
    if made is None:
        yield _nothing
        return
    error = ""
    try:
        yield made.first
    except GeneratorExit:  # whoever listened has hung up
        raise
    except BaseException as wrong:
        error = type(wrong).__name__
        raise
    finally:
        made.end(error=error)


def _nothing() -> None:
    return None


@contextmanager
def _closed_afterwards(pieces: Iterator[str | Ending]) -> Iterator[Iterator[str | Ending]]:
    """Close the stream at once when nobody listens any more, not when it happens to be collected."""
    try:
        yield pieces
    finally:
        if isinstance(pieces, Generator):
            pieces.close()
