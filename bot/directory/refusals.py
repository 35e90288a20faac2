"""Why something that somebody sees is not shown where they ask for it, in words."""

from collections.abc import Collection, Iterable

from bot.errors import NotFound, Refused
from bot.models.model import ModelLabel
from bot.names import did_you_mean
from bot.visibility import Origin
from bot.wording import Channel, Person, quoted, wording


def places(origins: Iterable[Origin]) -> str:
    """Return where something came from, as people write it: *in #claims or directly*; empty for nowhere."""
    named = [
        "directly" if each.channel.startswith("D") else wording("in ", Channel(each.channel))
        for each in origins
    ]
    return wording(*[part for place in named for part in (" or ", place)][1:]) if named else ""


def no_model(name: str, instead: str, deleted: ModelLabel | None, names: Collection[str]) -> NotFound:
    """Return that nothing is called so: what is known ``instead``, by whom it was ``deleted``, or the nearest name."""
    if deleted and not instead:
        return NotFound(
            f"There is no model {quoted(name)} any more.",
            hint=wording(Person(deleted.by), " deleted it. `/tune models` lists what there is."),
        )
    nearest = did_you_mean(name, names, "`/tune models` lists them.")
    return NotFound(f"There is no model {quoted(name)}.", hint=instead or nearest)


def not_here(what: str, where: str, otherwise: str) -> Refused:
    """Return the refusal of ``what`` in a channel where others read: it can be done ``where`` it is from."""
    return Refused(
        f"{what} is not for everybody in this channel, and what I post here all of them read.",
        hint=wording("Do this ", where, f", or {otherwise}."),
    )
