"""Questions, as handlers hand them in."""

from dataclasses import replace

from bot.clock import Clock
from bot.controller.model import Registration
from bot.controller.ports import RateLimiter, SpecWriter, Turn
from bot.directory.directory import Directory
from bot.directory.service import ATTEMPTS
from bot.errors import NotFound, Refused
from bot.questions import kept
from bot.questions.answerer import Question
from bot.questions.kept import KeptSpec
from bot.questions.model import (
    KIND,
    SCHEMA,
    Facts,
    QuestionSpec,
    QuestionStatus,
    dump,
    key_by,
    key_of,
    place_of,
)
from bot.questions.ports import Conversations
from bot.questions.waiting_line import ASK, InLine, LineLimits, turned_away, within
from bot.wording import quoted


class QuestionService:
    """Takes questions. The answer comes in Slack; nothing is waited for here.

    Args:
        store: where they are written down.
        directory: what whoever asks may see.
        conversations: which threads are some, and with which model.
        clock: what time it is.
        limiter: who has a turn; None: everybody at once.
        limits: how many are begun in a minute; the limiter has them as budgets, here they are told.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        conversations: Conversations,
        clock: Clock,
        rate_limiter: RateLimiter | None = None,
        limits: LineLimits | None = None,
    ) -> None:
        self._store = store
        self._directory = directory
        self._conversations = conversations
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._limits = limits or LineLimits()

    def ask(self, question: Question) -> InLine | None:
        """Have the question answered; return its place in line when it has to wait.

        The same question (by its ID) twice is answered once.

        Raises:
            NotAllowed: only some may ask, and they are not among them.
            Refused: the model that is named does not answer where it was asked: everybody there would read it. Or so
                many of this person's, or in this channel, are waiting that no more are taken for now.
            Unavailable: the store did not answer; nothing was written down.
        """
        self._check_home(question)
        named, _ = self._directory.asked_model(question.model) if question.model else (None, None)
        if named:
            self._directory.check_answers(named, question.channel)
        key = key_of(question)
        turn = self._rate_limiter.turn(ASK, key.id, within(question)) if self._rate_limiter else Turn(0.0)
        if turn.full:
            raise turned_away(turn, self._limits, question.text)
        spec = QuestionSpec(question, asked_at=self._clock.now(), waits=turn.wait > 0, era=self._store.era())
        self._store.register(Registration(key, dump(spec), due_in=turn.wait))
        return InLine(turn.ahead + 1, turn.wait, question.text) if turn.wait > 0 else None

    def again(self, answered: str, request: str, by: str, team: str, model: str = "") -> InLine | None:
        """Have the question of that key answered once more, in its thread, by whoever answered it, or by ``model``.

        ``request`` makes this wish one of a kind.

        Raises:
            NotFound: the viewer sees no such question, or it was long ago.
            Refused, Unavailable: as ``ask``.
        """
        asked, status = self._asked(answered)
        wanted = model or self._by_its_alias(status) or status.model or asked.model
        return self.ask(
            replace(asked, id=request, user=by, team=team, model=wanted, repeats=asked.repeats or asked.id)
        )

    def _by_its_alias(self, status: QuestionStatus) -> str:
        """Return the alias by which a model was asked that still stands for it: whoever goes on asks the alias."""
        found, alias = self._directory.asked_model(status.partner) if status.partner else (None, None)
        return alias.name if found and alias and found.name == status.model else ""

    def compare(self, answered: str, by: str, team: str) -> InLine | None:
        """Have the question of that key answered by the other of the two, the base or the model, beside its answer.

        Where the model is asleep its base answers in its place. It costs at most what was said under it. The same twice
        is one, unless the first did not come off.

        Raises:
            NotFound: the viewer sees no such question, or it was long ago.
            Refused: it is answered, or is being answered (said where); or as ``ask``.
            Unavailable: as ``ask``.
        """
        asked, status = self._asked(answered)
        facts, offers = status.facts, status.offers
        if facts is None and offers and offers.instead_of:
            wanted = replace(
                asked,
                id=self._attempt(asked, f"base:{answered}"),
                user=by,
                team=team,
                model=offers.instead_of,
            )
            return self.ask(replace(wanted, of_base=True, agreed=offers.at_most or ""))
        if facts is None:
            raise Refused("There is no answer to compare with.", hint="Ask it first.")
        return self.ask(
            replace(
                asked,
                id=self._attempt(asked, f"compare:{answered}"),
                user=by,
                team=team,
                model=facts.model,
                of_base=not facts.of_base,
                repeats=asked.repeats or asked.id,
                compares=True,
                agreed=facts.other_at_most or "",
            )
        )

    def share(self, answered: str, by: str) -> None:
        """Have a private answer posted under its question in the channel that it was asked in. Twice is once.

        Raises:
            NotFound: the viewer sees no such answer, or it was long ago.
            NotAllowed: the operator has closed that channel.
            Refused: there is nothing to share, they are in that channel no more, or the model does not answer there any
                more.
            Unavailable: Slack does not say who is where.
        """
        found = self._directory.resource(KIND, answered)
        if found is None:
            raise NotFound("I no longer have that answer.", hint="Ask it anew: an answer is kept for a week.")
        asked, status = SCHEMA.spec_of(found).question, SCHEMA.status_of(found)
        if not (asked.private and asked.user == by and status.said and status.facts):
            raise Refused("There is no answer of yours to share.", hint="Ask it first.")
        self._check_shared(asked, status.facts)
        shared = replace(
            asked,
            id=f"share:{answered}",
            channel=asked.home,
            asked_in="",
            thread_ts=None,
            private=False,
            model=status.facts.model,
        )
        spec = QuestionSpec(shared, asked_at=self._clock.now(), given=status.said, facts=status.facts)
        self._store.register(Registration(key_of(shared), dump(spec)))

    def _check_shared(self, asked: Question, facts: Facts) -> None:
        """Return when an answer may be posted where it was asked: everybody there reads it, as of now.

        Raises:
            NotAllowed, Refused: as ``share``.
        """
        self._directory.access.check_channel(asked.home)
        self._directory.check_place(asked.home)
        model = self._directory.stored_model(facts.model)
        if model is None:  # deleted, or taken out of their sight
            raise Refused(
                f"{quoted(facts.model)} does not answer there any more.",
                hint="`/tune models` lists those that do.",
            )
        self._directory.check_answers(model, asked.home)

    def _attempt(self, asked: Question, wish: str) -> str:
        """Return under which ID a wish is asked now: each attempt before came to its end without an answer.

        Raises:
            Refused: it is answered, is being answered, or has failed too often.
        """
        for number in range(ATTEMPTS):
            attempt = f"{wish}:{number}" if number else wish
            before = self._directory.own(key_of(replace(asked, id=attempt)))
            if before is None:
                return attempt
            if not before.done:
                raise Refused("That is being asked already.", hint="The answer comes in this thread.")
            if SCHEMA.status_of(before).facts is not None:
                raise Refused(
                    "That was asked already.",
                    hint="Its answer is further down in this thread, or on its way.",
                )
        raise Refused(f"I have tried that {ATTEMPTS} times.", hint="Ask the model again, and compare then.")

    def _asked(self, answered: str) -> tuple[Question, QuestionStatus]:
        """Return a question with the place that its answer is in, and how far that is."""
        found = self._directory.resource(KIND, answered)
        if found is None:
            raise NotFound(
                "I no longer have that question.", hint="Ask it anew: a question is kept for a week."
            )
        channel, thread = place_of(found)
        if SCHEMA.spec_of(found).taken_back:
            raise NotFound("That question was deleted.", hint="Ask it anew.")
        asked = SCHEMA.spec_of(found).question
        return asked.going_on_in(channel, thread), SCHEMA.status_of(found)

    def _check_home(self, question: Question) -> None:
        """Return when its asker may ask in the channel that it was asked in, wherever it goes on.

        Raises:
            NotAllowed: they may not, or the operator has closed that channel.
            Refused: they are in that channel no more.
        """
        if question.asked_in:
            self._directory.access.check_channel(question.home)
            self._directory.check_place(question.home)
        self._directory.access.check_asker(question.user, question.home)

    def began_in(self, thread_ts: str) -> bool:
        """Return whether that thread, of the channel that the viewer acts in, begins with a question.

        It does also where the question was refused: whoever replies there asks on.

        Raises:
            Unavailable: the store did not answer.
        """
        return self._conversations.began_in(self._directory.viewer.here, thread_ts)

    def partner_in(self, thread_ts: str) -> str | None:
        """Return the model that a reply in that thread, of the channel that the viewer acts in, is said to.

        None: the thread does not begin with a question, or it talks to no model yet: none was named, and none answered.

        Raises:
            Unavailable: the store did not answer.
        """
        here = self._directory.viewer.here
        if not self._conversations.began_in(here, thread_ts):
            return None
        return self._conversations.model_of(here, thread_ts)

    def stop(self, thread_ts: str, user: str) -> None:
        """Have what is being answered in a thread of this channel end where it is: somebody there pressed stop.

        Raises:
            Unavailable: the store did not answer; nothing was written down.
        """

        def stopped(spec: QuestionSpec) -> QuestionSpec:
            return replace(spec, stopped_by=spec.stopped_by or user)

        for key in self._directory.under_way_in(thread_ts, KIND, place_of):
            self._store.amend(key, SCHEMA.on_documents(stopped))

    def take_back(self, question_id: str, thread_ts: str) -> None:
        """Have a question of this channel answered no more and forgotten: the message that it was is deleted.

        An answer that is there by then stays, as all that was said to a message does. Repeating it is harmless.

        Raises:
            Unavailable: the store did not answer, and it may not be forgotten yet.
        """
        key = key_by(question_id)
        again = kept.again_id(key.id)
        self._store.amend(kept.key_of(key.id), kept.SCHEMA.on_documents(_unwanted))
        for each in (question_id, again):
            # What is amended is looked at once more, and forgets itself: it may be remembered just now.
            if self._store.amend(key_by(each), SCHEMA.on_documents(_taken_back)) is None:
                self._conversations.forget(self._directory.viewer.here, thread_ts, each)


def _unwanted(spec: KeptSpec) -> KeptSpec:
    return spec if spec.begun else replace(spec, forgotten=True, question=replace(spec.question, text=""))


def _taken_back(spec: QuestionSpec) -> QuestionSpec:
    return replace(spec, taken_back=True, question=replace(spec.question, text=""))
