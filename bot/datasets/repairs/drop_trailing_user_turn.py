"""Drops a last user message that nobody answered, when a whole conversation stands before it."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.leftovers.leftover import example
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import quoted

TRAILING_USER_TURN = error(
    "trailing-user-turn",
    "The conversation ends with a question that nobody answers.",
    "Without it, the last answer is the one to learn.",
    source=sources.COOKBOOK,
    repair="drop-trailing-user-turn",
)


def fix(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record without its last message."""
    messages = messages_of(value)
    # As with an empty system turn: whatever else the message holds would go with it.
    if not messages or len(messages) < 3 or not set(messages[-1]) <= {"role", "content"}:
        return None
    if messages[-1].get("role") != "user" or messages[-2].get("role") != "assistant":
        return None
    asked = example(messages[-1].get("content"))
    ends = "The conversation ends with a question that nobody answers and that would be dropped, such as"
    words = f"{ends} {quoted(asked)}."
    place = Place(TRAILING_USER_TURN, f"messages[{len(messages) - 1}]", words)
    return Fixed(value | {"messages": messages[:-1]}, (place,))


REPAIR = RowRepair(
    "drop-trailing-user-turn",
    fix,
    Words("Drop the unanswered last question in {rows}", "Dropped the unanswered last question in {rows}"),
    STRUCTURAL,
)
