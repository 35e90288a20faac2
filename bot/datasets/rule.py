"""What every rule says of itself, and how a finding is made from it."""

from dataclasses import dataclass

from bot.datasets.findings import Finding
from bot.datasets.model import Severity

OWN = "Tunesmith: nothing is published; seen to make jobs fail, to lose data or to waste training"
JSON_LINES = "https://jsonlines.org and RFC 8259"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``code`` is stable; ``source`` is where it is published; ``repair`` is the safe repair's name.

    ``decisions`` are the names of repairs that change what is learned, of which only a person may choose one.
    """

    code: str
    severity: Severity
    source: str
    message: str
    hint: str
    repair: str | None = None
    decisions: tuple[str, ...] = ()

    def at(
        self,
        line: int = 0,
        path: str = "",
        message: str | None = None,
        hint: str | None = None,
        group: str = "",
    ) -> Finding:
        """Return the finding of this rule at a place; ``message`` and ``hint`` replace the rule's own words.

        Findings of one rule that are to be told apart have different ``group``s: each is a cause of its own.
        """
        return Finding(
            self.code,
            self.severity,
            line,
            path,
            message or self.message,
            hint or self.hint,
            self.repair,
            group,
            self.decisions,
        )


def error(
    code: str,
    message: str,
    hint: str,
    *,
    source: str = OWN,
    repair: str | None = None,
    decisions: tuple[str, ...] = (),
) -> Rule:
    """Return a rule whose breach makes a job fail or loses data."""
    return Rule(code, Severity.ERROR, source, message, hint, repair, decisions)


def warning(
    code: str,
    message: str,
    hint: str,
    *,
    source: str = OWN,
    repair: str | None = None,
    decisions: tuple[str, ...] = (),
) -> Rule:
    """Return a rule whose breach costs quality or money."""
    return Rule(code, Severity.WARNING, source, message, hint, repair, decisions)
