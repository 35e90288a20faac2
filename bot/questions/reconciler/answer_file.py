"""A very long answer as a file beside its messages: to be kept, searched, or put into another tool."""

import logging

from bot.controller.outbox.files import ThreadFiles
from bot.controller.retry_limits import is_worth_waiting
from bot.errors import Misconfigured, Refused, Unavailable
from bot.questions.context import QuestionContext
from bot.questions.endings import FENCE
from bot.questions.sanitising import plain
from bot.questions.splitting import MESSAGE_BYTES, joined, size

log = logging.getLogger(__name__)

SLOT = "answer"


def attach(question: QuestionContext, files: ThreadFiles | None) -> None:
    """Share the answer as a file in its thread when it is longer than one message, unless it is shared.

    What it holds is what its messages say, without what keeps Slack from acting on it. Where files are refused it is
    left at the messages: they say all of it.

    Raises:
        NotReady, Throttled, Unavailable: it is not shared yet.
    """
    text = plain(joined(question.status.texts or [])).rstrip()
    if files is None or question.status.facts is None or size(text) <= MESSAGE_BYTES:
        return
    code = text.startswith(f"{FENCE}json\n") and text.endswith(FENCE) and text.count(FENCE) == 2
    content = text.removeprefix(f"{FENCE}json\n").removesuffix(f"\n{FENCE}") if code else text
    try:
        files.attach(
            question.context,
            SLOT,
            name=f"answer-{question.context.key.id[:8]}.{'json' if code else 'md'}",
            content=content.encode(),
            channel=question.channel,
            thread_ts=question.thread,
            since=question.spec.asked_at,
        )
    except (Refused, Misconfigured, Unavailable) as trouble:
        if is_worth_waiting(question.context, trouble):
            raise
        log.warning("%s: its file is not shared: %s", question.context.key, trouble.sentence)
