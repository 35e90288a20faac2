"""Creating what was agreed to, once: what is said while nobody may look whether it is there already."""

from bot.errors import Misconfigured
from bot.wording import Person, wording

BLOCKED = 60.0
"""Seconds between two looks while AWS does not let us look."""


def told_as(asked_for: bool) -> str:
    """Return the name of the message: it is said once before it was asked for, and once after."""
    return "unseen" if asked_for else "blocked"


def cannot_look(owner: str, error: Misconfigured, *, asked_for: bool) -> str:
    """Return what the owner reads then.

    ``asked_for``: its creation was tried and may have taken effect, so that it is called neither a refusal nor nothing.
    """
    if asked_for:
        return wording(
            Person(owner),
            " I can't see whether this was started; if it was, it is billed. ",
            error.sentence,
            " I look again every minute, and go on by myself when that is mended.",
        )
    return wording(
        Person(owner),
        " I can't start this yet, and nothing was bought. ",
        error.sentence,
        " I look again every minute, and start it by myself when that is mended.",
    )
