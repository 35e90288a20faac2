"""With which channels a model is shared."""

from bot.controller.model import Message
from bot.directory.sharing import Shared
from handlers.ui.blocks import Block, button, context, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.limits import first
from handlers.ui.text import channel, clean, code, person, sentence

SHOWN = 20


def shared_card(shared: Shared, viewer: str) -> Message:
    """Draw where the model answers; for its owner with a button beside each channel that takes it back."""
    home = f"in {channel(shared.home)}" if shared.home else "in direct messages with its owner"
    shown, left_out = first(shared.channels, SHOWN)
    blocks: list[Block] = [section(f"*{code(shared.model)}* answers {home}, which it came from.")]
    mine = shared.owner == viewer
    for each in shown:
        stop = button("Share no more", "model.unshare", f"{shared.model} {each}") if mine else None
        blocks.append(section(f"Shared with {channel(each)}", accessory=stop))
    if left_out:
        blocks.append(context(f"and {left_out:,} more channels"))
    if not shared.channels:
        blocks.append(
            context(f"It is shared with no other channel. {person(shared.owner)} can: `/tune share`.")
        )
    return Message(
        text=sentence(f"Where {clean(shared.model)} answers", 1_000), blocks=within_message(blocks)
    )


CARDS: Cards = {}
"""None: what is here is drawn from several values, by the commands that show it."""
