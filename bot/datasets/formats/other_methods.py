"""Rows for other ways of training: recognised, so that the answer is not forty findings, and left to a person."""

from bot.datasets.formats.dialogue import Format
from bot.datasets.records import Json

_REFERENCES = ("reference_answer", "ground_truth", "reward_model")


_PREFERENCES = (("chosen", "rejected"), ("preferred_output", "non_preferred_output"))


def _is_preference(row: Json) -> bool:
    return any(better in row and worse in row for better, worse in _PREFERENCES) or _has_candidates(row)


def _has_candidates(row: Json) -> bool:
    """Tell Nova's preference pairs: answers in a last turn that has candidates and no content."""
    messages = row.get("messages")
    turns = [each for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []
    return any(isinstance(each.get("candidates"), list) and "content" not in each for each in turns)


def _is_reinforcement(row: Json) -> bool:
    return any(key in row for key in _REFERENCES)


def _is_text(row: Json) -> bool:
    return isinstance(row.get("text"), str) and "messages" not in row


PREFERENCE = Format(
    "preference-pairs",
    "preference pairs (chosen and rejected answers)",
    _is_preference,
    None,
    "supervised fine-tuning learns from good answers only and would not see the worse one as worse; take the chosen"
    " ones, if each of them is good",
)
REINFORCEMENT = Format(
    "reinforcement",
    "reinforcement rows with a reference answer",
    _is_reinforcement,
    None,
    "a reference answer is to be compared with by a grader, not to be imitated; say which field is the answer that"
    " should be learned",
)
PLAIN_TEXT = Format(
    "plain-text",
    "plain text (continued pre-training)",
    _is_text,
    None,
    "a text alone has no question and no answer",
)
