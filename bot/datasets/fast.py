"""The good path: reads a line and tells, at about the cost of parsing it, that nothing is wrong with it.

It never says what is wrong: a line that is not plainly good is read again by the slow path, which holds the rules.
That both agree on every good line is held by a property test. Duplicate keys show because pydantic-core hands every
pair of an object to the key's validator, the repeated ones too, before it builds the dictionary.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import SchemaValidator, ValidationError, core_schema

from bot.datasets.formats.conversion import SCHEMA_VERSION
from bot.datasets.needles import Needles
from bot.datasets.records import Record, Text, Turn
from bot.datasets.rules.conversation import RECORD_KEYS as _CONVERSATION_KEYS
from bot.datasets.rules.record import PLACEHOLDERS, is_blank
from bot.datasets.tokens import CHARACTERS_PER_TOKEN, estimate
from bot.profiles.model import Profile, RecordFormat

_BETWEEN = "\x01"
"""Between the texts when they are searched as one: part of nothing that is searched for."""

_ROLES = ("user", "assistant")


class Good(NamedTuple):
    """A record that breaks no rule of records. Characters and tokens include the system prompt's."""

    system: str | None
    texts: list[str]
    characters: int
    tokens: int

    def prompt_and_answer(self) -> tuple[int, int]:
        """Return the digests that ``Record.prompt_and_answer`` gives for the same record."""
        return hash((self.system, *self.texts[:-1])), hash(self.texts[-1])

    def record(self, line: int, record_format: RecordFormat) -> Record:
        """Return the record as the rules see it, without its JSON value, which nothing of it needs any more."""
        block = "[0].text" if record_format is RecordFormat.BEDROCK_CONVERSATION else ""
        system = () if self.system is None else (Text(f"system{block}", self.system),)
        turns = (
            Turn(path, role, (Text(f"{path}.content{block}", text),))
            for path, role, text in zip(
                (f"messages[{index}]" for index in range(len(self.texts))),
                _turns(len(self.texts)),
                self.texts,
                strict=True,
            )
        )
        return Record(line, {}, system, tuple(turns))


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
            if content is None:
                return None
            system, texts, expected_keys = content
            if len(keys) != expected_keys or len(texts) < 2 or len(texts) % 2:
                return None
            return self._judged(system, texts)
        except (ValidationError, KeyError, TypeError):
            return None

    def _judged(self, system: str | None, texts: list[str]) -> Good | None:
        """Return the record when nothing in its texts is a matter for a rule; TypeError when one is no text."""
        every = texts if system is None else [system, *texts]
        whole = _BETWEEN.join(every)
        if self._needs_a_closer_look(every, whole):
            return None
        if whole.isascii():
            tokens = sum([-(-len(text) // CHARACTERS_PER_TOKEN) for text in every])
        else:
            tokens = sum([estimate(text) for text in every])
        return Good(system, texts, len(whole) - len(every) + 1, tokens) if tokens <= self._limit else None

    def _needs_a_closer_look(self, every: list[str], whole: str) -> bool:
        """Whether a text may be blank, or one may hold something that a rule is about."""
        if not all(every) or any(map(str.isspace, every)):
            return True
        if not whole.isascii() and any(map(is_blank, every)):
            return True
        return "\0" in whole or self._watched.any_in(whole)


@lru_cache(maxsize=64)
def _turns(count: int) -> list[str]:
    return [_ROLES[index % 2] for index in range(count)]


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
    """Return the system prompt, the texts of turns that take turns, and how many keys there must have been.

    That a message has no third key follows from the number of keys, that a text is one from what is done with it.
    """
    messages = record["messages"]
    system = record.get("system")
    if len(record) != (1 if system is None else 2):
        return None
    if [message["role"] for message in messages] != _turns(len(messages)):
        return None
    texts = [message["content"] for message in messages]
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
    messages = record["messages"]
    if [message["role"] for message in messages] != _turns(len(messages)):
        return None
    texts = [_only_text(message["content"]) for message in messages]
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
