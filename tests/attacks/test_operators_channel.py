"""A channel in which operators are told what goes wrong: who reads along there learns nothing of other channels."""

import pytest

from bot.controller.damage import Damage
from bot.controller.documents import load
from bot.errors import Misconfigured, Refused
from bot.notifications.damage_reporting import DamageTelling
from bot.notifications.reconciler import NotificationSpec
from tests.doubles.world import World
from tests.unit.controller.test_failure_reporting import Broken, break_
from tests.unit.jobs.samples import plan

NAME = plan().job_name


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
