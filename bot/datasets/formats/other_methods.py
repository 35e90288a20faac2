"""Rows for other ways of training: recognised, so that the answer is not forty findings, and left to a person."""

from bot.datasets.formats.dialogue import Format
from bot.datasets.records import Json

_REFERENCES = ("reference_answer", "ground_truth", "reward_model")


def _is_preference(row: Json) -> bool:
    return "chosen" in row and "rejected" in row


def _is_reinforcement(row: Json) -> bool:
    return any(key in row for key in _REFERENCES)


def _is_text(row: Json) -> bool:
    return isinstance(row.get("text"), str) and "messages" not in row


PREFERENCE = Format(
    "preference-pairs",
    "preference pairs (chosen and rejected)",
    _is_preference,
    None,
    "supervised fine-tuning has no use for a rejected answer; take the chosen ones, if each of them is good",
)
REINFORCEMENT = Format(
    "reinforcement",
    "reinforcement rows with a reference answer",
    _is_reinforcement,
    None,
    "a reference answer is to be compared with, not to be imitated; say which field is the answer",
)
PLAIN_TEXT = Format(
    "plain-text",
    "plain text (continued pre-training)",
    _is_text,
    None,
    "a text alone has no question and no answer",
)
