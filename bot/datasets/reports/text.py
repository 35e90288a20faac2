"""A report as JSON for programs and as plain text for a terminal of 80 columns."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import to_jsonable_python
from rich.cells import cell_len, set_cell_size

from bot.datasets.content.scan import SCANNER
from bot.datasets.content.wording import reach
from bot.datasets.model import Bucket, Cause, LabelTable, Report, Severity, Spread, Statistics, Verdict
from bot.datasets.repairs.registry import offer, rows_fixed
from bot.datasets.reports.pictures import bar, labels_in_words, percent
from bot.wording import counted

WIDTH = 80
_LANGUAGES = 8

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_BAR = 40
_LABEL = 28
_NAME = 60
_SHOWN_TABLES = 3
_SHOWN_LABELS = 8

_HEADLINES = {
    Verdict.READY: "can start",
    Verdict.REPAIRABLE: "can start after the repairs below",
    Verdict.BLOCKED: "cannot start",
}


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as one object of plain JSON values; its keys are stable.

    Secrets and personal data are masked, and lone surrogates replaced: the values can be written as UTF-8.
    """
    prompt = report.statistics.common_system_prompt
    made = {
        "file": report.file,
        "profile": report.profile,
        "role": report.role.value,
        "format": str(report.format),
        "verdict": report.verdict.value,
        "errors": report.tally.errors,
        "warnings": report.tally.warnings,
        "records": report.records,
        "bytes": report.bytes,
        "sha256": report.sha256,
        "causes": [cause_as_json(cause) for cause in report.causes],
        "statistics": to_jsonable_python(report.statistics)
        | {"common_system_prompt": prompt and SCANNER.masked(prompt)},
    }
    sound: dict[str, Any] = _sound(made)
    return sound


def _sound(value: Any) -> Any:
    """Return a JSON value in which every text is Unicode: half of a pair, escaped in the file, is not."""
    if isinstance(value, dict):
        return {_sound(name): _sound(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_sound(each) for each in value]
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def cause_as_json(cause: Cause) -> dict[str, Any]:
    """Return one cause as plain JSON values; ``decisions`` is there when a person may choose a repair."""
    return {
        "code": cause.code,
        "severity": cause.severity.value,
        "count": cause.count,
        "lines": list(cause.lines),
        "records": list(cause.records),
        "path": cause.path,
        "message": cause.message,
        "hint": cause.hint,
        "repair": cause.repair,
    } | ({"decisions": list(cause.decisions)} if cause.decisions else {})


def as_summary(report: Report) -> str:
    """Return what one reads first, as wide as ``as_text``: every cause whole, and of a file in order few lines."""
    name = report.file if cell_len(report.file) <= _NAME else f"{set_cell_size(report.file, _NAME - 1)}\u2026"
    parts = ["\n".join(_head(replace(report, file=name)))]
    parts.extend(_cause(cause, report) for cause in report.causes)
    if report.statistics.records:
        parts.append("\n".join(_outline(report)))
    return "\n\n".join(parts) + "\n"


def as_text(report: Report) -> str:
    """Return the report as plain text, at most 80 columns wide unless a single word is wider."""
    parts = ["\n".join((*_head(report), f"  sha256 {report.sha256}"))]
    parts.extend(_cause(cause, report) for cause in report.causes)
    if report.statistics.records:
        parts.append("\n".join(_statistics(report)))
        parts.extend("\n".join(each) for each in _pictures(report.statistics))
    return "\n\n".join(parts) + "\n"


def as_line(cause: Cause) -> str:
    """Return a cause in one plain line, for a log or a terminal while the file is still being read."""
    where = ", ".join(each for each in (places(cause), cause.path) if each)
    head = f"{cause.severity.value} {cause.code}"
    return _printable(f"{head} ({where}): {cause.message}" if where else f"{head}: {cause.message}")


def places(cause: Cause) -> str:
    """Return where a cause stands in words: "line 3", "lines 3, 5", "lines 3, 5 …, 41 in all", or nothing.

    Records are named by their number in the file where several share a line: "record 7".
    """
    if not cause.numbers:
        return ""
    unit = "record" if cause.records else "line"
    shown = ", ".join(f"{number}" for number in cause.numbers)
    if cause.count > len(cause.numbers):
        return f"{unit}s {shown} …, {cause.count:,} in all"
    return f"{unit} {shown}" if len(cause.numbers) == 1 else f"{unit}s {shown}"


def size_text(size: int) -> str:
    """Return bytes for people: "812 bytes", "1.4 MB"."""
    if size < 1000:
        return f"{size} bytes"
    amount, unit = float(size), "bytes"
    for unit in ("kB", "MB", "GB"):  # noqa: B007
        amount /= 1000
        if amount < 1000:
            break
    return f"{amount:.1f} {unit}"


def _head(report: Report) -> tuple[str, ...]:
    facts = f"{report.format} - {counted(report.records, 'record')} - {size_text(report.bytes)}"
    return (
        *_wrapped(f"{report.file}: {report.verdict.value}, {_HEADLINES[report.verdict]} ({report.tally})"),
        *_wrapped(f"for {report.profile} as {report.role.value} data - {facts}", indent="  "),
    )


def _cause(cause: Cause, report: Report) -> str:
    mark = "x" if cause.severity is Severity.ERROR else "!"
    where = " at ".join(each for each in (places(cause), cause.path) if each)
    lines = [f"{mark} {cause.severity.value}  {cause.code}"]
    lines += _wrapped(cause.message, indent="    ")
    if where:
        lines += _wrapped(where, indent="    ")
    lines += _wrapped(cause.hint, indent="    ")
    if cause.repair:
        lines += _wrapped(
            f"repair: {cause.repair} ({offer(cause.repair, rows_fixed(cause, report))})", indent="    "
        )
    if cause.decisions:
        lines += _wrapped(
            f"yours to choose: {' or '.join(f'--only {each}' for each in cause.decisions)}", indent="    "
        )
    return "\n".join(lines)


def _outline(report: Report) -> Iterator[str]:
    """Yield the statistics on a line each, and how far it reaches that nothing was found."""
    figures = report.statistics
    low, most = figures.tokens_low or figures.tokens, figures.tokens
    total = f"{low.total:,} to {most.total:,}" if low.total != most.total else f"{most.total:,}"
    yield _line(
        "tokens", f"{total} (estimated), a record at most {most.median:,} (median) to {most.maximum:,}"
    )
    yield _line("turns", f"{figures.turns.total:,}, a record {figures.turns.median:,} (median)")
    if figures.system_prompts:
        yield _line("system", _system_prompts(figures))
    for table in figures.labels[:1]:
        where = f'"{table.field}": ' if table.field else ""
        yield _line("labels", f"{where}{labels_in_words(table)}")
    if figures.languages:
        yield _line("languages", _languages(figures))
    yield from _wrapped(reach(report))


def _line(name: str, said: str) -> str:
    """Return a fact on one line, cut where it is too long for it."""
    line = f"{name:12}{_printable(said)}"
    return line if cell_len(line) <= WIDTH else f"{set_cell_size(line, WIDTH - 1).rstrip()}\u2026"


def _system_prompts(figures: Statistics) -> str:
    share = f"{figures.common_system_share:.0%} of the records have the most common one"
    return f"{counted(figures.system_prompts, 'prompt')}; {share}"


def _languages(figures: Statistics) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in [*figures.languages.items()][:_LANGUAGES])


def _statistics(report: Report) -> Iterator[str]:
    figures = report.statistics
    yield f"{'':12}{'total':>14}{'least':>10}{'median':>10}{'p95':>10}{'most':>10}"
    for name, spread in (
        ("turns", figures.turns),
        ("characters", figures.characters),
        ("tokens from", figures.tokens_low),
        ("tokens to", figures.tokens),
    ):
        if spread is not None:
            yield _row(name, spread)
    if figures.system_prompts:
        yield f"{'system':12}{_system_prompts(figures)}"
    if figures.languages:
        yield from _wrapped(f"{'languages':12}{_languages(figures)}")
    yield "tokens are estimated; limits and prices are judged by the higher figure"
    yield from _wrapped(reach(report))


def _pictures(figures: Statistics) -> Iterator[Iterator[str]]:
    if len(figures.lengths) > 1:
        yield _histogram(figures.lengths)
    for table in figures.labels[:_SHOWN_TABLES]:
        yield _label_table(table)


def _histogram(buckets: Sequence[Bucket]) -> Iterator[str]:
    most = max(each.count for each in buckets)
    yield f"{'tokens':>19}{'records':>10}"
    for each in buckets:
        reach = f"{each.low:,}" if each.low == each.high else f"{each.low:,} to {each.high:,}"
        yield f"{reach:>19}{each.count:>10,}  {bar(each.count, most, _BAR)}".rstrip()


def _label_table(table: LabelTable) -> Iterator[str]:
    where = f'"{_printable(table.field)}"' if table.field else "the whole answer"
    yield from _wrapped(
        f"labels in {where}: {table.different:,} in {counted(table.records, 'record')}", indent="  "
    )
    shown = table.labels[:_SHOWN_LABELS]
    for each in shown:
        text = _printable(each.text)
        if cell_len(text) > _LABEL:
            text = f"{set_cell_size(text, _LABEL - 1)}\u2026"
        share = percent(each.count, table.records)
        yield f"    {set_cell_size(text, _LABEL)}{each.count:>8,}{share:>7}  {bar(each.count, shown[0].count, 20)}"
    if table.different > len(shown):
        yield f"    and {table.different - len(shown):,} more"


def _row(name: str, spread: Spread) -> str:
    numbers = (spread.minimum, spread.median, spread.p95, spread.maximum)
    return f"{name:12}{spread.total:>14,}" + "".join(f"{number:>10,}" for number in numbers)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        _printable(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
    ) or [indent]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
