"""What is shown of questions, as values. Answers are Markdown of their own, as streams show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuestionAloud:
    """A question, posted where it was asked, so that its answer has a thread.

    ``model`` is empty when none was named.
    """

    user: str
    model: str
    words: str
