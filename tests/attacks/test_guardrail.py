"""A file that is dropped has a guardrail read it, which costs money: for who may spend, and where that may be."""

from dataclasses import replace
from pathlib import Path

from bot.access import Access
from tests.doubles.guardrail import FakeGuardrail
from tests.unit.uploads.test_screening import SPENDERS, Screened


def test_nobody_spends_by_dropping_a_file_who_may_not_spend(tmp_path: Path) -> None:
    """Tried: dropping files by who is no trainer, and where nothing may be spent, so that a guardrail reads them."""
    elsewhere = frozenset({"C0TEAM"})
    for access, reads in (
        (SPENDERS, True),
        (replace(SPENDERS, channels=frozenset({"C1"})), True),
        (replace(SPENDERS, channels=elsewhere), False),
        (replace(SPENDERS, trainers=frozenset({"UOTHER"})), False),
        (Access(people=SPENDERS.people), False),
    ):
        world = Screened(tmp_path, FakeGuardrail("nothing"))
        world.access = access
        world.receive()
        world.run()
        assert bool(world.guardrail.screened) is reads
        assert bool(world.ledger.kept) is reads
        assert ("has not read this file" in world.said) is not reads
        assert any("verdict ready" in each for each in world.texts()), "it is judged and kept all the same"
