"""How everything stands that the bot needs."""

from collections.abc import Sequence

from bot.checkup import Checkup, Level, Line
from bot.controller.model import Message
from handlers.ui.blocks import Block, context, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.text import code, count, plain, sentence

FACE = 3
"""Things that are shown at once, the worst first."""
IN_A_BLOCK = 6
"""Good lines that stand together, so that all of them fit behind *Details*."""
_SIGNS = {Level.BAD: ":x:", Level.WARNING: ":warning:", Level.GOOD: ":white_check_mark:"}


def checkup(card: Checkup) -> Message:
    """Draw how many things are not well, the worst of them, and all of it behind *Details*."""
    bad, warned, well = (card.of(each) for each in (Level.BAD, Level.WARNING, Level.GOOD))
    shown, more = first([*bad, *warned], FACE)
    face: list[Block] = [
        section("\n".join([f"*{_headline(bad, warned)}*", *(_short(each) for each in shown)])),
        context(
            (f"and {count(more, 'more line')} to look at, in *Details*; " if more else "")
            + f"{count(len(well), 'check')} passed."
        ),
    ]
    in_order = [well[at : at + IN_A_BLOCK] for at in range(0, len(well), IN_A_BLOCK)]
    details: list[Block] = [
        *(section(_whole(each)) for each in [*bad, *warned]),
        *(section("\n".join(_short(each) for each in some)) for some in in_order),
    ]
    return folded(sentence(_headline(bad, warned)), face, details)


def _headline(bad: Sequence[Line], warned: Sequence[Line]) -> str:
    if bad:
        return f"{count(len(bad), 'thing')} {'keeps' if len(bad) == 1 else 'keep'} me from working"
    if warned:
        return f"I work; {count(len(warned), 'thing')} should be looked at"
    return "Everything that I need works"


def _short(line: Line) -> str:
    return f"{_SIGNS[line.level]} *{plain(line.about)}*: {sentence(line.said, 240)}"


def _whole(line: Line) -> str:
    is_typed = line.mend.startswith("aws ")
    words = code(line.mend) if is_typed else sentence(line.mend, 600)
    mend = f"\nWhat mends it: {words}" if line.mend else ""
    return f"{_SIGNS[line.level]} *{plain(line.about)}*: {sentence(line.said, 1_000)}{mend}"


CARDS: Cards = {Checkup: checkup}
