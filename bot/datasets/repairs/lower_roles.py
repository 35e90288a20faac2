"""Writes roles as the service does: ``User`` and `` ASSISTANT `` become ``user`` and ``assistant``."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats import roles
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words, messages_of
from bot.datasets.rule import error
from bot.datasets.spelling import visible
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import quoted

_ROLES = ("user", "assistant", "system")

ROLE_SPELLING = error(
    "role-spelling",
    "A role is spelt with capitals, spaces or characters that nobody sees.",
    "The service takes exactly `user` and `assistant`.",
    source=sources.CLAUDE_VALIDATOR,
    repair="lower-roles",
)


def _folded(message: Json) -> str | None:
    """Return the role as it should be, or None when it is right or not a role at all."""
    role = message.get("role")
    if not isinstance(role, str) or role in _ROLES:
        return None
    folded = roles.folded(role)
    return folded if folded in _ROLES else None


def _words(name: str, role: str) -> tuple[str, str | None, str]:
    """Return message, hint and group: a role with a character that nobody sees is a cause of its own."""
    seen = visible(name)
    if seen == name:
        return f"The role {quoted(name)} has capital letters: write {quoted(role)} in lower case.", None, ""
    return (
        f"The role is {quoted(seen)}: beside {quoted(role)} a character stands in it that nobody sees.",
        None,
        seen,
    )


def fix(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record with its roles in small letters."""
    messages = messages_of(value)
    if not messages:
        return None
    folded = [_folded(message) for message in messages]
    places = tuple(
        Place(
            ROLE_SPELLING,
            f"messages[{index}].role",
            *_words(messages[index]["role"][:40], role),
        )
        for index, role in enumerate(folded)
        if role
    )
    if not places:
        return None
    fixed = [
        message | {"role": role} if role else message for message, role in zip(messages, folded, strict=True)
    ]
    return Fixed(value | {"messages": fixed}, places)


REPAIR = RowRepair(
    "lower-roles", fix, Words("Lower the roles in {rows}", "Lowered the roles in {rows}"), STRUCTURAL
)
