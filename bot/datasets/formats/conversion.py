"""From any readable format to the two that Bedrock takes for tuning."""

from collections.abc import Sequence

from bot.datasets.formats.dialogue import ContentLost, Dialogue, Format, NotConvertible
from bot.datasets.leftovers.bookkeeping import is_empty
from bot.datasets.leftovers.leftover import Leftover, settled
from bot.datasets.records import Json
from bot.profiles.model import RecordFormat
from bot.wording import is_blank

SCHEMA_VERSION = "bedrock-conversation-2024"
_MESSAGE_KEYS = ("role", "content")


def convert(row: Json, source: Format, target: RecordFormat) -> tuple[Json, Dialogue]:
    """Return the row in the target's format, and what it said. Bookkeeping goes along, for a repair of its own to drop.

    Raises:
        ContentLost: keys that are no bookkeeping have no place in the target.
        NotConvertible: something else would be lost, or guessed; the text says what.
    """
    if source.read is None:
        raise NotConvertible(source.obstacle)
    dialogue = source.read(row)
    if not dialogue.turns:
        raise NotConvertible("it has no turns")
    converted = write(dialogue, target)
    unused = settled(each for each in dialogue.dropped if not _is_version(each))
    lost = [each for each in unused if not each.inert or each.key in (*converted, *_MESSAGE_KEYS)]
    if lost:
        raise ContentLost(lost)
    return _with_bookkeeping(converted, unused, row), dialogue


def _is_version(key: Leftover) -> bool:
    """Whether it is only the sign of Bedrock's format, in a row of another one."""
    return key.steps == ("schemaVersion",) and key.inert


def _with_bookkeeping(record: Json, kept: Sequence[Leftover], row: Json) -> Json:
    """Return the record with these keys where they stood: at its turns, or else beside them; none that are empty.

    Turns are counted from the end: a system turn at their head is a field of its own now.
    """
    messages = [dict(each) for each in record["messages"]]
    beside: Json = {}
    for each in (each for each in kept if not is_empty(each.value)):
        name, *steps = each.steps
        index = steps[0] - len(row[str(name)]) if steps and isinstance(steps[0], int) else 0
        place = messages[index] if -len(messages) <= index < 0 else beside
        place[each.key] = each.value
    return record | {"messages": messages} | beside


def write(dialogue: Dialogue, target: RecordFormat) -> Json:
    """Return the dialogue as a record of ``target``; a system prompt that says nothing is left out."""
    system = dialogue.system if dialogue.system and not is_blank(dialogue.system) else None
    if target is RecordFormat.CLAUDE_MESSAGES:
        head: Json = {} if system is None else {"system": system}
        return head | {"messages": [{"role": role, "content": text} for role, text in dialogue.turns]}
    head = {"schemaVersion": SCHEMA_VERSION}
    if system is not None:
        head["system"] = [{"text": system}]
    return head | {"messages": [{"role": role, "content": [{"text": text}]} for role, text in dialogue.turns]}
