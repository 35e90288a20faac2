"""The durable kind of questions."""

from bot.controller.kind import Called, Kind, Schema
from bot.questions.model import KIND, Progress, QuestionSpec

KINDS = (
    Kind(
        schema=Schema(KIND, QuestionSpec, {"answer": Progress}),
        called=Called("question", "questions"),
        wanted="this answered",
        done="stream the answer into the thread; settle what a crash left",
        when_given_up="Ask again when that is mended.",
        is_waited_for=True,
    ),
)
