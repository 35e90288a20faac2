"""Writes ``user`` and ``assistant`` where a role has another name that means one of them: Chatbot, human, gpt."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats.roles import speaker
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error
from bot.datasets.spelling import visible
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import quoted

_ROLES = ("user", "assistant")

ROLE_NAME = error(
    "unknown-role",
    "A message has a role that does not exist.",
    "The roles are `user` and `assistant`; the system prompt stands in `system`, outside of `messages`.",
    source=sources.CLAUDE_VALIDATOR,
    repair="rename-roles",
)


def _meant(message: Json) -> str | None:
    """Return the role that is meant, None when it is right already or may mean something else."""
    role = message.get("role")
    meant = speaker(role)
    return meant if meant in _ROLES and role not in _ROLES else None


def fix(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record with the roles that the service knows."""
    messages = messages_of(value)
    if not messages:
        return None
    meant = [_meant(message) for message in messages]
    if not any(meant):
        return None
    places = tuple(
        _place(index, messages[index]["role"], role) for index, role in enumerate(meant) if role is not None
    )
    fixed = [
        message | {"role": role} if role else message for message, role in zip(messages, meant, strict=True)
    ]
    return Fixed(value | {"messages": fixed}, places)


def _place(index: int, name: str, role: str) -> Place:
    said = visible(name[:40])
    hint = f"Did you mean {quoted(role)}? {ROLE_NAME.hint}"
    return Place(ROLE_NAME, f"messages[{index}].role", f"There is no role {quoted(said)}.", hint, said)


REPAIR = RowRepair(
    "rename-roles",
    fix,
    Words("Name the roles user and assistant in {rows}", "Named the roles user and assistant in {rows}"),
    STRUCTURAL,
)
