"""Models shared with channels, as their owners ask for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.access import Access
from bot.clock import Clock
from bot.directory.directory import Directory
from bot.errors import NotAllowed, NotFound, Refused
from bot.models.model import CustomModel, Share
from bot.models.ports import Shares
from bot.names import bare
from bot.visibility import is_direct
from bot.wording import Person, quoted, wording

_LINK = re.compile(r"<#([A-Z0-9]{2,30})(?:\|[^<>]{0,200})?>")


@dataclass(frozen=True, slots=True)
class Shared:
    """A model, and the channels that it is shared with."""

    model: str
    owner: str
    home: str
    """The channel that it came from; empty for a direct message."""
    channels: tuple[str, ...]


class SharingService:
    """Opens models to channels and closes them again. Every method may raise ``Unavailable``."""

    def __init__(self, shares: Shares, directory: Directory, access: Access, clock: Clock) -> None:
        self._shares = shares
        self._directory = directory
        self._access = access
        self._clock = clock

    def share(self, model: str, channel: str) -> Shared:
        """Have the model seen, and answer, in the channel as well. Repeating it changes nothing.

        ``channel`` is an ID, ``#name`` or Slack's ``<#ID|name>``.

        Raises:
            NotFound: there is no such model, or no such channel that the owner is in and I see.
            NotAllowed: somebody else's model, or a channel that I am not set up for.
            Refused: it is a direct message; or people there may not see what the model was trained further from.
        """
        found, place = self._own(model), self._channel(channel)
        self._access.check_channel(place)
        before = self._directory.provenance_of_model(found).made_from
        if not self._directory.sight.may_show_all(before, place):
            raise Refused(
                f"{quoted(found.name)} was trained further from a model that not everybody in that channel may see.",
                hint="Once the owner of that one has shared it with the channel, you can share yours.",
            )
        if place != found.channel:
            self._put(found, place, on=True)
        return self.shown(model)

    def withdraw(self, model: str, channel: str) -> Shared:
        """Have the model neither seen nor answer in the channel any more. Repeating it changes nothing.

        Raises:
            NotFound: there is no such model, or it is not shared with that channel.
            NotAllowed: somebody else's model.
            Refused: it is the channel that it came from.
        """
        found = self._own(model)
        known = self._directory.sight.channels()
        place = channel_id(channel, {**dict.fromkeys(self._directory.shared_with(found), ""), **known})
        if place == found.channel:
            raise Refused(
                f"{quoted(found.name)} came from there, and stays there.",
                hint="Only what was shared can be taken back.",
            )
        if place not in self._directory.shared_with(found):
            raise NotFound(
                f"{quoted(found.name)} is not shared with that channel.",
                hint="`/tune share MODEL` lists them.",
            )
        self._put(found, place, on=False)
        return self.shown(model)

    def shown(self, model: str) -> Shared:
        """Return with which channels the model is shared, as far as the viewer sees these.

        Raises:
            NotFound: there is no such model; the hint has the nearest name.
        """
        found = self._directory.known_model(model)
        mine = found.owner == self._directory.viewer.user
        channels = tuple(
            each
            for each in self._directory.shared_with(found)
            if mine or self._directory.sight.sees_channel(each)
        )
        home = "" if is_direct(found.channel) else found.channel
        return Shared(found.name, found.owner, home, channels)

    # How

    def _put(self, model: CustomModel, channel: str, *, on: bool) -> None:
        by, now = self._directory.viewer.user, self._clock.now()
        self._shares.save(Share(model.name, model.arn, channel, by, now, on))
        self._directory.forget_shares()

    def _own(self, name: str) -> CustomModel:
        found = self._directory.known_model(name)
        if found.owner != self._directory.viewer.user:
            raise NotAllowed(
                f"Only the owner of {quoted(found.name)} can share it.",
                hint=wording("Ask ", Person(found.owner), "."),
            )
        return found

    def _channel(self, said: str) -> str:
        """Return the ID of a channel that the viewer is in."""
        known = self._directory.sight.channels()
        place = channel_id(said, known)
        if is_direct(place):
            raise Refused(
                "A direct message takes no share.", hint="Whoever sees the model can ask it directly anyway."
            )
        if place not in known and place != self._directory.viewer.here:
            raise NotFound(
                "I do not see you in that channel.",
                hint="Join it, invite me with `/invite` if it is private, and try again in a minute.",
            )
        return place


def channel_id(said: str, known: Mapping[str, str]) -> str:
    """Return the ID of the channel that was meant: ``<#C1|name>``, ``C1``, ``#name`` or ``name``.

    ``known`` are names by ID. A name that is none of them is returned as it is: there is no such channel.
    """
    wanted = bare(said)
    linked = _LINK.fullmatch(wanted)
    if linked:
        return linked[1]
    channel = wanted.removeprefix("#")
    if channel.upper() in known:
        return channel.upper()
    return next((each for each, name in known.items() if name and name.lower() == channel.lower()), channel)
