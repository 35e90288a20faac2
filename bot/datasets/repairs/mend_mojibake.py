"""Writes words as they were meant whose UTF-8 was read as Windows-1252: ``FÃ¼r`` becomes ``Für``."""

from bot.datasets.clearance import Search
from bot.datasets.content import mojibake
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.repairs.texts import Rewritten, rewritten
from bot.datasets.rule import warning
from bot.profiles.model import Profile
from bot.wording import quoted

MOJIBAKE = warning(
    "mojibake",
    "A text was read in a wrong encoding: its UTF-8 was taken for Windows-1252.",
    "The model learns to write such words. What they were can be told without a doubt, so one press brings them back.",
    repair="mend-mojibake",
)


def fix(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record with such words as they were meant."""
    changed, found = rewritten(value, mojibake.fixed)
    return Fixed(changed, tuple(map(_place, found))) if found else None


def _place(text: Rewritten) -> Place:
    example = mojibake.example(text.before)
    if example is None:
        return Place(MOJIBAKE, text.path)
    said, meant = example
    words = f"A text was read in a wrong encoding: {quoted(said)} was meant to be {quoted(meant)}."
    return Place(MOJIBAKE, text.path, words)


REPAIR = RowRepair(
    "mend-mojibake",
    fix,
    Words(
        "Bring back words read in a wrong encoding in {rows}",
        "Brought back words read in a wrong encoding in {rows}",
    ),
    (Search(mojibake.may_stand_in),),
)
