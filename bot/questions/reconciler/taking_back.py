"""A question that is taken back: the message that it was asked with is deleted.

An answer that came all the same would be shown in the middle of the channel, its thread being gone. So what there is of
one goes, and neither of the two stays in the thread's conversation, which is read to a model with the next question.
"""

from bot.questions.context import QuestionContext
from bot.questions.reconciler.closing import close
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.reconciler.messages import AnswerMessages
from bot.questions.reconciler.streaming import QuietAnswer


def end_taken_back(question: QuestionContext, dependencies: QuestionDependencies) -> None:
    """End the question without an answer, unless that was told before, and have it forgotten.

    Raises:
        NotReady, Unavailable: it is not ended yet; do it again.
    """
    if not question.status.told:
        messages = AnswerMessages(question, dependencies)
        messages.settle_opening()
        messages.leave_as_they_are()
        messages.take_away()
        question.status.texts, question.status.said, question.status.facts = [], "", None
        close(question, messages, QuietAnswer(), dependencies)
    dependencies.asking.forget(question.heard, question.thread)
