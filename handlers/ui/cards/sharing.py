"""With which channels a model is shared."""

from bot.controller.model import Message
from bot.directory.sharing import Shared
from handlers.ui.blocks import Block, button, confirm, context, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.text import channel, clean, code, person, sentence

FACE, SHOWN = 4, 60


def shared_card(shared: Shared, viewer: str) -> Message:
    """Draw where the model answers; for its owner with a button beside each channel that takes it back."""
    home = f"in {channel(shared.home)}" if shared.home else "in direct messages with its owner"
    shown, behind = first(shared.channels, FACE)
    blocks: list[Block] = [section(f"*{code(shared.model)}* answers {home}, which it came from.")]
    mine = shared.owner == viewer
    for each in shown:
        ask = confirm(
            "Share it no more?",
            f"{code(shared.model, 63)} answers nobody in {channel(each)} any more.",
            "Share no more",
        )
        value = f"{shared.model} {each}"
        stop = button("Share no more", "model.unshare", value, confirm=ask) if mine else None
        blocks.append(section(f"Shared with {channel(each)}", accessory=stop))
    if behind:
        blocks.append(
            context(f"and {behind:,} more channels in *Details*; `/tune unshare` ends any of them.")
        )
    held_back, left_out = first(shared.channels[FACE:], SHOWN)
    details = [section("\n".join(f"Shared with {channel(each)}" for each in held_back))] if held_back else []
    if left_out:
        details.append(context(f"and {left_out:,} more channels"))
    if not shared.channels:
        how = f"`/tune share {clean(shared.model)} with #channel`"
        who = "You can share it" if mine else f"{person(shared.owner)} can"
        blocks.append(context(f"It is shared with no other channel. {who}: {how}."))
    return folded(sentence(f"Where {clean(shared.model)} answers", 1_000), blocks, details)


CARDS: Cards = {}
"""None: what is here is drawn from several values, by the commands that show it."""
