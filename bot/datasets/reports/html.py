"""A report as one HTML page: no script, nothing from elsewhere, made for a phone as well as for a desk.

Whatever comes from the file is outside text: the template escapes every value, and what steers a reader's eye
(control characters, direction overrides, zero-width spaces, lone surrogates) is replaced before.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.datasets.catalogue import sources_of
from bot.datasets.content.scan import SCANNER
from bot.datasets.content.wording import reach
from bot.datasets.model import Bucket, Report, Role, Verdict
from bot.datasets.repairs.registry import effects, offer
from bot.datasets.reports.pictures import percent
from bot.datasets.reports.text import places, size_text
from bot.profiles.model import Profile
from bot.profiles.registry import PROFILES

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What steers a reader's eye, or is no text at all."""
_QUOTED = re.compile(r"`([^`]*)`")

WIDTH, HEIGHT = 600, 160
"""Units of the histogram's picture, which is stretched to the page's width."""

_HEADLINES = {
    Verdict.READY: ("Ready", "A job can start from this file."),
    Verdict.REPAIRABLE: ("Not ready", "Every error has a safe repair; after it a job can start."),
    Verdict.BLOCKED: ("Not ready", "Some errors need a person: they are named below, with what to do."),
}


def as_html(report: Report) -> str:
    """Return the page. Secrets and personal data are masked."""
    title, sentence = headline(report)
    profile = PROFILES.get(report.profile)
    page = _template().render(
        report=report,
        title=title,
        sentence=sentence,
        base=profile.label if profile else report.profile,
        groups=(
            ("error", "Errors", "Each of these makes the job fail, or loses data silently.", report.errors),
            (
                "warning",
                "Warnings",
                "A job can start with them. Each costs quality or money.",
                report.warnings,
            ),
        ),
        statistics=report.statistics,
        bars=_bars(report.statistics.lengths),
        median=_position(report.statistics.tokens.median, report.statistics.lengths),
        width=WIDTH,
        height=HEIGHT,
        effects=effects(report),
        limits=limits_of(report, profile) if profile else (),
        reach=reach(report),
        limits_source=profile.limits.source.removeprefix("https://") if profile else "",
    )
    return page + "\n"


def headline(report: Report) -> tuple[str, str]:
    """Return the verdict in a word or two, and in a sentence."""
    return _HEADLINES[report.verdict]


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar of the histogram, in units of its picture."""

    x: float
    y: float
    width: float
    height: float
    bucket: Bucket


def _bars(buckets: Sequence[Bucket]) -> list[_Bar]:
    """Return a bar a bucket; a single record among thousands is still two units high."""
    most = max((each.count for each in buckets), default=0)
    step = WIDTH / max(1, len(buckets))
    heights = [max(2.0, each.count / most * HEIGHT) if each.count else 0.0 for each in buckets]
    return [
        _Bar(
            round(index * step + 1, 1), round(HEIGHT - height, 1), round(step - 2, 1), round(height, 1), each
        )
        for index, (each, height) in enumerate(zip(buckets, heights, strict=True))
    ]


def _position(value: int, buckets: Sequence[Bucket]) -> float:
    """Return where a number stands across the picture: buckets are equally broad there, and logarithmic within."""
    for index, each in enumerate(buckets):
        if each.low <= value <= each.high:
            low, high = max(each.low, 1), max(each.high, 1) + 1  # the first bucket may hold nothing but zeros
            within = math.log(max(value, 1) / low) / math.log(high / low)
            return round((index + within) * WIDTH / len(buckets), 1)
    return 0.0


def limits_of(report: Report, profile: Profile) -> list[tuple[str, str, str]]:
    """Return what the base takes, and what the file has: name, limit, value."""
    limits = profile.limits
    training = report.role is Role.TRAINING
    most = limits.max_training_records if training else limits.max_validation_records
    size = limits.max_training_bytes if training else limits.max_validation_bytes
    rows = [
        ("Records at least", f"{limits.min_records:,}", f"{report.records:,}"),
        ("Records at most", f"{most:,}" if most else "no figure is published", f"{report.records:,}"),
        (
            "Tokens a record, at most",
            f"{limits.max_tokens_per_record:,}",
            f"{report.statistics.tokens.maximum:,} (estimate)",
        ),
        ("Size at most", size_text(size) if size else "no figure is published", size_text(report.bytes)),
    ]
    if training and limits.advised_records:
        rows.insert(1, ("Records advised", f"{limits.advised_records:,}", f"{report.records:,}"))
    return rows


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot.datasets.reports", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    filters: dict[str, Callable[..., object]] = {
        "number": lambda number: f"{number:,}",
        "size": size_text,
        "masked": SCANNER.masked,
        "quoted": _quoted,
        "address": lambda source: source.replace("https://", ""),
    }
    environment.filters |= filters
    environment.globals |= {"places": places, "offer": offer, "percent": percent, "sources_of": sources_of}
    return environment.get_template("page.html.jinja")


def _shown(value: object) -> object:
    """Return a value as the page may show it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return UNSEEN.sub("\ufffd", value)
    return value


def _quoted(text: str) -> Markup:
    """Return one of our sentences with what it quotes in code."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(_shown(text)))))  # noqa: S704 -- escaped before
