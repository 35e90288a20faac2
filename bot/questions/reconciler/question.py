"""One question, from being asked to the last word of its answer.

What it does on the outside, and what settles each of it, is in docs/effects.md. That the model is asked is saved first,
with the bill: one asking too many counts in full, and a throttle, which is no failure, takes one back. A part is saved
before its message is opened, and ``texts`` before a message is closed, the cost accounted for or the turns remembered:
from then on the answer is known, and nobody is asked again. A turn is taken, a conversation begun and its thread bound
once more. Should the store have failed over and forgotten all of it, then the thread is read before a first message is
opened, and one of this question is taken up; what was answered stays where it cannot be answered again.

A person who presses stop has read enough: what is there stays, says who stopped it, and is remembered as what it is,
a part; an answer that is not begun is not. They can from when the model is asked, stream or none. Where the
channel takes no more of an answer, what is not there yet goes to whoever asked; a question without a thread goes there
whole, with its answer.
"""

import logging
from collections.abc import Generator, Sequence
from contextlib import closing

from bot.controller.context import Context, NotReady
from bot.controller.effects import passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Done, Message, Outcome
from bot.controller.outbox.entries import place_under
from bot.controller.outbox.messages import POSTED, note_of
from bot.errors import Misconfigured, Refused, Throttled, TunesmithError, Unavailable
from bot.questions import endings
from bot.questions.answerer import Answerer, Asleep, Ending, Turn
from bot.questions.cards import QuestionAloud
from bot.questions.context import QuestionContext
from bot.questions.effects import ASK as ASK_MODEL
from bot.questions.effects import REMEMBER
from bot.questions.model import KIND, Progress, QuestionSpec
from bot.questions.reconciler.budget import note_usage, take_back
from bot.questions.reconciler.messages import AnswerMessages, message_of, name_of
from bot.questions.reconciler.parts import QuestionDependencies
from bot.questions.reconciler.stopping import Stopped, StopWatch, whoever_stopped
from bot.questions.reconciler.streaming import LiveAnswer, QuietAnswer
from bot.questions.sanitising import sanitised
from bot.questions.waiting_line import ASK, within
from bot.wording import mention, parts_of, wording

__all__ = ["KIND", "QuestionReconciler"]

log = logging.getLogger(__name__)

ASKS = 4
"""How often a model is asked one question before a person is told that it does not work."""
BUSY = 3600.0
"""Seconds since a question was asked for which a throttle is waited out: whoever still waits then is told."""
ALOUD = 2_800
"""Characters of a question that are repeated in the channel; all of it goes to the model."""
QUESTION = "question"
"""The message with the question itself, for a question without a thread."""
STOP = "stopped"
"""The message that it was stopped, where the answer's own messages cannot say so."""


class NoAnswer(Exception):
    """The model, or the way to it, failed; ``error`` is what happened."""

    def __init__(self, error: TunesmithError) -> None:
        super().__init__(str(error))
        self.error = error


class QuestionReconciler:
    """Brings one question nearer to its answer."""

    def __init__(self, tools: QuestionDependencies) -> None:
        self._tools = tools

    def __call__(self, step: Context[QuestionSpec, Progress]) -> Outcome:
        """Answer the question, or go on where it was left."""
        work = QuestionContext(step)
        self._await_turn(work)
        if not work.progress.told and not self._tell(work):
            return Done()
        return self._tools.outbox.settle(step, self._final(work))

    def _await_turn(self, work: QuestionContext) -> None:
        """Go on when it is the turn of a question that had to wait.

        Raises:
            NotReady: it is not.
        """
        if not work.spec.waits or work.progress.begun or work.stopped or self._tools.rate_limiter is None:
            return
        wait = self._tools.rate_limiter.ask(ASK, work.step.key.id, within(work.question))
        if wait > 0:
            raise NotReady(wait)
        work.progress.begun = True
        work.save()

    def _tell(self, work: QuestionContext) -> bool:
        """Answer in the question's thread. Return False when there is none to answer in."""
        if not work.question.thread_ts and not self._ask_aloud(work):
            return False
        self._tools.asking.begin(work.heard, work.thread)
        messages = AnswerMessages(work, self._tools)
        answer: LiveAnswer | QuietAnswer = QuietAnswer()
        if work.progress.texts is None:
            messages.settle_opening()
            if not work.stopped:
                answer = self._answer(work, messages)
                self._hear(work, messages, answer)
            if work.stopped and work.progress.texts is None:
                answer = QuietAnswer()
                self._end_where_stopped(work, messages)
        self._close(work, messages, answer)
        return True

    def _answer(self, work: QuestionContext, messages: AnswerMessages) -> LiveAnswer | QuietAnswer:
        if not work.progress.parts:
            messages.take_up_a_forgotten_one()
        return QuietAnswer() if work.progress.parts else LiveAnswer(work, messages, self._tools.clock)

    def _ask_aloud(self, work: QuestionContext) -> bool:
        """Post the question where it was asked, so that its answer has a thread, and go there.

        Where that is refused it goes to whoever asked. False: nobody takes it.
        """
        question = work.question
        shown = question.text if len(question.text) <= ALOUD else question.text[:ALOUD] + "…"
        aloud = QuestionAloud(question.user, question.model or "", shown)
        self._tools.outbox.post_once(
            work.step,
            QUESTION,
            self._tools.renderer.render(aloud),
            channel=question.channel,
            since=work.spec.asked_at,
            owner=question.user,
        )
        place = place_under(work.step, QUESTION)
        if place:
            work.channel, work.thread = place.channel, place.thread_ts or ""
        return place is not None

    # Asking

    def _hear(
        self, work: QuestionContext, messages: AnswerMessages, answer: LiveAnswer | QuietAnswer
    ) -> None:
        """Ask the model and show its answer, or words in its place; ``texts`` is known and saved then."""
        try:
            said, otherwise = self._listen(work, answer)
            if answer.text.strip():
                self._keep(work, answer.texts(), said)
            else:
                self._keep(work, otherwise, "")
        except Stopped as stopped:
            self._cut(work, answer, deleted=stopped.deleted)
        except NoAnswer as failed:
            self._fail(work, messages, answer, failed.error)
        except Refused as refusal:
            log.warning(
                "%s: its answer cannot be shown: %s", work.step.key, refusal.detail or refusal.sentence
            )
            self._keep(work, answer.texts() if work.progress.parts else [], "")

    def _cut(self, work: QuestionContext, answer: LiveAnswer | QuietAnswer, *, deleted: bool) -> None:
        """Write down what was said when the person had read enough."""
        if deleted:  # they took the message away: nothing is to be put in order
            self._keep(work, [], endings.remembered(answer.text, endings.STOPPED))
            return
        work.progress.cut, work.progress.cut_at = answer.texts(), work.step.now()
        work.progress.said = endings.remembered("".join(work.progress.cut), endings.STOPPED)
        work.save()

    def _end_where_stopped(self, work: QuestionContext, messages: AnswerMessages) -> None:
        """Say who stopped it, under what there is of the answer.

        Raises:
            NotReady: that may yet be told.
        """
        who = whoever_stopped(work, self._tools.store)
        work.progress.model = work.progress.model or self._meant(work)
        *before, last = work.progress.cut or [""]
        note = endings.stopped_under(last, who)
        if last or not work.progress.parts:
            self._keep(work, [*before, (last.rstrip() + note).strip()], work.progress.said)
            return
        # What the messages say only the process knew that began them.
        messages.leave_as_they_are()
        self._tools.outbox.post_once(
            work.step,
            STOP,
            message_of(note.strip()),
            channel=work.channel,
            thread_ts=work.thread,
            since=work.spec.asked_at,
            owner=work.question.user,
        )
        self._keep(work, [], "")

    def _listen(self, work: QuestionContext, answer: LiveAnswer | QuietAnswer) -> tuple[str, list[str]]:
        """Show the answer to its end; return what is remembered of it, and what is said should it be empty."""
        answerer = self._answerer(work)
        if work.progress.asks >= ASKS:
            raise NoAnswer(Refused("I was interrupted too often while answering this.", hint="Ask again."))
        work.progress.asks += 1
        work.progress.model = answerer.model_name
        work.save()
        self._tools.asking.bind(work.heard, answerer, work.thread)
        self._tools.sessions.working(work.channel, work.thread, title=work.question.text)
        if not work.progress.parts:
            self._tools.thinking.show(work.channel, work.thread, "is thinking…")
        watch = StopWatch(work, self._tools.store, self._tools.clock)
        ending = Ending()
        with (
            passing(ASK_MODEL),
            KeepAlive(work.step) as hold,
            closing(self._pieces(work, answerer)) as pieces,
        ):
            for piece in pieces:
                hold.keep()
                watch.check()
                if isinstance(piece, Ending):
                    ending = piece
                    note_usage(work, ending.usage)
                else:
                    answer.add(piece)
        said = endings.remembered(answer.text, ending)
        if answer.text.strip():
            answer.add(endings.note_under(answer.text, ending, answerer))
        answer.end()
        why, mend = endings.sentences(ending, answerer)
        return said, _words(why or "The model gave no answer.", mend or "Ask it in other words.")

    def _answerer(self, work: QuestionContext) -> Answerer:
        try:
            return self._tools.asking.answerer(work.question)
        except Asleep as asleep:
            self._tools.asking.meant(work.heard, asleep, work.thread)
            raise NoAnswer(asleep) from asleep
        except (Refused, Misconfigured) as refusal:
            raise NoAnswer(refusal) from refusal

    def _meant(self, work: QuestionContext) -> str:
        """Return the model that would have answered a question that was stopped before; empty where none does."""
        try:
            return self._answerer(work).model_name
        except NoAnswer:
            return ""

    def _pieces(self, work: QuestionContext, answerer: Answerer) -> Generator[str | Ending, None, None]:
        try:
            yield from self._tools.asking.pieces(
                work.heard, answerer, work.thread, lambda turns: self._reserve(work, answerer, turns)
            )
        except TunesmithError as error:
            raise NoAnswer(error) from error

    def _reserve(self, work: QuestionContext, answerer: Answerer, turns: Sequence[Turn]) -> None:
        if self._tools.purse:
            self._tools.purse.reserve(work, answerer, turns)

    def _fail(
        self,
        work: QuestionContext,
        messages: AnswerMessages,
        answer: LiveAnswer | QuietAnswer,
        error: TunesmithError,
    ) -> None:
        """Say why there is no answer, after what there is of it; what passes by itself is tried again first."""
        if isinstance(error, Throttled) and work.age() < BUSY:
            self._wait_out(work, said=bool(answer.text))
            raise error
        if isinstance(error, Unavailable) and work.progress.asks < ASKS:
            raise error
        # Whatever its hint promises: nothing is tried any more from here on.
        hint = "Ask again." if isinstance(error, Unavailable) else error.hint
        if isinstance(answer, QuietAnswer) and messages.is_said():
            log.info("%s: it was answered before, and cannot be now: %s", work.step.key, error.sentence)
            self._keep(work, [], "")
            return
        # A model that is asleep, or does not answer there, is nobody's fault: it was answered with what to do.
        level = logging.INFO if isinstance(error, Refused) else logging.WARNING
        log.log(level, "%s: no answer: %s %s", work.step.key, error.sentence, error.detail)
        said = f"_The answer broke off. {sanitised(f'{error.message} {hint}'.strip())}_"
        if answer.text.strip():
            self._keep(work, answer.texts(f"\n\n{said}"), "")
        else:
            self._keep(work, _words(error.message, hint), "")

    def _wait_out(self, work: QuestionContext, *, said: bool) -> None:
        """Take back that it was asked, since a throttle is no failure, and show that it is waited for.

        ``said``: words came before it, and may be billed.
        """
        work.progress.asks -= 1
        if not said:
            take_back(work)
        work.save()
        self._tools.thinking.show(
            work.channel, work.thread, "is waiting: AWS asked me to slow down, I go on by myself…"
        )

    def _keep(self, work: QuestionContext, texts: list[str], said: str) -> None:
        work.progress.texts, work.progress.said = texts, said
        work.save()

    # Closing

    def _close(
        self, work: QuestionContext, messages: AnswerMessages, answer: LiveAnswer | QuietAnswer
    ) -> None:
        """Make each message say what it should, remember the turns, and be done."""
        texts = work.progress.texts or []
        for index, text in enumerate(texts):
            if not answer.closed(index):
                messages.close(index, text, exact=answer.exact(index))
        if texts:
            messages.drop_after(len(texts))
        if not messages.session_moved:
            self._tools.sessions.idle(work.channel, work.thread)
        if work.progress.model:
            with passing(REMEMBER):
                self._tools.asking.remember(work.heard, work.progress.model, work.thread, work.progress.said)
        if self._tools.purse:
            self._tools.purse.account(work)
        work.progress.told, work.progress.said = True, ""
        if not self._final(work):
            work.progress.texts = []  # nobody needs the words any more
        work.save()

    def _final(self, work: QuestionContext) -> dict[str, Message]:
        """Return what the messages that were posted whole show for ever."""
        texts = enumerate(work.progress.texts or [])
        return {
            name_of(index): message_of(text)
            for index, text in texts
            if note_of(work.step, name_of(index))["state"] == POSTED
        }


def _words(message: str, hint: str) -> list[str]:
    """Return what is said in place of an answer. Whom it names by type is mentioned, nobody else."""
    parts = parts_of(wording(message, " ", hint) if hint else message)
    return ["".join(sanitised(each) if isinstance(each, str) else mention(each) for each in parts)]
