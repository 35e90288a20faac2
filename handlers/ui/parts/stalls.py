"""What does not move at Bedrock, with what can be done until something was."""

from collections.abc import Sequence

from bot.clock import duration
from bot.controller.model import Message
from bot.jobs.stalls import Settled, SettledBy, Stall
from bot.wording import Person, wording
from handlers.ui.blocks import Element, actions, context, section, within_message
from handlers.ui.limits import first
from handlers.ui.text import code, count, person, sentence

_NAMED = 4


def stalled(
    owner: str,
    stall: Stall,
    words: tuple[str, str],
    settled: Settled | None,
    *buttons: Element | None,
) -> Message:
    """Draw what does not move: the buttons are there until it is ``settled``.

    Args:
        owner: who is mentioned.
        stall: what does not move.
        words: what the limit comes from ("earlier jobs on this base"), and a sentence on the money.
        settled: what became of it.
        buttons: what can be done.
    """
    earlier, billed = words
    usual = f"longer than 95 % of the {earlier} took" if stall.from_history else "longer than is usual"
    stood = f"{duration(stall.stood)}, " if stall.stood else ""
    told = f" {stall.stage} has not moved for {stood}{usual}, and Bedrock gives no reason. {billed}"
    shown = sentence(wording(Person(owner), told))
    blocks = [section(f":hourglass: {shown}")]
    blocks += [context(sentence(_settled(settled), 400))] if settled else actions(*buttons)
    return Message(text=shown, blocks=within_message(blocks))


def many_stalled(owner: str, names: Sequence[str]) -> Message:
    """Draw jobs that stopped moving in the same minutes: so many at once are more likely Bedrock's doing."""
    shown, left = first(names, _NAMED)
    named = ", ".join(map(code, shown))
    which = f"{named} and {count(left, 'other')}" if left else named
    text = (
        f":hourglass: {person(owner)} {len(names):,} more of your jobs have not moved for longer than is usual, and "
        f"Bedrock gives no reason: {which}."
    )
    hint = context("`/tune jobs` lists them; the card of each stops it.")
    return Message(text=text, blocks=within_message([section(text), hint]))


def _settled(settled: Settled) -> str:
    match settled.how:
        case SettledBy.STOP:
            return wording(Person(settled.by), " asked to stop.")
        case SettledBy.END:
            return "It has ended since."
        case SettledBy.MOVEMENT:
            return "It moves again."
        case SettledBy.PATIENCE:
            return wording(Person(settled.by), " keeps waiting.")
