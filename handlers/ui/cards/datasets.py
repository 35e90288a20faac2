"""Verdicts and datasets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.controller.model import Message
from bot.datasets.content.wording import reach
from bot.datasets.model import Cause, Dataset, Report, Role, Severity, Spread, Statistics, Verdict
from bot.datasets.repairs.registry import decisions, effects, offers
from bot.datasets.reports.pictures import labels_in_words, sparkline
from bot.profiles.model import RecordFormat
from bot.profiles.registry import PROFILES
from bot.uploads.cards import VerdictCard
from handlers.ui.blocks import (
    Block,
    Element,
    button,
    context,
    fields,
    option,
    section,
    select,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.uploads import every_repair, repaired_so_far, what_was_repaired
from handlers.ui.folding import folded
from handlers.ui.limits import clip, first
from handlers.ui.parts.prompts import teacher_hint
from handlers.ui.text import (
    clean,
    code,
    count,
    day,
    person,
    plain,
    sentence,
    size,
    thread_link,
    when,
    whole_sentences,
)

SHOWN_CAUSES = 12
GIST, GIST_OF_REPAIRABLE = 2, 3
"""Causes on the face of a verdict: with what mends each, and where one button mends them all."""
FACE_DATASETS, SHOWN_DATASETS = 4, 30
"""In a list: on its face, and behind it."""
SHOWN_VOCABULARIES = 2
SHOWN_LANGUAGES = 5
REPAIR_MENU = "dataset.repair.one"
"""The action of the menu of single repairs; the value is a repair's name, a space, and the upload's ID."""
REPAIR_BUTTONS = tuple(f"{REPAIR_MENU}.{number}" for number in (1, 2, 3))
"""The actions of buttons with such values. Older messages have three of them."""
MOST_BUTTONS = 2
"""Of single repairs, below each other on a phone; more are a menu."""

_WHAT_A_LOOK_DOES = "*Look at the rows*: edit it or leave it out."

_HEADLINES = {
    Verdict.READY: (":white_check_mark:", "ready"),
    Verdict.REPAIRABLE: (":wrench:", "not ready, but every error has a safe repair"),
    Verdict.BLOCKED: (":no_entry:", "not ready"),
}


FORMATS: Mapping[str, str] = {
    # A report may name another format that was recognised: it is shown as it is called.
    RecordFormat.CLAUDE_MESSAGES: "Claude's messages",
    RecordFormat.BEDROCK_CONVERSATION: "Bedrock conversation",
}
ROLES = {Role.TRAINING: "training data", Role.VALIDATION: "validation data"}


def label_of(profile: str) -> str:
    """Return what people call a base model; the bare name when it is none of ours."""
    known = PROFILES.get(profile)
    return known.label if known else profile


def verdict_card(card: VerdictCard) -> Message:
    """Draw the judgement of an upload."""
    report = card.report
    mark, words = _HEADLINES[report.verdict]
    causes, left_out = first([*report.errors, *report.warnings], SHOWN_CAUSES)
    face = [
        section(f"{mark} *{code(report.file, 70)} is {words}*\n{_purpose(report)}"),
        *(what_was_repaired(card.repaired) if card.repaired and card.repaired.ready else []),
        *_gist(report),
        *teacher_hint(report),
        *_foot(card),
    ]
    details = [
        *(every_repair(card.repaired) if card.repaired else []),
        *(section(_cause(each)) for each in causes),
        *(
            [context(f"and {count(left_out, 'more cause')}; mend these first, they often go together.")]
            if left_out
            else []
        ),
        *fields(_statistics(report)),
        *_what_is_in_it(report.statistics),
        *([_what_repair_does(report)] if _is_mendable(card) else []),
        *([context(said)] if (said := reach(report)) else []),
        context(f"SHA-256 {code(report.sha256[:12])}", f"by {person(card.asked_by)}"),
    ]
    return folded(_verdict_text(report, words), face, details, *_next_steps(card), last=_by_name(card))


def _gist(report: Report) -> list[Block]:
    """Return what is wrong with its mend, the worst first, as much as a phone has room for; else what is in the file.

    Where all of it can be repaired the mend is a button, so that a line a cause is enough.
    """
    mendable = report.verdict is Verdict.REPAIRABLE
    # What stands in no row (too few of them) first: no row that is mended or left out would change it.
    causes = sorted(report.errors or report.warnings, key=lambda each: bool(each.lines or each.repair))
    shown, left_out = first(causes, GIST_OF_REPAIRABLE if mendable else GIST)
    room = 0 if mendable else 240 if len(shown) == 1 else 100
    lines = [_shortly(each, room) for each in shown]
    if left_out:
        lines.append(f"and {count(left_out, 'more cause')} in *Details*")
    if not report.errors:
        lines.insert(0, _in_a_line(report))
    return [section("\n".join(lines))]


def _shortly(cause: Cause, hint_room: int) -> str:
    """Return a cause in a line or two, with as much of what mends it as there is room for; 0: nothing of it."""
    mark = ":no_entry:" if cause.severity is Severity.ERROR else ":warning:"
    often = f" · *{count(cause.count, 'time')}*" if cause.count > 1 else ""
    hint = f"\n→ {whole_sentences(cause.hint, hint_room)}" if hint_room and cause.hint else ""
    return f"{mark} {whole_sentences(cause.message, max(hint_room, 76)).rstrip('.')}{often}{hint}"


def _in_a_line(report: Report) -> str:
    low, high = report.statistics.tokens_low, report.statistics.tokens
    tokens = (
        f"{high.total:,}" if low is None or low.total == high.total else f"{low.total:,} to {high.total:,}"
    )
    return f"{count(report.records, 'record')} · {size(report.bytes)} · {tokens} tokens (estimate)"


def _foot(card: VerdictCard) -> list[Block]:
    """Return what the buttons do with the file, where that is not plain from their words, and who asked for it."""
    asked = f"for {person(card.asked_by)}"
    if _is_mendable(card) and not card.repaired:
        return [context("*Repair all* mends a copy in this thread; the original stays as it is.", asked)]
    if card.repaired and not card.repaired.ready:
        return [context(repaired_so_far(card.repaired), asked)]
    if card.upload and card.rows and card.report.verdict is Verdict.BLOCKED:
        return [context(_WHAT_A_LOOK_DOES, asked)]
    return [context(asked)]


def _purpose(report: Report) -> str:
    kind = "training" if report.role is Role.TRAINING else "validation"
    found = str(report.tally) if report.causes else "nothing to complain about"
    places = sum(each.count for each in report.causes)
    found += f" in {places:,} places" if places > len(report.causes) else ""
    return f"As {kind} data for {plain(label_of(report.profile))}: {found}."


def _verdict_text(report: Report, words: str) -> str:
    return clip(sentence(f"{report.file} is {words}. ") + _purpose(report), 1_000)


def _cause(cause: Cause) -> str:
    mark = ":no_entry:" if cause.severity is Severity.ERROR else ":warning:"
    place = f" at {code(cause.path)}" if cause.path else ""
    parts = [f"{mark} {sentence(cause.message.rstrip('.'), 400)}{place}{_where(cause)}"]
    if cause.hint:
        parts.append(f"→ {sentence(cause.hint, 400)}")
    return "\n".join(parts)


def _where(cause: Cause) -> str:
    often = f" · *{count(cause.count, 'time')}*" if cause.count > 1 else ""
    if not cause.numbers:
        return often
    unit = "record" if cause.records else "line"
    more = " …" if cause.count > len(cause.numbers) else ""
    word = unit if len(cause.numbers) == 1 and not more else f"{unit}s"
    return f"{often} · {word} {', '.join(f'{each:,}' for each in cause.numbers)}{more}"


def _statistics(report: Report) -> list[tuple[str, str]]:
    stats = report.statistics
    return [
        ("Records", f"{report.records:,}"),
        ("Size", size(report.bytes)),
        ("Tokens (estimate)", _tokens(stats)),
        ("Messages per record", _spread(stats.turns)),
        ("System prompt", _system_prompt(stats)),
        ("Format", FORMATS.get(report.format, plain(str(report.format)))),
        *_lengths(stats),
    ]


def _lengths(stats: Statistics) -> list[tuple[str, str]]:
    """Return the shape of the lengths: a column a bucket, within the width of a phone."""
    if len(stats.lengths) < 2:
        return []
    shape = code(sparkline(stats.lengths))
    return [("Lengths in tokens", f"{stats.lengths[0].low:,} {shape} {stats.lengths[-1].high:,}")]


def _what_is_in_it(stats: Statistics) -> list[Block]:
    """Return what answers choose from, in words, and the languages where there are several; else no block."""
    lines = []
    for table in stats.labels[:SHOWN_VOCABULARIES]:
        where = f" in {code(table.field, 40)}" if table.field else ""
        lines.append(f"*Labels*{where}: {plain(labels_in_words(table), 300)}")
    if len(stats.languages) > 1:
        shown, left_out = first([*stats.languages.items()], SHOWN_LANGUAGES)
        said = ", ".join(f"{name} {number:,}" for name, number in shown)
        more = f" and {left_out:,} more" if left_out else ""
        lines.append(f"*Languages*: {plain(said, 300)}{more}")
    return [section("\n".join(lines))] if lines else []


def _tokens(stats: Statistics) -> str:
    low, high = stats.tokens_low, stats.tokens
    total = (
        f"{high.total:,}" if low is None or low.total == high.total else f"{low.total:,} to {high.total:,}"
    )
    return f"{total}\n{_spread(high)}"


def _spread(spread: Spread) -> str:
    if spread.minimum == spread.maximum:
        return f"{spread.median:,} each"
    return f"median {spread.median:,}, longest {spread.maximum:,}"


def _system_prompt(stats: Statistics) -> str:
    if not stats.system_prompts:
        return "none"
    if stats.system_prompts == 1 and stats.common_system_share >= 1:
        return "the same in every record"
    return f"{stats.system_prompts:,} different; the commonest in {stats.common_system_share:.0%}"


def _is_mendable(card: VerdictCard) -> bool:
    return bool(card.upload) and card.report.verdict is Verdict.REPAIRABLE


def _what_repair_does(report: Report) -> Block:
    done = " · ".join(effects(report))
    said = f"*Repair all*: {done}." if done else "*Repair all* mends it."
    return context(f"{said} The corrected copy comes into this thread; the original stays as it is.")


def _next_steps(card: VerdictCard) -> list[Element | None]:
    look = button("Look at the rows", "dataset.rows", card.upload) if card.upload and card.rows else None
    if _is_mendable(card):
        everything = button("Repair all", "dataset.repair", card.upload, style="primary")
        return [everything, look]
    if card.dataset is None or card.report.role is not Role.TRAINING:
        return [look]
    start = button("Start a job", "dataset.start", card.dataset.reference, style="primary")
    return [start, split_button(card.dataset), look]


def _by_name(card: VerdictCard) -> list[Element]:
    """Return a button for each repair that is made alone, or a menu when there are many.

    Where all errors can be mended these are the safe ones, unless *Repair all* is the same; in a file that is blocked
    those that help at least; in a file that is ready, those of its warnings; and always those that a person has to
    choose.
    """
    if not card.upload:
        return []
    named = (*_safe_by_name(card), *decisions(card.report))
    offered = [(words, f"{name} {card.upload}") for name, words in named]
    if len(offered) <= MOST_BUTTONS:
        pairs = zip(offered, REPAIR_BUTTONS, strict=False)
        return [button(words, action_id, value) for (words, value), action_id in pairs]
    options = [option(words, value) for words, value in offered]
    return [select(REPAIR_MENU, options, placeholder="Only one repair")]


def _safe_by_name(card: VerdictCard) -> tuple[tuple[str, str], ...]:
    if card.report.verdict is Verdict.READY:
        return offers(replace(card.report, causes=card.report.warnings))
    if card.report.verdict is Verdict.BLOCKED:
        return offers(card.report)
    safe = offers(card.report) if _is_mendable(card) else ()
    return safe if len(safe) > 1 else ()


def split_button(dataset: Dataset) -> Element | None:
    """Return the button that splits off a validation set; None where there is none to be had."""
    report, profile = dataset.report, PROFILES.get(dataset.report.profile)
    if report.role is not Role.TRAINING or report.verdict is not Verdict.READY or profile is None:
        return None
    limits = profile.limits
    if not limits.validation_allowed or report.records < 2 * max(1, limits.min_records):
        return None
    return button("Split off a validation set", "dataset.split", dataset.reference)


def many_datasets(datasets: Sequence[Dataset], lines: Sequence[str], links: Sequence[str] = ()) -> Message:
    """Draw the newest of several, each with its button; ``lines``, which say all of each, are behind them.

    ``links`` open their threads, in the same order.
    """
    shown, behind = first(datasets, FACE_DATASETS)
    face = [section(f"*Datasets*, newest first ({len(datasets)})")]
    face += [
        section(_short(each, link), accessory=start_button(each)) for each, link in with_links(shown, links)
    ]
    older = f"and {behind:,} older in *Details*; " if behind else ""
    face.append(context(f"{older}`/tune dataset NAME` shows one with its versions and its history."))
    held_back, left_out = first(lines, SHOWN_DATASETS)
    details = [section(each) for each in held_back]
    if left_out:
        details.append(context(f"and {left_out:,} older; `/tune dataset NAME` shows any of them."))
    return folded(count(len(datasets), "dataset"), face, details)


def _short(dataset: Dataset, link: str) -> str:
    report, thread = dataset.report, thread_link(link)
    mark, _ = _HEADLINES[report.verdict]
    return (
        f"{mark} *{code(dataset.name, 63)}*\n"
        f"{count(report.records, 'record')} · {plain(label_of(report.profile))} · {day(dataset.stored_at)}"
        f"{f' · {report.tally}' if report.causes else ''}{f' · {thread}' if thread else ''}"
    )


def dataset_lines(datasets: Sequence[Dataset], links: Sequence[str] = ()) -> list[Block]:
    """Return two lines a dataset, with *Start a job* where one can start; ``links`` open their threads, in order."""
    return [
        section(_short(each, link), accessory=start_button(each))
        for each, link in with_links(datasets, links)
    ]


def with_links(datasets: Sequence[Dataset], links: Sequence[str]) -> list[tuple[Dataset, str]]:
    """Return each dataset with its link, empty where there is none."""
    return [*zip(datasets, [*links, *[""] * len(datasets)], strict=False)]


def dataset_line(dataset: Dataset, link: str, *more: str) -> str:
    """Return a dataset in two lines; ``more`` stands behind its ID."""
    report, thread = dataset.report, thread_link(link)
    mark, _ = _HEADLINES[report.verdict]
    found = f" · {report.tally}" if report.causes else ""
    return (
        f"{mark} *{code(dataset.name)}* · {' · '.join([code(dataset.id), *more])}\n"
        f"{count(report.records, 'record')} · {plain(label_of(report.profile))} · {ROLES[report.role]} · "
        f"{when(dataset.stored_at)}{found}{f' · {thread}' if thread else ''}"
    )


def start_button(dataset: Dataset) -> Block | None:
    """Return the button that starts a job from it; None where none can start."""
    if dataset.report.role is not Role.TRAINING or dataset.report.verdict is not Verdict.READY:
        return None
    return button("Start a job", "dataset.start", dataset.reference)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known of one dataset, before the buttons are put under it."""

    text: str
    face: list[Block]
    details: list[Block]


def one_dataset(dataset: Dataset) -> Drawn:
    """Draw one dataset."""
    report = dataset.report
    mark, words = _HEADLINES[report.verdict]
    where = ", ".join(code(region) for region in sorted(dataset.locations)) or "nowhere yet"
    causes, _ = first([*report.errors, *report.warnings], SHOWN_CAUSES)
    face = [section(f"{mark} *{code(dataset.name, 70)}* is {words}\n{_purpose(report)}"), *_gist(report)]
    details = [
        *(section(_cause(each)) for each in causes),
        *fields([*_statistics(report), ("Version", code(dataset.id)), ("Stored in", where)]),
        *_what_is_in_it(report.statistics),
        context(
            f"by {person(dataset.source.user)}", when(dataset.stored_at), f"SHA-256 {code(report.sha256)}"
        ),
    ]
    text = clip(sentence(f"{clean(dataset.name)}: {words}, {count(report.records, 'record')}"), 1_000)
    return Drawn(text, face, details)


CARDS: Cards = {VerdictCard: verdict_card}
