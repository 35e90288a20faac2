"""Members of a private channel use every door, in a public channel and in theirs: nobody else reads what it is about.

What must happen: no message, file or line under a thread that names anything of the channel, and no word of a row, is
where somebody reads it who is not in there; and what is to be done is told nowhere else. So it is for as long as what
they began runs, when the channel takes nothing any more, and when they have left it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import pytest

from bot.kinds import KINDS
from tests.attacks.test_private_channels import Attack, Ids, Pair, _seen, everything, opens_home
from tests.attacks.two_channels import (
    BOSS,
    DATA,
    HELD_OUT,
    INSIDER,
    OTHER,
    PRIVATE,
    PUBLIC,
    SECRET,
    TwoChannels,
)
from tests.attacks.two_channels import KINDS as LOOKED_AT
from tests.doubles.world import BUILT
from tests.examples import some
from tests.tables import table

DIRECT, OPERATORS = "D1", "COPS"
"""Where whoever is at the door writes to the bot directly, and where what goes wrong is told, with others reading."""
HIDDEN = (SECRET, DATA[:12], HELD_OUT[:12])
"""What names something of the private channel; a row of its file has the first of them in it, too."""
COUNTED = ("asked", "calls")
"""What the doubles only count: nobody is told by it."""
TELLS_NOBODY = {"seal"}
"""Kinds without a message, a file or a place that these would be in."""


class Read(NamedTuple):
    """What somebody reads: in a channel, or where they alone do."""

    where: str
    what: str

    @property
    def names_it(self) -> bool:
        return any(each in self.what for each in HIDDEN)


def house(here: str, who: str = INSIDER) -> TwoChannels:
    """Return a house with a member of the private channel at the door, and operators who read along elsewhere."""
    made = TwoChannels()
    world = made.world
    world.last_resorts = world.hears = (OPERATORS,)
    world.operator = OPERATORS
    world.canvases.has_them = True
    world.outbox = world.new_outbox()
    world.rebuilt()
    made.door.user, made.door.channel = who, here
    return made


def _read(of: TwoChannels) -> Iterator[Read]:
    """Yield everything that anybody could have read so far."""
    door, world = of.door, of.world
    for method, said in door.client.made:
        where = said.get("user") or said.get("user_id") or said.get("channel") or said.get("channel_id") or ""
        yield Read(door.user if method.startswith("views.") else where, json.dumps(said))
    for answer in door.webhooks:
        yield Read(door.channel if answer["response_type"] == "in_channel" else door.user, json.dumps(answer))
    for posted in (*world.messages.everything_posted, *world.messages.visible()):
        yield Read(posted.channel, repr(posted.message))
    for each in world.messages.whispers:
        yield Read(each.user, repr(each.message))
    for channel, _, name in world.files.shared:
        yield Read(channel, f"{name} {world.files.comments.get(name)}")
    for canvas, readers in world.canvases.readers.items():
        yield from (Read(reader, world.canvases.made[canvas]) for reader in readers)


def _places(spec: Any) -> Iterator[str]:
    """Yield the channels that a spec names."""
    for name, value in spec.items() if isinstance(spec, Mapping) else ():
        if name in ("channel", "asked_in") and isinstance(value, str) and value:
            yield value
        yield from _places(value)


def _kept(of: TwoChannels) -> object:
    """Return all that is kept of a house, by which it is told whether a door changed anything in it."""
    world = of.world
    rows = {each.key: each.generation for kind in KINDS for each in world.store.of_kind(kind)}
    stores = (
        world.aliases, world.answer_settings, world.datasets, world.memberships, world.models, world.readers,
        world.shares, of.channel_settings, of.feedback,
    )  # fmt: skip
    told = [
        {name: repr(value) for name, value in vars(each).items() if name not in COUNTED} for each in stores
    ]
    return rows, told


def nothing(*_: object) -> None:
    """Use no door: what is under way goes on by itself."""


class Houses:
    """A house as ``make`` makes it, made anew after whatever changed anything in it, or failed."""

    def __init__(self, make: Callable[[], TwoChannels]) -> None:
        self._make = make
        self._unused: TwoChannels | None = None
        self.used: TwoChannels | None = None
        """The last one, if anything was changed in it."""

    def leaks(
        self, attack: Callable[[TwoChannels, Ids], object], ids: Ids, members: set[str], hours: float = 0.05
    ) -> list[Any]:
        """Use the door, let hours pass, and return what somebody else could read of the channel, or would later.

        After a door that changed nothing no time passes: the same would come of it as of ``nothing``, which is tried.
        """
        of, self._unused, self.used = self._unused or self._make(), None, None
        before, done, kept = set(_read(of)), of.wished(), _kept(of)
        attack(of, ids)
        is_used = attack is nothing or _kept(of) != kept
        if is_used:
            of.world.pass_time(hours * 3600, step=hours * 450)
        inside = {PRIVATE, DIRECT} | members | {f"D{each}" for each in members}
        found: list[Any] = [
            each for each in set(_read(of)) - before if each.names_it and each.where not in inside
        ]
        for key in of.wished() - done:
            resource = of.world.store.get(key)
            if resource is not None and any(each in json.dumps(resource.spec) for each in HIDDEN):
                found += [(key, each) for each in _places(resource.spec) if each in (PUBLIC, OTHER)]
        if is_used:
            self.used = of
        else:
            of.told()
            self._unused = of
        return found


@pytest.fixture(scope="module")
def ids() -> Ids:
    """What the private channel's buttons carry."""
    return TwoChannels().ids


def doors() -> dict[str, Attack]:
    """Return every door by a name."""
    return everything() | {"the home": opens_home}


def tried() -> dict[str, Callable[[TwoChannels, Ids], object]]:
    """Return those of them that are tried in this run, and none at all."""
    return {"nothing": nothing, **dict(some(doors().items()))}


def test_every_kind_is_looked_at() -> None:
    """What is done later is told by its kind: one that is new is run in this house, or has its specs looked at."""
    assert set(KINDS) == {*BUILT, *LOOKED_AT} | TELLS_NOBODY


@pytest.mark.slow
def test_what_a_member_does_in_a_public_channel_is_read_by_nobody_else(ids: Ids) -> None:
    """Tried: every door, with the names and buttons of a private channel, by a member of it where others read along."""
    with table() as row:
        for who in (INSIDER, BOSS):
            houses = Houses(partial(house, PUBLIC, who))
            for name, attack in tried().items():
                with row(who, name):
                    assert houses.leaks(attack, ids, {INSIDER, BOSS}) == []


@pytest.mark.slow
def test_what_a_member_does_in_it_is_read_nowhere_else_for_as_long_as_it_runs(ids: Ids) -> None:
    """Tried: every door, from within a private channel, and reading elsewhere what comes of it for a day."""
    with table() as row:
        houses = Houses(partial(house, PRIVATE))
        for name, attack in tried().items():
            with row(name):
                assert houses.leaks(attack, ids, {INSIDER, BOSS}, hours=25) == []


def left(*, closed: bool) -> TwoChannels:
    """Return a house whose owner has left the private channel, with another member of it at the door."""
    made = house(PRIVATE)
    made.world.memberships.leave(PRIVATE, INSIDER)
    if closed:
        made.world.messages.archive(PRIVATE)
    made.door.user = BOSS
    return made


@pytest.mark.slow
def test_an_owner_who_left_is_not_told_what_others_do_with_their_things(ids: Ids) -> None:
    """Tried: leaving a private channel, and waiting for what its members do with one's model, job and lease there."""
    with table() as row:
        houses = Houses(partial(left, closed=False))
        for name, attack in tried().items():
            with row(name):
                assert houses.leaks(attack, ids, {BOSS}, hours=25) == []


@pytest.mark.slow
def test_an_owner_who_left_is_not_told_directly_what_the_channel_does_not_take(ids: Ids) -> None:
    """Tried: leaving a private channel, which is archived, and waiting for what one's things there come to."""
    houses = Houses(partial(left, closed=True))
    with table() as row:
        for name, attack in {"nothing": nothing, **doors()}.items():
            if not name.startswith(("nothing", "press lease.", "command release")):
                continue
            with row(name):
                assert houses.leaks(attack, ids, {BOSS}, hours=25) == []
                if houses.used is None:
                    continue
                heard = [each.what for each in _read(houses.used) if each.where == OPERATORS]
                assert any(f"`lease:{ids['lease']}`" in each for each in heard), (
                    "that there is news is not lost"
                )


def outside(secrets: bool) -> TwoChannels:
    """Return a house with the owner of what there may be in the private channel at the door, who has left it."""
    made = TwoChannels(secrets=secrets)
    made.world.memberships.leave(PRIVATE, INSIDER)
    made.door.user = INSIDER
    return made


@pytest.mark.slow
def test_an_owner_who_left_cannot_tell_at_any_door_that_their_own_things_are_there(ids: Ids) -> None:
    """Tried: every door, by whoever owns a private channel's dataset, model, job and lease, and has left it."""
    houses = Pair(outside)
    with table() as row:
        for name, attack in some(doors().items()):
            with row(name), houses as (full, empty):
                seen = _seen(full, attack, ids)
                assert seen == _seen(empty, attack, ids)
                houses.are_used = bool(seen["made"])
