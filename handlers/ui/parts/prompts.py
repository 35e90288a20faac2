"""What a file of prompts without answers is told: a teacher can answer them."""

from bot.datasets.formats.unanswered import BATCH_REQUEST
from bot.datasets.model import Report, Role
from bot.distillations.plan import LEAST_RECORDS
from handlers.ui.blocks import Block, context

_UNANSWERED = frozenset({"last-not-assistant", "too-few-messages", "missing-messages"})
"""Causes that say of a record that it has no answer."""
_NO_RECORDS = frozenset({"not-json"})
_OF_LINES = (".txt", ".csv", ".tsv")
"""Files that prompts may come in, one a line, and records never."""


def teacher_hint(report: Report) -> list[Block]:
    """Return for what may be prompts without answers how they come by some, and whether they are enough for it."""
    if not _may_be_prompts(report):
        return []
    here = f"{report.records:,} {'is' if report.records == 1 else 'are'} here"
    few = f"; a batch takes at least {LEAST_RECORDS}, and {here}" if report.records < LEAST_RECORDS else ""
    return [context(f"If these are prompts without answers: `/tune distill` has a teacher answer them{few}.")]


def _may_be_prompts(report: Report) -> bool:
    """Return whether no record has an answer: each ends with its question, or has no place for one."""
    codes = _UNANSWERED | (_NO_RECORDS if report.file.lower().endswith(_OF_LINES) else frozenset())
    everywhere = any(each.code in codes and each.count >= report.records for each in report.errors)
    return report.role is Role.TRAINING and (everywhere or str(report.format) == BATCH_REQUEST.name)
