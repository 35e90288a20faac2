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
    recheck_in: float | None


def is_look_due(status: Looked, recheck: datetime | None, now: datetime) -> bool:
    """Return whether the preflight is to be done: never yet, since somebody asked, or since something was unclear."""
    if status.checked_at is None or (recheck and recheck > status.checked_at):
        return True
    wait = status.recheck_in
    return wait is not None and now - status.checked_at >= timedelta(seconds=wait)
