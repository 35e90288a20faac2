"""The names that the look for dead code passes over are all needed: an old one would hide what dies under it."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from vulture import Vulture

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_every_name_that_is_passed_over_would_be_found() -> None:
    setting = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    look = Vulture()
    look.scavenge([ROOT / each for each in setting["paths"]], exclude=setting["exclude"])
    found = {str(each.name) for each in look.get_unused_code(min_confidence=setting["min_confidence"])}

    assert len(found) > 40
    passed_over = setting["ignore_names"]
    assert [each for each in passed_over if not any(fnmatchcase(name, each) for name in found)] == []
