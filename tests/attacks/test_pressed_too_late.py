"""Buttons that are pressed once another press was quicker: each says what happened meanwhile, and by whom."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.controller.lanes import Room
from bot.controller.model import Claim, Document, Key, Resource
from bot.errors import Refused
from bot.spending.votes import PATIENCE, Choice
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


# In a plan's last seconds


def last_second(tmp_path: Path, kind: str) -> Asked:
    """Return a plan of which only a second is left."""
    it = asked(tmp_path, kind, prices=CHEAP)
    begun = max(str(each.spec["asked_at"]) for each in it.world.store.of_kind(SAMPLES[kind].kind))
    passed = it.world.clock.now() - datetime.fromisoformat(begun)
    it.world.clock.advance(PATIENCE - 1 - passed.total_seconds())
    return it


def counted(it: Asked) -> bool:
    """Return whether the *Start* counted, by what another one is told; False: it is over, and nothing starts."""
    it.world.turn()
    with pytest.raises(Refused, match=r"started this already|decided this in time") as refused:
        it.press("start", "UBOSS")
    return "started" in refused.value.sentence


@every_kind
def test_a_start_counts_though_a_look_had_read_the_votes_before_it(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = last_second(tmp_path, kind)
    claim = it.world.store.claim_for
    pressed: list[bool] = []

    def claimed(rooms: Sequence[Room]) -> list[Claim]:
        found = claim(rooms)
        if not pressed and any(each.resource.key.kind == SAMPLES[kind].kind for each in found):
            pressed.append(True)
            it.press("start", "UTRAIN")
            it.world.clock.advance(25)
        return found

    monkeypatch.setattr(it.world.store, "claim_for", claimed)
    assert counted(it)
    assert pressed


@every_kind
@pytest.mark.parametrize(("seconds", "counts"), [(25, True), (45, False)])
def test_a_start_that_came_in_time_counts_unless_its_checks_take_long(
    tmp_path: Path, kind: str, seconds: float, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that comes between the press and what is written of it leaves the plan open for a moment."""
    it = last_second(tmp_path, kind)
    amend = it.world.store.amend

    def late(key: Key, change: Callable[[Document], Document], sole: str = "") -> Resource | None:
        monkeypatch.setattr(it.world.store, "amend", amend)
        it.world.clock.advance(seconds)
        it.world.turn()
        return amend(key, change, sole)

    monkeypatch.setattr(it.world.store, "amend", late)
    if counts:
        it.press("start", "UTRAIN")
    else:
        with pytest.raises(Refused, match="decided this in time"):
            it.press("start", "UTRAIN")
    assert counted(it) is counts


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
