"""Why something that somebody sees is not shown where they ask for it, in words."""

from collections.abc import Iterable

from bot.errors import Refused
from bot.visibility import Origin
from bot.wording import Channel, wording


def places(origins: Iterable[Origin]) -> str:
    """Return where something came from, as people write it: *in #claims or directly*; empty for nowhere."""
    named = [
        "directly" if each.channel.startswith("D") else wording("in ", Channel(each.channel))
        for each in origins
    ]
    return wording(*[part for place in named for part in (" or ", place)][1:]) if named else ""


def not_here(what: str, where: str, otherwise: str) -> Refused:
    """Return the refusal of ``what`` in a channel where others read: it can be done ``where`` it is from."""
    return Refused(
        f"{what} is not for everybody in this channel, and what I post here all of them read.",
        hint=wording("Do this ", where, f", or {otherwise}."),
    )
