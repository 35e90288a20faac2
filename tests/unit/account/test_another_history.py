"""A store that has another history than before: what it may have forgotten is looked for at once, once, in no storm."""

from collections.abc import Callable, Collection
from datetime import timedelta
from random import Random

import pytest

from bot.account import reconciler as account
from bot.account.sooner import EVERY
from bot.controller.controller import Controller
from bot.controller.history import Standing, is_another
from bot.controller.model import Key
from bot.kinds import KINDS
from bot.spending.comparing import Looked
from tests.doubles.world import World
from tests.unit.jobs.samples import model

WEST, MODEL = "us-west-2", "claims-router"
BEAT = 5.0
LISTINGS = 2
"""Of endpoints in one look: one for each way of serving."""


class Processes:
    """Two processes of one bot, each with what stands and a loop of its own."""

    def __init__(self, count: int = 2) -> None:
        self.world = World()
        self.world.models.save(model())
        self.empty = self.world.store.image()
        store = self.world.store
        self.standing = [Standing(store, [account.registration(WEST)]) for _ in range(count)]
        self.loops = [
            Controller(store, self.world.reconcilers(), self.world.clock, random=lambda: 0.0, kinds=KINDS)
            for _ in range(count)
        ]

    def turn(self) -> None:
        for standing, loop in zip(self.standing, self.loops, strict=True):
            standing.see_to_it()
            while loop.tick():
                pass

    def let_pass(self, seconds: float, step: float = BEAT) -> None:
        for _ in range(int(seconds / step)):
            self.world.clock.advance(step)
            self.turn()

    def settled(self) -> "Processes":
        """Let the first looks pass, so that the next one is minutes away."""
        self.turn()
        self.let_pass(2 * EVERY)
        return self

    @property
    def looks(self) -> int:
        return self.world.endpoints.calls["list_all"] // LISTINGS

    def price(self) -> str:
        world = self.world
        plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
        lease = world.leases.propose(plan)
        self.turn()
        return lease

    def start(self, lease: str) -> None:
        self.world.press("lease", lease, "start", "UTRAIN")
        self.turn()
        self.world.endpoints.in_service(self.world.endpoints.only().plan.endpoint_name)
        self.let_pass(60)

    @property
    def releases(self) -> list[str]:
        return [each.key.id for each in self.world.store.unfinished("release")]


def emptied(bot: Processes) -> None:
    bot.world.store.roll_back(bot.empty)


def failed_over(bot: Processes) -> None:
    bot.world.store.roll_back(bot.world.store.image())


def failed_over_and_nobody_was_there(bot: Processes) -> None:
    failed_over(bot)
    store = bot.world.store
    bot.standing = [Standing(store, [account.registration(WEST)]) for _ in bot.standing]


def tells_nothing(bot: Processes) -> None:
    def era(*, at_once: bool = False) -> str:
        return ""

    bot.world.store.era = era  # type: ignore[method-assign]


def is_the_same(_: Processes) -> None:
    pass


@pytest.mark.parametrize(
    ("happens", "looks"),
    [
        (emptied, 1),
        (failed_over, 1),
        (failed_over_and_nobody_was_there, 1),
        (tells_nothing, 0),
        (is_the_same, 0),
    ],
)
def test_what_may_be_forgotten_is_looked_for_at_once_by_one_process(
    happens: Callable[[Processes], None], looks: int
) -> None:
    bot = Processes().settled()
    before = bot.looks
    happens(bot)
    bot.let_pass(BEAT)
    assert bot.looks == before + looks
    bot.let_pass(EVERY - 2 * BEAT)
    assert bot.looks == before + looks, "and by nobody a second time"
    bot.let_pass(2 * EVERY)
    assert bot.looks == before + 2 * looks, "and once more, for what was on its way"


class Portions:
    """Finds more than one look takes in, so many times."""

    def __init__(self, bot: Processes) -> None:
        self._clock, self.left, self.at = bot.world.clock, 0, list[float]()
        ports = bot.world
        dependencies = account.AccountDependencies(
            looks={"portions": self},
            news={},
            outbox=ports.outbox,
            renderer=ports.renderer,
            clock=ports.clock,
            random=Random(1),
        )
        for each in range(len(bot.loops)):
            reconcilers = {account.KIND: account.AccountReconciler(dependencies)}
            bot.loops[each] = Controller(
                ports.store, reconcilers, ports.clock, random=lambda: 0.0, kinds=KINDS
            )

    def look(self, _region: str, _strangers: Collection[str]) -> Looked:
        self.at.append(self._clock.monotonic())
        self.left -= 1
        return Looked([], [], more=self.left >= 0)


def test_what_is_more_than_one_look_takes_in_is_looked_for_once_more_too() -> None:
    bot = Processes(1)
    portions = Portions(bot)
    bot.settled()
    portions.at.clear()
    portions.left = 2
    failed_over(bot)
    bot.let_pass(2 * EVERY)
    first = portions.at[0]
    assert [each - first for each in portions.at] == [0, 5, 10, 70]


@pytest.mark.parametrize("happens", [emptied, failed_over])
def test_a_server_that_flaps_causes_no_storm(happens: Callable[[Processes], None]) -> None:
    bot = Processes().settled()
    before = bot.looks
    minutes = 5
    for _ in range(int(minutes * 60 / BEAT)):
        happens(bot)
        bot.let_pass(BEAT)
    # What the store forgets each time, each process remembers by itself.
    most = (minutes + 1) * (len(bot.loops) if happens is emptied else 1)
    assert 2 <= bot.looks - before <= most


@pytest.mark.parametrize("back_to", ["nothing", "the look before", "the price"])
def test_a_lease_that_was_forgotten_is_followed_at_once_and_ends_on_time(back_to: str) -> None:
    """Its whole time is shorter than what was left until the next look."""
    bot = Processes().settled()
    images = {"nothing": bot.empty, "the look before": bot.world.store.image()}
    lease = bot.price()
    images["the price"] = bot.world.store.image()
    bot.start(lease)
    until = bot.world.clock.now() + timedelta(seconds=300)
    for each in bot.world.endpoints.endpoints.values():
        each.tags["release-by"] = until.isoformat(timespec="seconds")
    bot.world.store.roll_back(images[back_to])
    assert bot.releases == []

    bot.let_pass(BEAT)
    assert bot.releases == [lease]
    bot.let_pass(225)
    [channel] = [each for each in bot.world.messages.visible("C1") if "lost track" in each.message.text]
    assert MODEL in channel.message.text
    assert len(bot.world.endpoints.endpoints) == 1, "it is followed in whole minutes, and none is left out"
    bot.let_pass(75)
    assert bot.world.endpoints.endpoints == {}
    assert bot.world.store.get(Key("release", lease)) is not None


def test_a_lease_whose_buying_alone_was_forgotten_is_no_news() -> None:
    """Its own turn comes upon what it bought, and registers the release; it may be half a minute away."""
    bot = Processes(1).settled()
    lease = bot.price()
    bot.world.press("lease", lease, "start", "UTRAIN")
    due = bot.world.store.image()
    [_] = bot.world.store.claim(10, {"lease": 30.0})
    in_hand = bot.world.store.image()
    bot.world.store.roll_back(due)
    while bot.loops[0].tick():
        pass
    assert bot.releases == [lease]
    bot.world.store.roll_back(in_hand)  # the replica has only heard that it was taken in hand
    before = bot.looks
    bot.let_pass(BEAT)
    assert bot.looks == before + 1
    bot.let_pass(30)
    assert bot.releases == [lease]
    bot.let_pass(2 * EVERY)
    assert [each for each in bot.world.messages.everything_posted if "lost track" in each.message.text] == []


def test_a_lease_whose_buying_was_forgotten_and_that_has_no_turn_ends_all_the_same() -> None:
    bot = Processes(1).settled()
    lease = bot.price()
    bot.world.press("lease", lease, "start", "UTRAIN")
    due = bot.world.store.image()
    bot.turn()
    bot.world.endpoints.in_service(bot.world.endpoints.only().plan.endpoint_name)
    bot.world.store.roll_back(due)
    reconcilers = bot.world.reconcilers()
    stuck = {each: reconcilers[each] for each in ("account", "release")}
    bot.loops = [Controller(bot.world.store, stuck, bot.world.clock, random=lambda: 0.0, kinds=KINDS)]
    bot.let_pass(100 * 60, step=600)
    assert bot.releases == []
    bot.let_pass(25 * 60, step=300)
    assert bot.world.endpoints.endpoints == {}


def test_that_it_is_in_service_since_long_is_told_by_its_tag() -> None:
    """The store was put back to when it was still being made: its minutes do not begin anew."""
    bot = Processes(1)
    lease = bot.price()
    bot.world.press("lease", lease, "start", "UTRAIN")
    bot.turn()
    image = bot.world.store.image()
    bot.world.endpoints.in_service(bot.world.endpoints.only().plan.endpoint_name)
    bot.let_pass(50 * 60, step=60)
    bot.world.store.roll_back(image)
    bot.let_pass(9 * 60, step=60)
    assert len(bot.world.endpoints.endpoints) == 1
    bot.let_pass(120 + 2 * BEAT)
    assert bot.world.endpoints.endpoints == {}


@pytest.mark.parametrize(
    ("before", "era", "another"),
    [
        (None, "a", True),
        (None, "", True),
        ("a", "b", True),
        ("", "a", True),
        ("a", "a", False),
        ("a", "", False),
    ],
)
def test_nothing_is_asserted_of_a_store_that_tells_nothing(
    before: str | None, era: str, *, another: bool
) -> None:
    assert is_another(before, era) is another
