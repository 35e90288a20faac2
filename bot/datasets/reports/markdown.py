"""A report as standard Markdown, for a canvas: what the page says, in what a canvas has.

Whatever comes from the file is outside text: what steers Markdown is escaped, so that it makes no heading, no link, no
picture and no mention, and stays on its line. A canvas has headings of three levels, lists, code and tables, and no
picture that is not a file of the workspace (docs.slack.dev/surfaces/canvases).
"""

import re
from collections.abc import Iterator, Sequence

from bot.datasets.content.scan import SCANNER
from bot.datasets.content.wording import reach
from bot.datasets.model import Cause, LabelTable, Report
from bot.datasets.repairs.registry import effects, offer
from bot.datasets.reports.html import UNSEEN, headline, limits_of
from bot.datasets.reports.pictures import percent
from bot.datasets.reports.text import places, size_text
from bot.profiles.registry import PROFILES
from bot.wording import quoted

CELLS = 300
"""Cells of a table that a canvas takes at most (docs.slack.dev/surfaces/canvases)."""
ROWS = 40
"""Rows of a table here: with four columns well within that, and as many as anybody reads on a phone."""
CAUSES = 200
"""Mistakes that are told; the JSON beside it has all of them."""
LONGEST = 600
"""Characters of one text from outside."""

_STEERING = re.compile(r"(^[-+=]|^\d+(?=[.)])|[\\`*_\[\]<>#|~!])")
_BUTTON = re.compile(r"\\\*([A-Z][A-Za-z0-9' ]{0,60})\\\*")
"""A button's name in our sentences, once what steers Markdown is escaped."""
_QUOTED = re.compile(r"`([^`]*)`")


def as_markdown(report: Report) -> str:
    """Return the report. Secrets and personal data are masked."""
    title, sentence = headline(report)
    profile = PROFILES.get(report.profile)
    kind = "training" if report.role.value == "train" else "validation"
    base = profile.label if profile else report.profile
    lines = [
        f"# {title}: {code(report.file)}",
        sentence,
        f"As {kind} data for {plain(base)}: {report.tally}, each named once. {_size(report)}.",
        *_causes("Errors", "Each of these makes the job fail, or loses data silently.", report.errors),
        *_causes("Warnings", "A job can start with them. Each costs quality or money.", report.warnings),
        *_repairs(report),
        *_statistics(report),
        *(line for table in report.statistics.labels for line in _labels(table)),
        *_prompt(report),
        *_languages(report),
    ]
    if profile:
        lines += [
            f"## Limits of {plain(base)}",
            _table(("", "limit", "this file"), limits_of(report, profile)),
        ]
    lines += [
        "## The file",
        *([plain(said)] if (said := reach(report)) else []),
        f"SHA-256 {code(report.sha256)}",
    ]
    return "\n\n".join(lines) + "\n"


def _size(report: Report) -> str:
    return f"{report.records:,} {'record' if report.records == 1 else 'records'}, {size_text(report.bytes)}"


def plain(text: str) -> str:
    """Return outside text as it stands in Markdown: on one line, and steering nothing."""
    sound = UNSEEN.sub("\ufffd", " ".join(text.split()))[:LONGEST]
    return _STEERING.sub(_escaped, sound)


def _escaped(found: re.Match[str]) -> str:
    # A number at the beginning makes a list by the dot behind it.
    return f"{found[0]}\u200b" if found[0].isdigit() else f"\\{found[0]}"


def code(text: str) -> str:
    """Return outside text as code."""
    return quoted(UNSEEN.sub("\ufffd", " ".join(text.split()))[:LONGEST] or "-")


def in_code(text: str) -> str:
    """Return one of our sentences with what it quotes as code, and names of buttons in bold."""
    parts = _QUOTED.split(text)
    shown = (
        code(part) if at % 2 else _BUTTON.sub(r"**\1**", plain_inside(part)) for at, part in enumerate(parts)
    )
    return "".join(shown)


def plain_inside(text: str) -> str:
    """Return a part of a sentence, with the spaces at its ends."""
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :] if text.strip() else ""
    return f"{' ' if lead else ''}{plain(text)}{' ' if trail else ''}"


def _causes(heading: str, meaning: str, causes: Sequence[Cause]) -> Iterator[str]:
    if not causes:
        return
    yield f"## {heading}"
    yield meaning
    for cause in causes[:CAUSES]:
        yield f"### {in_code(cause.message)}"
        where = places(cause) or "the file as a whole"
        yield where + (f" at {code(cause.path)}" if cause.path else "")
        if cause.hint:
            yield in_code(cause.hint)
        if cause.repair:
            yield f"Safe repair: {plain(offer(cause.repair, cause.count))}"
    if len(causes) > CAUSES:
        yield f"and {len(causes) - CAUSES:,} more"


def _repairs(report: Report) -> Iterator[str]:
    if made := effects(report):
        yield "## Repairs"
        yield (
            "All of them are made without a guess, in a copy; the file stays as it is. Press *Repair all* under the "
            "verdict."
        )
        yield "\n".join(f"- {plain(each)}" for each in made)


def _statistics(report: Report) -> Iterator[str]:
    found = report.statistics
    if not found.records:
        return
    spreads = (
        ("tokens from", found.tokens_low),
        ("tokens to", found.tokens),
        ("characters", found.characters),
        ("messages", found.turns),
    )
    rows = [
        (name, *(f"{each:,}" for each in (spread.minimum, spread.median, spread.p95, spread.maximum)))
        for name, spread in spreads
        if spread
    ]
    yield "## Statistics"
    yield _table(("a record", "least", "median", "p95", "most"), rows)
    yield "Tokens are estimated: no public tokenizer counts this model's. p95: 95 of 100 records have at most so many."


def _labels(table: LabelTable) -> Iterator[str]:
    yield "## Labels" + (f" in {code(table.field)}" if table.field else "")
    rows = [
        (plain(each.text), f"{each.count:,}", percent(each.count, table.records))
        for each in table.labels[:ROWS]
    ]
    yield _table(("label", "records", "share"), rows)
    if table.different > len(rows):
        yield f"and {table.different - len(rows):,} more, each in fewer records"


def _prompt(report: Report) -> Iterator[str]:
    if prompt := report.statistics.common_system_prompt:
        yield "## System prompt"
        yield "The model is to be asked with the prompt that it was trained with."
        yield plain(SCANNER.masked(prompt))


def _languages(report: Report) -> Iterator[str]:
    if found := report.statistics.languages:
        yield "## Languages"
        yield _table(
            ("language", "records"), [(plain(name), f"{number:,}") for name, number in found.items()][:ROWS]
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows[: CELLS // len(head) - 1]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
