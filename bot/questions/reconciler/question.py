"""One question, from being asked to the last word of its answer.

What it does on the outside, and what settles each of it, is in docs/effects.md. That the model is asked is saved first,
with the bill: one asking too many counts in full, and a throttle, which is no failure, takes one back. A part is saved
before its message is opened, and ``texts`` before a message is closed, the cost accounted for or the turns remembered:
from then on the answer is known, and nobody is asked again. A turn is taken, a conversation begun and its thread bound
once more. Should the store have failed over since the question was written down, it may have forgotten all of it: then
the thread is read before a first message is opened, and one of this question is taken up; what was answered stays where
it cannot be answered again.

A person who presses stop has read enough: what is there stays, says who stopped it, and is remembered as what it is,
a part; an answer that is not begun is not. They can from when the model is asked, stream or none. Where the
channel takes no more of an answer, what is not there yet goes to whoever asked; a question without a thread goes there
whole, with its answer.
"""

import logging
from collections.abc import Generator
from contextlib import closing

from bot.controller.context import Context
from bot.controller.effects import passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Done, Outcome
from bot.controller.outbox.entries import place_under
from bot.errors import Interrupted, Misconfigured, Refused, Throttled, TunesmithError, Unavailable
from bot.questions import endings, offers
from bot.questions.answerer import Answerer, Asleep, Ending
from bot.questions.cards import QuestionAloud
from bot.questions.context import QuestionContext
from bot.questions.decoration import Decoration
from bot.questions.effects import ASK as ASK_MODEL
from bot.questions.endpoint_line import InEndpointLine, take_turn
from bot.questions.headings import heading
from bot.questions.model import KIND, QuestionSpec, QuestionStatus
from bot.questions.prompting import Prompt
from bot.questions.reconciler.budget import note_usage, take_back
from bot.questions.reconciler.closing import close, final
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.footer import Timing, note_facts, offered
from bot.questions.reconciler.meanwhile import base_in_place, note_asleep
from bot.questions.reconciler.messages import AnswerMessages
from bot.questions.reconciler.stopping import Stopped, StopWatch, whoever_stopped
from bot.questions.reconciler.streaming import LiveAnswer, QuietAnswer
from bot.questions.reconciler.taking_back import end_taken_back
from bot.questions.reconciler.turns import await_turn, counted
from bot.questions.sanitising import sanitised
from bot.questions.shown import message_of
from bot.questions.splitting import joined, split
from bot.visibility import is_direct
from bot.wording import mention, parts_of, wording

__all__ = ["KIND", "QuestionReconciler"]

log = logging.getLogger(__name__)

ASKS = 4
"""How often a model is asked one question before a person is told that it does not work."""
BUSY = 3600.0
"""Seconds since a question was asked for which a throttle is waited out: whoever still waits then is told."""
FINISHING = 12.0
"""Seconds that an answer may still take when the process is told to end: most are whole by then."""
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

    def __init__(self, dependencies: QuestionDependencies) -> None:
        self._dependencies = dependencies

    def __call__(self, context: Context[QuestionSpec, QuestionStatus]) -> Outcome:
        """Answer the question, or go on where it was left."""
        question = QuestionContext(context)
        if question.spec.taken_back:
            end_taken_back(question, self._dependencies)
            return Done()
        await_turn(question, self._dependencies.rate_limiter)
        if not question.status.told and not self._tell(question):
            return Done()
        outcome = self._dependencies.outbox.settle(context, final(question, self._dependencies))
        if isinstance(outcome, Done):
            question.status.texts = []  # nobody needs the words any more
        return outcome

    def _tell(self, question: QuestionContext) -> bool:
        """Answer in the question's thread. Return False when there is none to answer in."""
        if not question.asked.thread_ts and not self._ask_aloud(question):
            return False
        if self._dependencies.readers and is_direct(question.channel):
            self._dependencies.readers.learn(question.channel, question.asked.user)
        self._dependencies.asking.begin(question.heard, question.thread)
        messages = AnswerMessages(question, self._dependencies)
        answer: LiveAnswer | QuietAnswer = QuietAnswer()
        if question.status.texts is None and question.spec.given:
            self._share(question)
        if question.status.texts is None:
            messages.settle_opening()
            if not question.stopped:
                messages.say_it_was_cut_off()
                answer = self._answer(question, messages)
                with counted(question):
                    self._hear(question, messages, answer)
            if question.stopped and question.status.texts is None:
                answer = QuietAnswer()
                self._end_where_stopped(question, messages)
        close(question, messages, answer, self._dependencies)
        return True

    def _share(self, question: QuestionContext) -> None:
        """Take the answer that was given before as this question's."""
        given, facts = question.spec.given, question.spec.facts
        question.status.facts = facts
        question.status.model = facts.model if facts else ""
        shown = Decoration()
        self._keep(question, split(shown.add(sanitised(given)) + shown.end()), given)

    def _answer(self, question: QuestionContext, messages: AnswerMessages) -> LiveAnswer | QuietAnswer:
        if not question.status.parts and question.may_be_forgotten():
            messages.take_up_a_forgotten_one()
        return (
            QuietAnswer()
            if question.status.parts
            else LiveAnswer(question, messages, self._dependencies.clock)
        )

    def _ask_aloud(self, question: QuestionContext) -> bool:
        """Post the question where it was asked, so that its answer has a thread, and go there.

        Where that is refused it goes to whoever asked. False: nobody takes it whom its answer is for.
        """
        asked = question.asked
        shown = asked.text if len(asked.text) <= ALOUD else asked.text[:ALOUD] + "…"
        aloud = QuestionAloud(asked.user, asked.model or "", shown, asked.of_base)
        self._dependencies.outbox.post_once(
            question.context,
            QUESTION,
            self._dependencies.renderer.render(aloud),
            channel=asked.user if asked.private else asked.channel,
            since=question.spec.asked_at,
            owner=asked.user,
        )
        place = place_under(question.context, QUESTION)
        # A last resort that is a channel is told of it; no answer is given where others read along.
        if place is None or not (place.channel == asked.channel or is_direct(place.channel)):
            return False
        question.channel, question.thread = place.channel, place.thread_ts or ""
        return True

    # Asking

    def _hear(
        self, question: QuestionContext, messages: AnswerMessages, answer: LiveAnswer | QuietAnswer
    ) -> None:
        """Ask the model and show its answer, or words in its place; ``texts`` is known and saved then."""
        try:
            said, otherwise = self._listen(question, answer)
            there = question.status.asleep
            if answer.text.strip():
                self._keep(question, answer.texts(), said)
            elif there and there.based:
                self._go_without_base(question, answer, Refused(*otherwise))
            else:
                self._keep(question, otherwise, "")
        except Stopped as stopped:
            self._cut(question, answer, deleted=stopped.deleted)
        except Interrupted:
            answer.say_it_goes_on(endings.RESTARTED)
            question.status.asks -= 1  # no failure of the model's
            question.save()
            raise
        except NoAnswer as failed:
            self._fail(question, messages, answer, failed.error)
        except Refused as refusal:
            log.warning(
                "%s: its answer cannot be shown: %s", question.context.key, refusal.detail or refusal.sentence
            )
            self._keep(question, answer.texts() if question.status.parts else [], "")

    def _cut(self, question: QuestionContext, answer: LiveAnswer | QuietAnswer, *, deleted: bool) -> None:
        """Write down what was said when the person had read enough."""
        if deleted:  # they took the message away: nothing is to be put in order
            said = endings.remembered(question.decoration.bare(answer.text), endings.STOPPED)
            self._keep(question, [], said)
            return
        question.status.cut, question.status.cut_at = answer.texts(), question.context.now()
        said = question.decoration.bare(joined(question.status.cut))
        question.status.said = endings.remembered(said, endings.STOPPED)
        question.save()

    def _end_where_stopped(self, question: QuestionContext, messages: AnswerMessages) -> None:
        """Say who stopped it, under what there is of the answer.

        Raises:
            NotReady: that may yet be told.
        """
        who = whoever_stopped(question, self._dependencies.store)
        question.status.model = question.status.model or self._meant(question)
        *before, last = question.status.cut or [""]
        note = endings.stopped_under(last, who)
        if last or not question.status.parts:
            self._keep(question, [*before, (last.rstrip() + note).strip()], question.status.said)
            return
        # What the messages say only the process knew that began them.
        messages.leave_as_they_are()
        self._dependencies.outbox.post_once(
            question.context,
            STOP,
            message_of(note.strip()),
            channel=question.channel,
            thread_ts=question.thread,
            since=question.spec.asked_at,
            owner=question.asked.user,
        )
        self._keep(question, [], "")

    def _listen(self, question: QuestionContext, answer: LiveAnswer | QuietAnswer) -> tuple[str, list[str]]:
        """Show the answer to its end; return what is remembered of it, and what is said should it be empty."""
        answerer = self._answerer(question)
        if question.status.asks >= ASKS:
            raise NoAnswer(Refused("I was interrupted too often while answering this.", hint="Ask again."))
        question.status.asks += 1
        question.status.model, question.status.partner = answerer.model_name, answerer.alias
        question.save()
        self._dependencies.asking.bind(question.heard, answerer, question.thread)
        self._dependencies.sessions.working(question.channel, question.thread, title=question.asked.text)
        if not question.status.parts:
            self._dependencies.thinking.show(question.channel, question.thread, "is thinking…")
        watch = StopWatch(question, self._dependencies.store, self._dependencies.clock)
        ending, timing = Ending(), Timing(self._dependencies.clock)
        decoration = question.decoration = Decoration(heading(question.asked, answerer))
        with (
            passing(ASK_MODEL),
            KeepAlive(question.context, patience=FINISHING, clock=self._dependencies.clock) as hold,
            closing(self._pieces(question, answerer)) as pieces,
        ):
            for piece in pieces:
                hold.keep()
                watch.check()
                if isinstance(piece, Ending):
                    ending = piece
                    note_usage(question, ending.usage)
                else:
                    timing.heard()
                    answer.add(decoration.add(piece))
        answer.add(decoration.end())
        said = endings.remembered(decoration.bare(answer.text), ending)
        if answer.text.strip():
            answer.add(endings.left_out_under(answer.text, question.prompt.left_out))
            if question.status.asleep and question.status.asleep.full:
                answer.add(endings.under(answer.text, question.status.asleep.full))
            note_facts(question, answerer, ending, timing, self._dependencies.billing)
            answer.add(endings.note_under(answer.text, ending, answerer))
        else:
            question.status.offers = offers.of_ending(ending)
        answer.end()
        why, mend = endings.sentences(ending, answerer)
        return said, _words(why or "The model gave no answer.", mend or "Ask it in other words.")

    def _answerer(self, question: QuestionContext) -> Answerer:
        try:
            answerer = self._dependencies.asking.answerer(question.asked)
        except Asleep as asleep:
            self._dependencies.asking.meant(question.heard, asleep, question.thread)
            note_asleep(question, asleep, self._dependencies)
            if base := base_in_place(question, asleep, self._dependencies):
                return base
            raise NoAnswer(asleep) from asleep
        except (Refused, Misconfigured) as refusal:
            raise NoAnswer(refusal) from refusal
        question.status.asleep = None
        return answerer

    def _meant(self, question: QuestionContext) -> str:
        """Return the model that would have answered a question that was stopped before; empty where none does."""
        try:
            return self._answerer(question).model_name
        except NoAnswer:
            return ""

    def _pieces(self, question: QuestionContext, answerer: Answerer) -> Generator[str | Ending, None, None]:
        try:
            yield from self._dependencies.asking.pieces(
                question.heard,
                answerer,
                question.thread,
                lambda prompt: self._reserve(question, answerer, prompt),
            )
        except TunesmithError as error:
            raise NoAnswer(error) from error

    def _reserve(self, question: QuestionContext, answerer: Answerer, prompt: Prompt) -> None:
        question.prompt = prompt
        asking = f"{question.context.key.id}.{question.status.asks}"
        question.taken = take_turn(self._dependencies.rate_limiter, asking, answerer, prompt.turns)
        if self._dependencies.billing:
            self._dependencies.billing.reserve(question, answerer, prompt.turns)

    def _fail(
        self,
        question: QuestionContext,
        messages: AnswerMessages,
        answer: LiveAnswer | QuietAnswer,
        error: TunesmithError,
    ) -> None:
        """Say why there is no answer, after what there is of it; what passes by itself is tried again first."""
        # Words may be billed, and what was refused before them is not.
        if not answer.text and isinstance(error, (Throttled, Refused, Misconfigured)):
            take_back(question)
            question.taken.were(0)
        there = question.status.asleep
        if there and there.based:
            self._go_without_base(question, answer, error)
            return
        if isinstance(error, Throttled):
            if question.age() < BUSY:
                self._wait_out(question, error)
                raise error
            question.save()
        if isinstance(error, Unavailable) and question.status.asks < ASKS:
            raise error
        hint = offers.hint_at_last(error)
        if isinstance(answer, QuietAnswer) and messages.is_said():
            log.info(
                "%s: it was answered before, and cannot be now: %s", question.context.key, error.sentence
            )
            question.status.asleep = None
            self._keep(question, [], "")
            return
        question.status.offers = offered(question, error, self._dependencies)
        if there and not (there.full or question.status.parts):
            self._keep(question, [], "")  # what is kept of it says so, with what can be done
            return
        if there:
            hint = f"{there.full} {hint}".strip()
        # A model that is asleep, or does not answer there, is nobody's fault: it was answered with what to do.
        level = logging.INFO if isinstance(error, Refused) else logging.WARNING
        log.log(level, "%s: no answer: %s %s", question.context.key, error.sentence, error.detail)
        said = f"The answer broke off. {sanitised(f'{error.message} {hint}'.strip())}"
        if answer.text.strip():
            self._keep(question, answer.texts(endings.under(answer.text, said)), "")
        else:
            self._keep(question, _words(error.message, hint), "")

    def _go_without_base(
        self, question: QuestionContext, answer: LiveAnswer | QuietAnswer, error: TunesmithError
    ) -> None:
        """Go on as where the base answers nobody: its answer is one that nobody asked for, and is not waited for."""
        there = question.status.asleep
        assert there is not None, "its base was asked"
        log.info("%s: its base does not answer: %s", question.context.key, error.sentence)
        there.based = False
        question.status.offers = offered(question, Asleep("", model=there.model), self._dependencies)
        said = f"{endings.BASE_BROKE_OFF} {there.full}".strip()
        texts = answer.texts(endings.under(answer.text, said)) if answer.text.strip() else []
        if not texts and (there.full or question.status.parts):
            texts = _words(endings.asleep(there.model), there.full)
        self._keep(question, texts, "")

    def _wait_out(self, question: QuestionContext, error: Throttled) -> None:
        """Take back that it was asked, since a throttle is no failure, and show that it is waited for."""
        question.status.asks -= 1
        question.save()
        status = "is waiting: AWS asked me to slow down, I go on by myself…"
        if isinstance(error, InEndpointLine):
            status = error.status
        self._dependencies.thinking.show(question.channel, question.thread, status)

    def _keep(self, question: QuestionContext, texts: list[str], said: str) -> None:
        question.status.texts, question.status.said = texts, said
        question.save()


def _words(message: str, hint: str) -> list[str]:
    """Return what is said in place of an answer. Whom it names by type is mentioned, nobody else."""
    parts = parts_of(wording(message, " ", hint) if hint else message)
    return ["".join(sanitised(each) if isinstance(each, str) else mention(each) for each in parts)]
