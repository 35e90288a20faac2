"""A channel in which operators are told what goes wrong: who reads along there learns nothing of other channels."""

import pytest

from bot.controller.damage import Damage
from bot.controller.documents import load
from bot.errors import Misconfigured, Refused, TunesmithError
from bot.notifications.damage_reporting import DamageTelling
from bot.notifications.reconciler import NotificationSpec
from tests.attacks.test_silent_store import HOUR, Processes, silent_down
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.controller.test_failure_reporting import Broken, break_
from tests.unit.jobs.samples import model, plan
from tests.unit.leases.test_lease import running

NAME = plan().job_name
MODEL = "claims-router"
DENIED = Misconfigured("AWS does not allow it.")
REFUSED = Refused(f"AWS refuses it: {MODEL}-1 is busy.")


@pytest.mark.slow
def test_what_fails_is_told_there_by_its_reference_alone() -> None:
    """Tried: reading, in the operators' channel, what fails in a channel that not everybody there sees."""
    refused = Refused(f"The dataset of {NAME} is gone.")
    for hears, error, told in (
        ("COPS", KeyError("a"), "KeyError"),
        ("COPS", refused, "I give it up"),
        ("COPS", Misconfigured("The bucket takes nothing."), "The bucket takes nothing."),
        ("UOPER", refused, NAME),
        ("C1", refused, NAME),
    ):
        world = Broken(hears)
        world.jobs.propose(plan())
        world.turn()
        break_(world, error)
        world.pass_time(4 * 3600, step=60)
        said = [each for each in world.said() if f"`job:{plan().id}`" in each.message.text]
        heard = [each.message.text for each in said if (each.channel == "C1") is (hears == "C1")]
        assert any(told in each for each in heard), (hears, heard)
        assert any(NAME in each for each in heard) is (hears != "COPS"), (hears, heard)


def test_what_cannot_be_read_has_no_name_there() -> None:
    """Tried: reading, in the operators' channel, the name of a private channel's model or alias once it is damaged."""
    world, damage = World(), Damage()
    telling = DamageTelling(world.store, damage, world.renderer, ("COPS", "UOPER"), world.clock)
    things = [
        ("models", "secret-model"),
        ("model-labels", "secret-model"),
        ("aliases", "C1 secret"),
        ("job", "j1"),
    ]
    for where, name in things:
        damage.report(where, name, "it is no JSON")
    telling.go_on()
    for where, name in things:
        damage.mended(where, name)
    telling.go_on()
    told = [load(NotificationSpec, each.spec) for each in world.store.of_kind("notification")]
    for who, names in (("COPS", {"j1"}), ("UOPER", {name for _, name in things})):
        read = [f"{each.text} {each.blocks}" for each in told if each.user == who]
        assert len(read) == 2 * len(things), read
        assert {name for _, name in things for each in read if name in each} == names


@pytest.mark.slow
@pytest.mark.parametrize(("error", "why"), [(DENIED, "AWS does not allow it."), (REFUSED, "AWS refuses it.")])
def test_a_release_that_does_not_work_is_told_there_by_its_reference_alone(
    error: TunesmithError, why: str
) -> None:
    """Tried: reading, in the operators' channel, what a private channel leases once AWS does not let it end."""
    world = World()
    world.hears = ("COPS", "C1", "UOPER")
    world.models.save(model())
    lease = running(world.rebuilt())
    world.endpoints.order("delete", *[bedrock.Fault(error)] * 2)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(90)
    told = [load(NotificationSpec, each.spec) for each in world.store.of_kind("notification")]
    for who, names in (("COPS", False), ("C1", True), ("UOPER", True)):
        read = [f"{each.text} {each.blocks}" for each in told if each.user == who]
        read.sort(key=lambda each: "works again" in each)
        assert ["works again" in each for each in read] == [False, True]
        assert all((MODEL in each) is names for each in read), read
        assert all((f"release:{lease}" in each) is not names for each in read), read
        assert why in read[0] or names, read


@pytest.mark.slow
def test_what_ends_without_the_store_is_told_there_by_its_reference_alone() -> None:
    """Tried: reading, in the operators' channel, what a private channel leases once the store is silent."""
    bot = Processes(1)
    bot.operators = ("COPS", "UOPER")
    bot.dogs = [bot.dog(each) for each in bot.ways]
    lease = bot.serve()
    bot.let_pass(HOUR - 120, step=60)
    silent_down(bot.world)
    bot.world.endpoints.order("delete", bedrock.Fault(REFUSED))
    bot.let_pass(240, step=10)
    assert bot.running == []
    for channel, names in (("COPS", False), ("DUOPER", True), ("C1", True)):
        read = bot.texts(channel)[-2:]
        assert [part in each for part, each in zip(("billed until", "AWS confirms"), read, strict=True)] == [
            True
        ] * 2
        assert all((MODEL in each) is names for each in read), read
        assert all((f"lease:{lease}" in each) is not names for each in read), read
