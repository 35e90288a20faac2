"""What runs in the account beside our own: who has it, how old it is, what it costs, and what can be done about it."""

from datetime import datetime
from decimal import Decimal

from bot.clock import duration
from bot.controller.model import Message
from bot.pricing.money import money
from bot.profiles.model import Serving
from bot.strays.cards import StrayList, StrayRemoved, StrayRow
from bot.strays.model import Outcome
from bot.wording import wording
from handlers.ui.blocks import Block, Element, actions, button, confirm, context, in_words, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import sources
from handlers.ui.parts.plans import ends, in_a_moment, keep_button
from handlers.ui.text import code, count, person, plain, sentence

DELETE, TAKE_BACK, ADOPT = "stray.delete", "stray.take_back", "stray.adopt"
ON_FACE = 2
"""Strays that a message has buttons for: a screen of a phone has no room for more."""
_IN_DETAILS = 20


def stray_list(card: StrayList) -> Message:
    """Draw what runs beside our own, the dearest first."""
    if not card.rows:
        said = _nothing(card)
        return Message(text=said, blocks=[section(said)])
    shown, left = first(card.rows, ON_FACE)
    said = (
        f"{count(len(card.rows), 'thing runs', 'things run')} in AWS without a lease or a deployment of mine"
    )
    blocks: list[Block] = [section(f":moneybag: *{said}*{_sum_of(card)}")]
    for row in shown:
        blocks += [section(_line(row, card.at)), *actions(*stray_buttons(row))]
    notes = [f"and {left} more in *Details*; they move up as these are dealt with" if left else ""]
    notes += [f"prices: {says_so}" if (says_so := sources(*(each.hour for each in card.rows))) else ""]
    notes += [sentence(card.trouble), plain(card.note)]
    notes += ["Told once a week, as long as there is any." if card.weekly else ""]
    blocks += [context(each) for each in notes if each]
    rows, over = first(card.rows[ON_FACE:], _IN_DETAILS)
    details = [section(_line(row, card.at)) for row in rows]
    details += [context(f"and {over} more.")] if over else []
    return folded(f"{said}{_sum_of(card)}", blocks, details)


def _nothing(card: StrayList) -> str:
    if card.trouble:
        return f"What runs in AWS beside my own I could not see: {sentence(card.trouble)}"
    if card.at is None:
        return f"Nobody has looked yet. {plain(card.note)}".strip()
    return f"Nothing runs in AWS beside my own leases and deployments. {plain(card.note)}".strip()


def _hour(row: StrayRow) -> Decimal | None:
    return None if row.hour.usd is None else row.hour.usd * row.stray.units


def _sum_of(card: StrayList) -> str:
    """Return what all of them cost an hour; empty when nothing is known to cost anything."""
    known = [usd for row in card.rows if (usd := _hour(row)) is not None]
    total = sum(known, Decimal(0))
    unknown = len(card.rows) - len(known)
    more = f", and {unknown} at a price that I do not know" if unknown else ""
    if unknown and not total:
        return "\nI do not know what that costs an hour."
    they = "It costs" if len(card.rows) == 1 else "They cost"
    if total or unknown:
        return f"\n{they} {money(total)} an hour{more}."
    return f"\n{they} nothing while idle."


def _line(row: StrayRow, at: datetime | None) -> str:
    stray = row.stray
    of = f" of {code(row.model, 63)}" if row.model else ""
    kind = "throughput" if stray.serving is Serving.PROVISIONED_THROUGHPUT else "deployment"
    # Both by AWS's clock: of the reader's it may be apart.
    seen = stray.seen_at or at
    age = f" · {duration(seen - stray.created)} old" if seen else ""
    return f"*{code(stray.name, 63)}* · {kind}{of}{age}\n{cost_of(row)}{_whose(row, seen)}"


def cost_of(row: StrayRow) -> str:
    """Return what one costs."""
    if row.stray.serving is Serving.ON_DEMAND_DEPLOYMENT:
        return "nothing while idle"
    usd = _hour(row)
    if usd is None:
        return "by the hour, at a price that I do not know"
    units = f" for {row.stray.units} model units" if row.stray.units > 1 else ""
    return f"{money(usd)} an hour{units}"


def _whose(row: StrayRow, seen: datetime | None) -> str:
    stray = row.stray
    if row.is_undoable:
        return f" · {in_a_moment('deleting')}, as {person(row.remover)} asked"
    if stray.bot:
        return f" · belongs to the Tunesmith bot {code(stray.bot, 40)}"
    if stray.committed_until:
        left = f" for another {duration(stray.committed_until - seen)}" if seen else " for a term"
        return f" · bought{left}: AWS lets nobody delete it before"
    if stray.is_ours:
        return " · has my tags, which do not say when it ends"
    return " · made elsewhere"


def stray_buttons(row: StrayRow) -> list[Element]:
    """Return what can be done about one."""
    value = f"{row.stray.region} {row.stray.id}"
    if row.is_undoable:
        return [keep_button(TAKE_BACK, value)]
    adopt = [_adopt_button(row, value)] if row.may_be_adopted else []
    return adopt if row.stray.committed_until else [*adopt, _delete_button(row, value)]


def _adopt_button(row: StrayRow, value: str) -> Element:
    if row.stray.serving is Serving.PROVISIONED_THROUGHPUT:
        return button("Adopt…", ADOPT, value)  # its form asks how long
    ask = confirm(
        "Adopt it?",
        f"{code(row.stray.name, 63)} becomes a deployment of this channel, in your care. It costs nothing while idle, "
        "and stays until somebody removes it.",
        "Adopt",
    )
    return button("Adopt", ADOPT, value, confirm=ask)


def _delete_button(row: StrayRow, value: str) -> Element:
    return button(
        "Delete", DELETE, value, style="danger", confirm=confirm("Delete it?", what_ends(row), "Delete")
    )


def what_ends(row: StrayRow) -> str:
    """Return what a deletion ends, and what that costs or saves."""
    stray = row.stray
    whose = (
        f"It belongs to the Tunesmith bot {code(stray.bot, 40)}: its people lose it. " if stray.bot else ""
    )
    saves = "It costs nothing while idle, so nothing is saved."
    if stray.serving is Serving.PROVISIONED_THROUGHPUT:
        usd = _hour(row)
        saves = f"{'What it costs' if usd is None else f'{money(usd)} an hour'} ends with it; the begun hour is billed."
    return f"{whose}{code(stray.name, 40)} is deleted at AWS: whatever asks it gets errors. Its model stays. {saves}"


_CAME_OF_IT = {
    Outcome.DELETED: "is deleted: AWS confirms it.",
    Outcome.GONE: "was gone already when I came to delete it: somebody else did, at AWS.",
    Outcome.HELD: "is a lease or a deployment of mine by now, so I left it alone: `/tune release` ends it.",
}


def stray_removed(card: StrayRemoved) -> Message:
    """Draw what came of a deletion, for whoever wanted it."""
    name = f"`{card.name}` in {card.region} "
    if card.outcome is not Outcome.FAILED:
        return in_words(f"{name}{_CAME_OF_IT[card.outcome]}")
    billed = " It goes on being billed by the hour." if card.by_hour else ""
    return in_words(
        wording(f"{name}could not be deleted: ", card.why, f"{billed} `/tune models elsewhere` has it still.")
    )


def deleting(row: StrayRow, left: float, by: str) -> Message:
    """Return what whoever has one deleted reads, with what takes it back."""
    whose = f", which belongs to the Tunesmith bot {code(row.stray.bot, 40)}" if row.stray.bot else ""
    keep = keep_button(TAKE_BACK, f"{row.stray.region} {row.stray.id}")
    return ends(f"Deleting {code(row.stray.name, 63)}{whose}", left, by, "; you hear what came of it", keep)


CARDS: Cards = {StrayList: stray_list, StrayRemoved: stray_removed}
