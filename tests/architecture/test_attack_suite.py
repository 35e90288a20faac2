"""The attack suite says what was tried and what must happen, and has as many named cases as were promised."""

from pathlib import Path

import pytest

from bot.cli import attacks

ROOT = Path(__file__).resolve().parents[2]
PROMISED = 60
"""Issue 13: an attack suite of at least 60 named cases."""


def test_there_are_as_many_cases_as_promised_each_with_what_was_tried_and_what_must_happen() -> None:
    cases = [case for group in attacks.groups(ROOT) for case in group.cases]
    assert len(cases) >= PROMISED
    assert len({(case.file, case.name) for case in cases}) == len(cases)
    assert [case.name for case in cases if len(case.tried) < 20 or len(case.must) < 10] == []
    assert len({case.tried for case in cases}) == len(cases), "each tries something of its own"


@pytest.mark.parametrize("gone", ['"""Tried: a thing."""', "def test_"])
def test_a_case_without_either_is_none(tmp_path: Path, gone: str) -> None:
    folder = tmp_path / attacks.FOLDER
    folder.mkdir(parents=True)
    whole = '"""About."""\n\n\ndef test_it_holds() -> None:\n    """Tried: a thing."""\n    assert True\n'
    (folder / "test_a.py").write_text(whole)
    [group] = attacks.groups(tmp_path)
    assert (group.about, group.cases[0].tried, group.cases[0].must) == ("About.", "A thing.", "It holds.")
    (folder / "test_a.py").write_text(whole.replace(gone, "def it_" if "def" in gone else '"""A thing."""'))
    assert attacks.groups(tmp_path) == []
