"""Rows that hold questions or answers alone, or pieces of conversations: named, so that the cause is plain."""

from typing import Any

from bot.datasets.formats.dialogue import Format
from bot.datasets.records import Json


def _is_batch_request(row: Json) -> bool:
    """Tell a line of a batch's input: OpenAI's, Anthropic's, Mistral's or Bedrock's."""
    if isinstance(row.get("modelInput"), dict):
        return "modelOutput" not in row
    body = row.get("body", row.get("params"))
    return "custom_id" in row and isinstance(body, dict) and "response" not in row and "result" not in row


def _is_batch_answer(row: Json) -> bool:
    return ("custom_id" in row and ("response" in row or "result" in row)) or (
        isinstance(row.get("modelOutput"), dict) and "modelInput" not in row
    )


def _is_single_message(row: Json) -> bool:
    chat = isinstance(row.get("role"), str) and ("content" in row or "parts" in row)
    return (chat or (isinstance(row.get("from"), str) and "value" in row)) and not _LISTS & row.keys()


_LISTS = {"messages", "conversations", "conversation", "contents"}


def _is_tree(row: Json) -> bool:
    prompt = row.get("prompt")
    return ("message_tree_id" in row and isinstance(prompt, dict)) or (
        isinstance(row.get("text"), str) and "parent_id" in row and "role" in row
    )


def _is_segments(row: Json) -> bool:
    segments: Any = row.get("segments")
    return isinstance(segments, list) and any(isinstance(each, dict) and "label" in each for each in segments)


def _is_thumbs(row: Json) -> bool:
    return isinstance(row.get("label"), bool) and "completion" in row and "prompt" in row


BATCH_REQUEST = Format(
    "batch-requests",
    "requests of a batch job, without answers",
    _is_batch_request,
    None,
    "there is no answer to learn; join the batch's output to them, or have a teacher answer them (in Slack"
    " `/tune distill`)",
)
BATCH_ANSWER = Format(
    "batch-answers",
    "answers of a batch job, without what was asked",
    _is_batch_answer,
    None,
    "what was asked stands in the batch's input; join both by their ID",
)
SINGLE_MESSAGE = Format(
    "single-messages",
    "single messages, one a line",
    _is_single_message,
    None,
    "which messages are one conversation is for you to say; write each as one line with all its `messages`",
)
MESSAGE_TREE = Format(
    "message-trees",
    "OpenAssistant's trees of messages",
    _is_tree,
    None,
    "a tree holds several answers to one question; choose one path from its root for each record",
)
SEGMENTS = Format(
    "segments",
    "Axolotl's segments with labels",
    _is_segments,
    None,
    "the labels say which segments are learned, and here all answers are; who speaks is not said either",
)
THUMBS = Format(
    "unpaired-preferences",
    "answers that are marked good or bad",
    _is_thumbs,
    None,
    "supervised fine-tuning would learn the bad answers too; keep the good ones, and leave `label` out",
)
