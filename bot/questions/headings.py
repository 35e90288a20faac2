"""What stands over an answer that is not simply the model's, so that it is known while it is still coming."""

from bot.profiles.registry import PROFILES
from bot.questions.answerer import Answerer, Question
from bot.wording import Person, mention, quoted


def heading(question: Question, answerer: Answerer) -> str:
    """Return the line over the answer, as Markdown; empty where none is needed."""
    known = PROFILES.get(answerer.profile)
    base = known.label if known else answerer.profile
    if answerer.of_base and not question.of_base:
        return f"{quoted(answerer.model_name)} _is asleep. Its base, {base}, answers meanwhile:_\n\n"
    if question.kept:
        return f"{mention(Person(question.user))}, {quoted(answerer.model_name)} _is awake. You asked it this:_\n\n"
    if answerer.of_base:
        return f"_{base}, the base of_ {quoted(answerer.model_name)}\n\n"
    if question.compares:
        return f"{quoted(answerer.model_name)}_, tuned from {base}_\n\n"
    return ""
