"""Takes a system turn at the head of the messages out into ``system``, when there is no other system prompt."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats.messages import SYSTEM_ROLES
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat

SYSTEM_TURN = error(
    "system-turn",
    "The system prompt stands among the messages, as in OpenAI's format.",
    "It belongs in `system`, beside `messages`.",
    source=sources.CLAUDE_VALIDATOR,
    repair="lift-system-turn",
)


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the record with its system prompt beside the messages."""
    messages = messages_of(value)
    if profile.record_format is not RecordFormat.CLAUDE_MESSAGES or not messages:
        return None
    turns = [index for index, message in enumerate(messages) if message.get("role") in SYSTEM_ROLES]
    prompt = messages[0].get("content")
    if turns != [0] or not set(messages[0]) <= {"role", "content"}:
        return None  # what else the turn holds has no place outside of it
    # The same prompt in both places is no second one.
    if not isinstance(prompt, str) or value.get("system", prompt) != prompt:
        return None
    lifted = {"system": prompt} | value | {"messages": messages[1:]}
    return Fixed(lifted, (Place(SYSTEM_TURN, "messages[0].role"),))


REPAIR = RowRepair(
    "lift-system-turn",
    fix,
    Words("Move the system prompt in {rows}", "Moved the system prompt in {rows}"),
    STRUCTURAL,
)
