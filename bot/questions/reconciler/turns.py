"""When a question is begun, and that it is counted: what stands around an answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot import metrics, tracing
from bot.controller.context import NotReady
from bot.controller.ports import RateLimiter
from bot.errors import Interrupted
from bot.questions.context import QuestionContext
from bot.questions.waiting_line import ASK, within


def await_turn(question: QuestionContext, rate_limiter: RateLimiter | None) -> None:
    """Go on when it is the turn of a question that had to wait.

    Raises:
        NotReady: it is not.
    """
    if not question.spec.waits or question.status.begun or question.stopped or rate_limiter is None:
        return
    wait = rate_limiter.ask(ASK, question.context.key.id, within(question.asked))
    if wait > 0:
        raise NotReady(wait)
    question.status.begun = True
    question.save()


@contextmanager
def counted(question: QuestionContext) -> Iterator[None]:
    """Count an answer while it is written, and how that ended."""
    metrics.change(metrics.STREAMS_OPEN, 1)
    result = "failed"
    try:
        yield
        result = "stopped" if question.status.cut else "whole" if question.status.facts else "failed"
    except Interrupted:
        result = "interrupted"
        raise
    finally:
        metrics.change(metrics.STREAMS_OPEN, -1)
        metrics.count(metrics.STREAMS, result)
        tracing.note({"tunesmith.answer": result})
