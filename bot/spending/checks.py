"""Checks that every purchase has."""

from bot.spending.budgets import Outlook
from bot.spending.model import Check


def fits_budget(seen: Outlook) -> Check:
    """Return a budget's line. The start has the last word: others may spend in between."""
    if seen.short:
        return Check("budget", False, seen.short.sentence, seen.short.mend)
    return Check("budget", True, seen.sentence, seen.mend, notice=seen.is_blind, apart=True)
