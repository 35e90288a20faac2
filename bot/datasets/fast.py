"""The fast path: reads a line and tells, at about the cost of parsing it, that nothing is wrong with it.

It knows the shape of a good record and no rule: which texts are good is what checks and repairs declare beside
themselves (``clearance``), and ``repairs.good_rows`` builds it from those. It never says what is wrong: a line that is
not plainly good is read again by the slow path. That both agree on every good line is held by a property test.

It parses with jiter, the parser inside pydantic-core, because only jiter's own interface refuses duplicate keys;
nothing else of the check costs as much as parsing does.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from jiter import from_json

from bot.datasets.clearance import Clearance, Clearances
from bot.datasets.formats.conversion import SCHEMA_VERSION
from bot.datasets.record_keys import CONVERSATION
from bot.datasets.records import Json, Record, Text, Turn
from bot.datasets.token_density import dense_characters, extra_of
from bot.datasets.token_density_rows import dense_of_rows
from bot.datasets.tokens import CHARACTERS_PER_TOKEN, estimate
from bot.profiles.model import Profile, RecordFormat

BETWEEN = "\x01"
"""Between texts that are searched as one: part of nothing that is searched for."""

_MANY = 8
"""Records from which on looking at them together pays."""

_ROLES = ("user", "assistant")
_CONVERSATION_KEYS = frozenset(CONVERSATION.of_record)


class Good(NamedTuple):
    """A record that breaks no rule of records. Characters and tokens include the system prompt's.

    ``joined`` is the texts as one in UTF-8, without the system prompt.
    """

    system: str | None
    texts: list[str]
    joined: bytes
    characters: int
    tokens: int
    extra: int
    """How many of the tokens are counted for dense text."""

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


class Content(NamedTuple):
    """What a line of the right shape holds: its texts, also as one, and as one in UTF-8, without the system prompt."""

    system: str | None
    texts: list[str]
    joined: str
    data: bytes


class FastPath:
    """Reads lines for one profile. Not for several threads at once."""

    def __init__(
        self, profile: Profile, declared: Iterable[Clearance], undeclared: Sequence[Callable[[Json], bool]]
    ) -> None:
        """Clear rows by what is ``declared``, and by running on each what is not: it tells what it finds fault with."""
        clearances = Clearances(declared, profile)
        self._limit = clearances.most_tokens
        self._holds_string = clearances.holds_string
        self._may_hold = clearances.may_hold
        self._row_may_be_wrong = clearances.may_be_wrong
        self._undeclared = undeclared
        claude = profile.record_format is RecordFormat.CLAUDE_MESSAGES
        self._content: Callable[[Any], _Shape | None] = _claude if claude else _conversation
        self._system: str | None = None
        self._system_tokens = self._system_dense = 0

    def read(self, line: bytes) -> Good | None:
        """Return the record when it is plainly good, else None: then it is the slow path's.

        A system prompt that stood in the record before is not judged again.
        """
        content = self.content(line)
        return None if content is None else self.judged(content)

    def content(self, line: bytes) -> Content | None:
        """Return what a line holds when it has the shape of a record, else None. Nothing is said of its texts yet."""
        try:
            value = _parse(line)
            found = self._content(value)
            if found is None:
                return None
            system, texts = found
            joined = BETWEEN.join(texts)  # the one place that sees to it that all are strings
        except (ValueError, KeyError, TypeError):
            return None
        if len(texts) < 2 or len(texts) % 2:
            return None
        if self._undeclared and any(finds(value) for finds in self._undeclared):
            return None
        return Content(
            system, texts, joined, joined.encode()
        )  # what jiter has read has no halves of characters

    def judged_all(self, contents: Sequence[Content]) -> list[Good | None]:
        """Return what ``judged`` does of each. Their texts are searched as one: mostly nothing is found in any."""
        if len(contents) < _MANY or self._may_be_wrong(BETWEEN.join([each.joined for each in contents])):
            return [self.judged(each) for each in contents]
        dense = dense_of_rows([each.data for each in contents])
        return [
            None
            if self._row_may_be_wrong(texts, joined)
            else self._good(each, _estimate(texts, joined), of_row)
            for each, (_, texts, joined, _), of_row in zip(contents, contents, dense, strict=True)
        ]

    def judged(self, content: Content) -> Good | None:
        """Return the record when nothing is wrong with its texts, else None."""
        tokens = self._tokens(content.texts, content.joined)
        return None if tokens is None else self._good(content, tokens, dense_characters(content.data))

    def _good(self, content: Content, tokens: int, dense: int) -> Good | None:
        """Return the record, whose texts are known to be good, if its system prompt is and there are not too many."""
        system, texts, joined, data = content
        characters = len(joined) - len(texts) + 1
        if system is not None:
            if system != self._system and not self._accepts(system):
                return None
            system = self._system  # equal, and its hash is known already
            characters += len(system)  # type: ignore[arg-type] # it is a string when it is accepted
            tokens += self._system_tokens
            dense += self._system_dense
        extra = extra_of(dense)
        tokens += extra
        return Good(system, texts, data, characters, tokens, extra) if tokens <= self._limit else None

    def _tokens(self, texts: list[str], joined: str) -> int | None:
        """Return the estimate of tokens, or None when a rule may be about one of the texts."""
        if self._row_may_be_wrong(texts, joined) or self._may_be_wrong(joined):
            return None
        return _estimate(texts, joined)

    def _may_be_wrong(self, joined: str) -> bool:
        """Whether something that a rule is about may stand in these texts."""
        return self._holds_string(joined) or self._may_hold(joined)

    def _accepts(self, system: Any) -> bool:
        """Whether nothing is wrong with the system prompt, which is remembered then."""
        tokens = self._tokens([system], system) if isinstance(system, str) else None
        if tokens is None:
            return False
        self._system, self._system_tokens = system, tokens
        self._system_dense = dense_characters(system.encode())
        return True


_Shape = tuple[str | None, list[str]]
_parse = partial(from_json, catch_duplicate_keys=True)
_role = itemgetter("role")
_said = itemgetter("content")


@lru_cache(maxsize=64)
def _turns(count: int) -> list[str]:
    return [_ROLES[index % 2] for index in range(count)]


def _claude(record: Any) -> _Shape | None:
    """Return the system prompt and the texts of messages that take turns and hold nothing else.

    Whether these are strings is left to the caller.
    """
    messages = record["messages"]
    system = record.get("system")
    if len(record) != (1 if system is None else 2) or not _take_turns(messages):
        return None
    return system, list(map(_said, messages))


def _conversation(record: Any) -> _Shape | None:
    """Return the same for the conversation format; only records with one block a text are plainly good."""
    messages = record["messages"]
    if record["schemaVersion"] != SCHEMA_VERSION or not record.keys() <= _CONVERSATION_KEYS:
        return None
    system = _only_text(record["system"]) if "system" in record else None
    # None would be no system prompt at all, and a block without a text is not that.
    if (system is None and "system" in record) or not _take_turns(messages):
        return None
    return system, [_only_text(message["content"]) for message in messages]


def _estimate(texts: list[str], joined: str) -> int:
    """Return the estimate of tokens without what dense text adds."""
    if joined.isascii():
        return sum([-(-len(text) // CHARACTERS_PER_TOKEN) for text in texts])
    return sum(map(estimate, texts))


def _take_turns(messages: Any) -> bool:
    """Whether the roles are right and each message has two keys, of which one is its role."""
    count = len(messages)
    return list(map(_role, messages)) == _turns(count) and sum(map(len, messages)) == 2 * count


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
