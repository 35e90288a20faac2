"""Checks that every purchase has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from bot.spending.budgets import Outlook
from bot.spending.model import Check

BUDGET = "budget"
"""The name of the check that tells whether the budgets have room."""


def is_short(checks: Iterable[Check]) -> bool:
    """Return whether no budget has room for it."""
    return any(each.name == BUDGET and not each.ok for each in checks)


def fits_budget(seen: Outlook) -> Check:
    """Return a budget's line. The start has the last word: others may spend in between."""
    if seen.short:
        return Check(BUDGET, False, seen.short.sentence, seen.short.mend)
    return Check(BUDGET, True, seen.sentence, seen.mend, notice=seen.is_blind, apart=True)


def mend_of(failed: Check) -> str:
    """Return what to do about a check for which a press was refused: press again, where that can help."""
    if failed.final:
        return failed.mend
    return f"{failed.mend} I am looking again now: start it once the plan shows no more problems.".strip()


class Looked(Protocol):
    """What remembers the last preflight."""

    checked_at: datetime | None
    rechecked: datetime | None
    """The wish for another look that it answered."""


def is_wanted_again(status: Looked, recheck: datetime | None) -> bool:
    """Return whether somebody has asked for another look since.

    By the wish itself, and not by which came later: who looks and who asks may be two machines, and their clocks apart.
    """
    return recheck is not None and recheck != status.rechecked


def is_look_due(status: Looked, recheck: datetime | None, now: datetime, wait: float | None) -> bool:
    """Return whether the preflight is to be done: never yet, since somebody asked, or since something was unclear.

    ``wait`` is how many seconds what was unclear is left alone; None: nothing was.
    """
    if status.checked_at is None or is_wanted_again(status, recheck):
        return True
    return wait is not None and not timedelta() <= now - status.checked_at < timedelta(seconds=wait)


def note_look(status: Looked, recheck: datetime | None, now: datetime) -> None:
    """Write down that it was done, and which wish that answers."""
    status.checked_at, status.rechecked = now, recheck
