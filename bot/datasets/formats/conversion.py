"""From any readable format to the two that Bedrock takes for tuning."""

from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible
from bot.datasets.records import Json
from bot.profiles.model import RecordFormat

SCHEMA_VERSION = "bedrock-conversation-2024"


def convert(row: Json, source: Format, target: RecordFormat) -> tuple[Json, Dialogue]:
    """Return the row in the target's format, and what it said.

    Raises:
        NotConvertible: something would be lost or guessed; the text says what.
    """
    if source.read is None:
        raise NotConvertible(source.obstacle)
    dialogue = source.read(row)
    if not dialogue.turns:
        raise NotConvertible("it has no turns")
    return write(dialogue, target), dialogue


def write(dialogue: Dialogue, target: RecordFormat) -> Json:
    """Return the dialogue as a record of ``target``."""
    if target is RecordFormat.CLAUDE_MESSAGES:
        head: Json = {} if dialogue.system is None else {"system": dialogue.system}
        return head | {"messages": [{"role": role, "content": text} for role, text in dialogue.turns]}
    head = {"schemaVersion": SCHEMA_VERSION}
    if dialogue.system is not None:
        head["system"] = [{"text": dialogue.system}]
    return head | {"messages": [{"role": role, "content": [{"text": text}]} for role, text in dialogue.turns]}
