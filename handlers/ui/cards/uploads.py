"""Files that could not be read, and what was changed in one: repairs with examples, rows left out, files."""

from bot.controller.model import Message
from bot.controller.slots import ordinal
from bot.datasets.repairs.changes import DROP_ROW, EDIT_ROW, ChangeSummary, Dropped, Example
from bot.datasets.reports.text import places
from bot.pricing.money import at_most
from bot.uploads.cards import RepairedCard, ScreeningBegun, ScreeningEnded, UploadProblem, WaitsInLine
from handlers.ui.blocks import Block, actions, button, context, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.limits import clip, first
from handlers.ui.text import block_of_code, clean, code, count, person, plain, sentence

FACE_REPAIRS, SHOWN_REPAIRS = 4, 20
"""What was done, on the face of the card and behind it."""
FACE_OF_VERDICT = 3
"""What was done, on the face of the copy's verdict."""
FACE_LEFT = 2
"""What is still wrong, on the face."""
SHOWN_EXAMPLES = 9
SHOWN_REASONS = 5

_REASONS = {
    "drop-blank-lines": "blank",
    "drop-exact-duplicates": "copies of earlier rows",
    DROP_ROW: "chosen by hand",
}
SHOWN_LEFT = 3
"""How many of the errors that are left are named: the copy's verdict follows below, with all of them."""


def repaired_card(card: RepairedCard) -> Message:
    """Draw what was changed in a file."""
    effects = card.summary.effects()
    head = f":wrench: *{code(card.file_name, 70)} {_state(card)}*"
    face = [
        section("\n".join([head, *_done(card, FACE_REPAIRS, 100)])),
        *_left_to_mend(card, FACE_LEFT, 80),
        context(_where(card)),
    ]
    details = [
        section("\n".join([head, *_done(card, SHOWN_REPAIRS, 300)])),
        *(_example(each) for each in card.changes.examples[:SHOWN_EXAMPLES]),
        *_left_out(card.changes),
        *_left_to_mend(card, SHOWN_LEFT, 200),
        context(_rows(card), f"by {person(card.asked_by)}"),
    ]
    again = button("Try again", "dataset.repair", card.again) if card.again else None
    said = " ".join(clean(each) for each in effects)
    text = clip(sentence(f"{clean(card.file_name)} {_state(card)}. {said}"), 1_000)
    return folded(text, face, details, again)


def what_was_repaired(card: RepairedCard) -> list[Block]:
    """Return for the face of a corrected copy's verdict what was done."""
    head = f":wrench: {code(card.file_name, 70)} is repaired; the original stays as it is."
    return [section("\n".join([head, *_done(card, FACE_OF_VERDICT, 76)]))]


def repaired_so_far(card: RepairedCard) -> str:
    """Return in a line what was done in a copy of which more is left to mend."""
    shown, more = first(card.summary.effects(), 1)
    done = plain(shown[0], 80).rstrip(".") if shown else "repaired in part"
    return f"In this copy: {done}{f', and {more} more' if more else ''}. *Details* shows what."


def every_repair(card: RepairedCard) -> list[Block]:
    """Return for its details all that was done, with examples."""
    whole = [context(f"Every change is in {code(card.diff_name)}.")] if card.diff_name else []
    return [
        section("\n".join(["*Repaired*", *_done(card, SHOWN_REPAIRS, 300)])),
        *(_example(each) for each in card.changes.examples[:SHOWN_EXAMPLES]),
        *_left_out(card.changes),
        context(_rows(card)),
        *whole,
    ]


def _done(card: RepairedCard, most: int, longest: int) -> list[str]:
    """Return what was done, a line each, at most so many of them and each at most so long."""
    done, left_out = first([*card.summary.effects(), *card.summary.notes], most)
    more = [f"and {count(left_out, 'more effect')}"] if left_out else []
    return [*(f"• {plain(each, longest)}" for each in done), *more]


def _state(card: RepairedCard) -> str:
    """Return how far it got: a file of which something is left to mend is not called repaired."""
    return "is repaired" if card.ready else "is repaired in part, and not ready yet"


def _left_to_mend(card: RepairedCard, most: int, longest: int) -> list[Block]:
    """Return what of the copy is still wrong, where a job cannot start from it."""
    report = card.left
    if card.ready or report is None:
        return []
    shown, more = first(report.errors, most)
    lines = [
        f"• {sentence(each.message, longest)}{f' ({places(each)})' if places(each) else ''}" for each in shown
    ]
    lines += [f"and {count(more, 'more error')}"] if more else []
    return [section("\n".join([f"*Still to mend*: {report.tally}", *lines]))]


def _example(example: Example) -> Block:
    rows = "\n".join(
        [
            *(f"- {each}" for each in example.before.split("\n")),
            *(f"+ {each}" for each in example.after.split("\n")),
        ]
    )
    return section(
        f"{example.unit.capitalize()} {example.line:,} · {_by(example.repair)}\n{block_of_code(rows)}"
    )


def _by(repair: str) -> str:
    return "edited by hand" if repair == EDIT_ROW else code(repair)


def _left_out(changes: ChangeSummary) -> list[Block]:
    reasons = [_reason(each) for each in changes.dropped[:SHOWN_REASONS]]
    return [section("\n".join(["*Left out*", *reasons]))] if reasons else []


def _reason(dropped: Dropped) -> str:
    lines = ", ".join(f"{each:,}" for each in dropped.lines)
    more = " …" if dropped.count > len(dropped.lines) else ""
    word = dropped.unit if dropped.count == 1 else f"{dropped.unit}s"
    reason = _REASONS.get(dropped.repair, code(dropped.repair))
    return f"• {count(dropped.count, 'row')}, {reason}: {word} {lines}{more}"


def _where(card: RepairedCard) -> str:
    if card.why_not:
        return f":warning: I could not post the corrected copy here: {sentence(card.why_not)}"
    whole = f" Every change is in {code(card.diff_name)}." if card.diff_name else ""
    return f"{code(card.corrected_name)} is the corrected copy; the original stays as it is.{whole}"


def _rows(card: RepairedCard) -> str:
    summary = card.summary
    return f"{count(summary.rows_read, 'row')} read, {count(summary.rows_written, 'row')} written"


def upload_problem(card: UploadProblem) -> Message:
    """Draw a file that could not be read at all."""
    name = f"{code(card.file_name)}: " if card.file_name else ""
    return Message(
        text=clip(f"{plain(card.file_name)}: " * bool(card.file_name) + sentence(card.sentence), 1_000),
        blocks=[
            section(f":no_entry: *{name}I could not take it in*\n{sentence(card.sentence)}"),
            context(f"by {person(card.asked_by)}"),
            *(actions(button("Try again", "dataset.repair", card.again)) if card.again else []),
        ],
    )


def waits_in_line(card: WaitsInLine) -> Message:
    """Draw that a file has to wait until others are done."""
    return in_words(
        f"I am busy with other files: this is {ordinal(card.place)} in line. I go on with it by myself when it is its "
        "turn."
    )


def screening_begun(card: ScreeningBegun) -> Message:
    """Draw what a guardrail reads of a file, with its price."""
    return in_words(
        f"I have the guardrail `{card.guardrail}` read {card.rows:,} of {card.records:,} rows of this file: "
        f"{card.units:,} text units, {at_most(card.usd)}."
    )


def screening_ended(card: ScreeningEnded) -> Message:
    """Draw what came of it, in the place of the price."""
    return in_words(card.said)


CARDS: Cards = {
    RepairedCard: repaired_card,
    UploadProblem: upload_problem,
    WaitsInLine: waits_in_line,
    ScreeningBegun: screening_begun,
    ScreeningEnded: screening_ended,
}
