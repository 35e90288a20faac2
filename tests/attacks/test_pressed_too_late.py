"""Buttons that are pressed once another press was quicker: each says what happened meanwhile, and by whom."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.controller.model import Key
from bot.errors import Refused
from bot.spending.votes import Choice
from tests.attacks.test_deciding import Asked, asked, every_kind
from tests.attacks.test_extensions import house as serving
from tests.attacks.test_extensions import running
from tests.doubles.bought import CHEAP, SAMPLES
from tests.doubles.world import World

CHOICES: tuple[Choice, ...] = ("start", "cancel", "approve", "decline")
OTHERS: dict[Choice, str] = {"start": "UTRAIN", "cancel": "UTRAIN", "approve": "UCHIEF", "decline": "UCHIEF"}


@every_kind
def test_on_a_plan_each_names_who_decided(tmp_path: Path, kind: str) -> None:
    decided: tuple[tuple[Choice, str], ...] = (
        ("cancel", "cancelled"),
        ("approve", "approved"),
        ("decline", "declined"),
    )
    for first, said in decided:
        it = asked(tmp_path, kind).started()
        it.press(first, "UBOSS")
        for choice in CHOICES:
            with pytest.raises(Refused, match=f"<@UBOSS> {said} this already"):
                it.press(choice, OTHERS[choice])


@every_kind
def test_another_look_at_what_was_decided_names_who_decided(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind)
    it.press("cancel", "UBOSS")
    [resource] = [each for each in it.world.store.of_kind(SAMPLES[kind].kind) if it_is_cancelled(each.spec)]
    with pytest.raises(Refused, match="<@UBOSS> cancelled this already"):
        it.world.votes.look_again(resource.key, "UTRAIN")


def it_is_cancelled(spec: Mapping[str, object]) -> bool:
    votes = spec["votes"]
    return isinstance(votes, dict) and votes["cancelled"] is not None


def job(tmp_path: Path) -> tuple[Asked, Key]:
    it = asked(tmp_path, "job", prices=CHEAP).started()
    [resource] = it.world.store.of_kind("job")
    return it, resource.key


def test_on_a_job_each_names_who_stopped_it(tmp_path: Path) -> None:
    it, key = job(tmp_path)
    it.world.jobs.stop(key.id, "UBOSS")
    it.world.jobs.stop(key.id, "UBOSS")
    with pytest.raises(Refused, match="<@UBOSS> asked to stop it already"):
        it.world.jobs.stop(key.id, "UTRAIN")


Press = Callable[[World, str], object]
PRESSES: dict[str, Press] = {
    "Release": lambda world, lease: world.leases.release(lease, "UTRAIN"),
    "Release all the same": lambda world, lease: world.leases.release(lease, "UTRAIN", of_another=True),
    "Extend 1 h": lambda world, lease: world.extensions.extend(lease, 60, "UTRAIN"),
    "Approve more time": lambda world, lease: world.extensions.decide(lease, 1, "approve", "UCHIEF"),
}


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("button", PRESSES)
def test_on_a_lease_each_names_who_released_it(button: str, is_over: bool) -> None:
    world = serving()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    world.leases.release(lease, "UBOSS", of_another=True)
    if is_over:
        world.pass_time(200)

    with pytest.raises(Refused, match=re.escape("<@UBOSS> released it")):
        PRESSES[button](world, lease)
