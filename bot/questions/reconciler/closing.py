"""The end of an answer: each message says what it should, the turns are remembered, the cost is accounted for."""

from bot.controller.effects import passing
from bot.controller.model import Message
from bot.controller.outbox.entries import POSTED, entry_of
from bot.questions.context import QuestionContext
from bot.questions.effects import REMEMBER
from bot.questions.reconciler.answer_file import attach
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.footer import under
from bot.questions.reconciler.meanwhile import registered
from bot.questions.reconciler.messages import AnswerMessages, name_of
from bot.questions.reconciler.streaming import LiveAnswer, QuietAnswer
from bot.questions.shown import message_of


def close(
    question: QuestionContext,
    messages: AnswerMessages,
    answer: LiveAnswer | QuietAnswer,
    dependencies: QuestionDependencies,
) -> None:
    """Make each message say what it should, remember the turns, and be done."""
    texts = question.status.texts or []
    for index, text in enumerate(texts):
        below = _under(question, index, dependencies)
        if below or not answer.closed(index):
            exact = answer.exact(index) and not answer.closed(index)
            messages.close(index, text, exact=exact, rest=answer.rest(index), under=below)
    if texts:
        messages.drop_after(len(texts))
    if not messages.session_moved:
        dependencies.sessions.idle(question.channel, question.thread)
    if question.status.model:
        with passing(REMEMBER):
            dependencies.asking.remember(
                question.heard,
                question.status.partner or question.status.model,
                question.thread,
                question.status.said,
            )
    if dependencies.billing:
        dependencies.billing.account(question)
    attach(question, dependencies.files)
    question.status.told = True
    if not question.asked.private:
        question.status.said = ""  # whoever asked privately may share it
    if question.status.cut is not None:
        question.status.cut = []  # that it was stopped stays known, and none of its words
    if not final(question, dependencies):
        question.status.texts = []  # of what was posted whole they are shown once more
    question.save(registered(question))


def final(question: QuestionContext, dependencies: QuestionDependencies) -> dict[str, Message]:
    """Return what the messages that were posted whole show for ever."""
    texts = enumerate(question.status.texts or [])
    return {
        name_of(index): message_of(text, _under(question, index, dependencies))
        for index, text in texts
        if entry_of(question.context, name_of(index)).state == POSTED
    }


def _under(question: QuestionContext, index: int, dependencies: QuestionDependencies) -> Message | None:
    """Return what stands under that message of the answer: something under its last one alone."""
    if index != len(question.status.texts or []) - 1:
        return None
    card = under(question)
    return None if card is None else dependencies.renderer.render(card)
