"""Rows screened by a guardrail: which are looked at, what that costs, and what came of it.

A guardrail reads for the meaning where phrases cannot, and each text that it reads is billed. So of a large file a
sample is screened, spread evenly over it: what teaches a model anything stands in more than one row.
"""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from bot.datasets.rows import rows
from bot.profiles.model import Profile
from bot.wording import quoted

SAMPLE: Final = 100
"""Rows that are screened of one file at most."""
UNIT: Final = 1_000
"""Characters of a text unit, which is what a guardrail is billed by (aws.amazon.com/bedrock/pricing)."""
MOST: Final = 25 * UNIT
"""Characters of a text that are screened: a request takes 25 text units by default (Service Quotas)."""
AT_ONCE: Final = 4
"""Requests at once: where a guardrail takes least it takes 25 a second."""
NAMED: Final = 5
"""Lines that are named."""
MASKED: Final = "masked "
"""Begins a reason for which a guardrail lets a text pass, with something in it covered."""


class Guardrail(Protocol):
    """A Bedrock guardrail that the operator has named."""

    @property
    def name(self) -> str:
        """What people know it by: its ID and version."""

    def screen(self, text: str, *, is_answer: bool) -> tuple[str, ...]:
        """Return what the guardrail has against the text, a policy each; empty when it lets it pass as it is.

        What it only covers in the text begins with ``MASKED``.

        Raises:
            Throttled, Unavailable: not now.
            NotFound, Refused, Misconfigured: there is no such guardrail, or we may not use it.
        """


@dataclass(frozen=True, slots=True)
class Sampled:
    """One row that is screened: its line, what a person and the system say in it, and what the model answers."""

    line: int
    asked: str
    answered: str

    @property
    def texts(self) -> list[tuple[str, bool]]:
        """What is screened, and whether it is an answer; empty texts are not."""
        pairs = [(self.asked[:MOST], False), (self.answered[:MOST], True)]
        return [(text, is_answer) for text, is_answer in pairs if text.strip()]

    @property
    def units(self) -> int:
        """How many text units that is."""
        return sum(math.ceil(len(text) / UNIT) for text, _ in self.texts)


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of it: how many rows were screened, and on which lines the guardrail stepped in, with its reasons."""

    rows: int
    stopped: tuple[tuple[int, tuple[str, ...]], ...]
    masked: int = 0
    """Rows that it would let pass with something in them covered, and would not stop."""

    def sentence(self, guardrail: str, records: int) -> str:
        """Return it in words."""
        of_all = f"all {records:,} rows" if self.rows >= records else f"{self.rows:,} of {records:,} rows"
        begin = f"The guardrail {quoted(guardrail)} has read {of_all}"
        masks = f" It would mask something in {self.masked:,} of them." if self.masked else ""
        if not self.stopped:
            rest = " It has not seen the others." if self.rows < records else ""
            against = "would stop none of them" if masks else "has nothing against them"
            return f"{begin} and {against}.{masks}{rest}"
        named = ", ".join(f"line {line:,} ({', '.join(why)})" for line, why in self.stopped[:NAMED])
        more = f" and {len(self.stopped) - NAMED:,} more" if len(self.stopped) > NAMED else ""
        return (
            f"{begin} and would stop {len(self.stopped):,} of them: {named}{more}.{masks} "
            "Tuning does not undo what the base was taught: delete what fights it."
        )


def sample(path: Path, profile: Profile, records: int, most: int = SAMPLE) -> list[Sampled]:
    """Return the rows that are screened, spread evenly: all of a small file.

    Raises:
        OSError: the file cannot be read.
    """
    wanted = (
        {index * records // min(most, records) for index in range(min(most, records))} if records else set()
    )
    return [each for place, each in enumerate(_readable(path, profile)) if place in wanted]


def screen(guardrail: Guardrail, sampled: Sequence[Sampled]) -> Screened:
    """Have the rows screened.

    Raises:
        Whatever ``Guardrail.screen`` raises: then nothing is known.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="screen") as pool:
        reasons = list(pool.map(lambda row: _reasons(guardrail, row), sampled))
    found = [(row.line, why) for row, why in zip(sampled, reasons, strict=True) if why]
    stopped = [(line, why) for line, why in found if not all(map(_only_masks, why))]
    return Screened(len(sampled), tuple(stopped), len(found) - len(stopped))


def _only_masks(why: str) -> bool:
    return why.startswith(MASKED)


def _reasons(guardrail: Guardrail, row: Sampled) -> tuple[str, ...]:
    found = [why for text, is_answer in row.texts for why in guardrail.screen(text, is_answer=is_answer)]
    return tuple(dict.fromkeys(found))


def _readable(path: Path, profile: Profile) -> Iterator[Sampled]:
    for row in rows(path, profile):
        asked = [row.system or "", *row.texts[:-1:2]]
        yield Sampled(row.line, "\n".join(filter(None, asked)), "\n".join(row.said[1::2]))
