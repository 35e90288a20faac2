"""The good path: reads a line and tells, at about the cost of parsing it, that nothing is wrong with it.

It never says what is wrong: a line that is not plainly good is read again by the slow path, which holds the rules.
That both agree on every good line is held by a property test. Duplicate keys show because pydantic-core hands every
pair of an object to the key's validator, the repeated ones too, before it builds the dictionary.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import SchemaValidator, ValidationError, core_schema

from bot.datasets.formats.conversion import SCHEMA_VERSION
from bot.datasets.needles import Needles
from bot.datasets.rules.conversation import RECORD_KEYS as _CONVERSATION_KEYS
from bot.datasets.rules.record import PLACEHOLDERS, is_blank
from bot.datasets.tokens import CHARACTERS_PER_TOKEN, estimate
from bot.profiles.model import Profile, RecordFormat

_ROLES = ("user", "assistant")


@dataclass(slots=True)
class Good:
    """A record that breaks no rule of records: its system prompt, the texts of its turns, its tokens."""

    system: str | None
    texts: list[str]
    tokens: int

    def prompt_and_answer(self) -> tuple[int, int]:
        """Return the digests that ``Record.prompt_and_answer`` gives for the same record."""
        return hash((self.system, *self.texts[:-1])), hash(self.texts[-1])


class FastPath:
    """Reads lines for one profile. Not for several threads at once."""

    def __init__(self, profile: Profile) -> None:
        self._limit = profile.limits.max_tokens_per_record
        self._watched = Needles((*PLACEHOLDERS, *(each.text for each in profile.reserved_text)))
        self._keys: list[str] = []
        self._parse = _parser(self._keys)
        claude = profile.record_format is RecordFormat.CLAUDE_MESSAGES
        self._content: Callable[[Any], tuple[str | None, list[str], int] | None] = (
            _claude if claude else _conversation
        )

    def read(self, line: bytes) -> Good | None:
        """Return the record when it is plainly good, else None: then it is the slow path's."""
        keys = self._keys
        keys.clear()
        try:
            content = self._content(self._parse(line))
        except (ValidationError, KeyError, TypeError):
            return None
        if content is None:
            return None
        system, texts, expected_keys = content
        if len(keys) != expected_keys or len(texts) < 2 or len(texts) % 2:
            return None
        tokens = self._tokens(system, texts)
        return Good(system, texts, tokens) if 0 < tokens <= self._limit else None

    def _tokens(self, system: str | None, texts: list[str]) -> int:
        """Return the tokens of the texts, or -1 when one of them needs a closer look."""
        found_in = self._watched.found_in
        total = 0
        for text in texts if system is None else (system, *texts):
            if not text or (not text[0].isalnum() and is_blank(text)) or "\0" in text or found_in(text):
                return -1
            if text.isascii():
                total -= -len(text) // CHARACTERS_PER_TOKEN
            else:
                total += estimate(text)
        return total


def _parser(keys: list[str]) -> Callable[[bytes], Any]:
    """Return a function that reads JSON of strings, lists and objects and notes every key, repeated ones too."""
    note = keys.append

    def key(name: str) -> str:
        note(name)
        return name

    keys_schema = core_schema.no_info_plain_validator_function(key)
    text = core_schema.str_schema(strict=True)
    block = core_schema.dict_schema(keys_schema, text)
    content = core_schema.union_schema([text, core_schema.list_schema(block)], mode="left_to_right")
    message = core_schema.dict_schema(keys_schema, content)
    value = core_schema.union_schema([text, core_schema.list_schema(message)], mode="left_to_right")
    return SchemaValidator(core_schema.dict_schema(keys_schema, value)).validate_json


def _claude(record: Any) -> tuple[str | None, list[str], int] | None:
    """Return the system prompt, the texts of turns that take turns, and how many keys there must have been."""
    messages = record["messages"]
    system = record.get("system")
    if len(record) != (1 if system is None else 2) or not (system is None or type(system) is str):
        return None
    texts = []
    turn = 0
    for message in messages:
        text = message["content"]
        if message["role"] != _ROLES[turn] or len(message) != 2 or type(text) is not str:
            return None
        texts.append(text)
        turn = 1 - turn
    return system, texts, len(record) + 2 * len(texts)


def _conversation(record: Any) -> tuple[str | None, list[str], int] | None:
    """Return the same for the conversation format; only records with one block a text are plainly good."""
    if record["schemaVersion"] != SCHEMA_VERSION or not record.keys() <= set(_CONVERSATION_KEYS):
        return None
    expected = len(record)
    system = None
    if "system" in record:
        system = _only_text(record["system"])
        expected += 1
    texts = []
    turn = 0
    for message in record["messages"]:
        if message["role"] != _ROLES[turn] or len(message) != 2:
            return None
        texts.append(_only_text(message["content"]))
        turn = 1 - turn
    return system, texts, expected + 3 * len(texts)


def _only_text(blocks: Any) -> str:
    """Return the text of a single block.

    Raises:
        KeyError: there are more or other blocks.
        TypeError: it is no list of blocks.
    """
    if type(blocks) is not list or len(blocks) != 1 or len(blocks[0]) != 1:
        raise KeyError
    text: str = blocks[0]["text"]
    return text
