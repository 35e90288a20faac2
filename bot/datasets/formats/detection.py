"""Names the format of a row by looking at it."""

from bot.datasets.formats.answer_beside import ANSWER_BESIDE
from bot.datasets.formats.conversational_pairs import CONVERSATIONAL_PAIR
from bot.datasets.formats.dialogue import Format
from bot.datasets.formats.gemini import GEMINI
from bot.datasets.formats.logged_calls import LOGGED_CALL
from bot.datasets.formats.marked_text import MARKED_TEXT
from bot.datasets.formats.messages import CLAUDE, CONVERSATION, OPENAI, has_plain_texts, has_system_turn
from bot.datasets.formats.other_methods import PLAIN_TEXT, PREFERENCE, REINFORCEMENT
from bot.datasets.formats.pairs import ALPACA, PROMPT_COMPLETION
from bot.datasets.formats.sharegpt import SHAREGPT
from bot.datasets.formats.spoken_keys import LANGCHAIN, NAMED_BY_KEY
from bot.datasets.formats.turn_lists import PAIR_LIST, TURN_LIST
from bot.datasets.formats.unanswered import (
    BATCH_ANSWER,
    BATCH_REQUEST,
    MESSAGE_TREE,
    SEGMENTS,
    SINGLE_MESSAGE,
    THUMBS,
)
from bot.datasets.records import Json
from bot.profiles.model import RecordFormat

FORMATS: tuple[Format, ...] = (
    PREFERENCE,
    THUMBS,
    REINFORCEMENT,
    LOGGED_CALL,
    BATCH_REQUEST,
    BATCH_ANSWER,
    ANSWER_BESIDE,
    OPENAI,
    CONVERSATION,
    TURN_LIST,
    NAMED_BY_KEY,
    LANGCHAIN,
    CLAUDE,
    SHAREGPT,
    PAIR_LIST,
    GEMINI,
    MESSAGE_TREE,
    SEGMENTS,
    SINGLE_MESSAGE,
    MARKED_TEXT,
    CONVERSATIONAL_PAIR,
    ALPACA,
    PROMPT_COMPLETION,
    PLAIN_TEXT,
)
"""In the order of asking: the first that recognises a row names it."""

UNKNOWN = "unknown"


def recognise(row: Json) -> Format | None:
    """Return the row's format, or None when it is like none that is known."""
    return next((each for each in FORMATS if each.recognise(row)), None)


def is_target(found: Format | None, target: RecordFormat, row: Json) -> bool:
    """Tell whether the row is meant to be of ``target``, well made or not.

    A row that nobody recognises is: then the shape rules say what is missing. For Claude, blocks of text and a
    leading system turn are mistakes of their own, each with its repair, not another format. For the conversation
    format, plain strings in place of blocks are what makes a row another format.
    """
    if found is None:
        return True
    if target is RecordFormat.CLAUDE_MESSAGES:
        return found is CLAUDE or (
            found is CONVERSATION and "schemaVersion" not in row and not isinstance(row.get("system"), list)
        )
    return found is CONVERSATION and not has_plain_texts(row)


def name_of(found: Format | None, row: Json) -> str:
    """Return the name that the report gives the row's format: a system turn among messages is OpenAI's way."""
    if found is None:
        return UNKNOWN
    if found is CLAUDE and has_system_turn(row):
        return OPENAI.name
    return found.name
