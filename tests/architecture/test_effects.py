"""What is done on the outside is declared, its table is made of that, and tests kill at its crash points."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bot.controller.effects import Effect
from bot.kinds import KINDS, effects_of_kinds

ROOT = Path(__file__).resolve().parents[2]
THE_ENGINE = {"bot/controller/crash_points.py", "bot/controller/effects.py", "bot/controller/context.py"}
KILLS = re.compile(r'"(?:before|after)-([a-z-]+)"')


def written() -> Iterator[tuple[str, Effect]]:
    """Return every effect that a module of the bot has, with where it is."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "Effect(" in path.read_text(encoding="utf-8"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for name, value in vars(import_module(module)).items():
                if isinstance(value, Effect):
                    yield f"{module}.{name}", value


def test_every_effect_is_declared_by_the_kind_that_has_it() -> None:
    declared = {effect for effects in effects_of_kinds().values() for effect in effects}
    assert [where for where, effect in written() if effect not in declared] == []


def test_within_a_kind_each_effect_has_a_name_of_its_own() -> None:
    twice = {
        f"{kind}: {each.name}"
        for kind, effects in effects_of_kinds().items()
        for each in effects
        if [other.name for other in effects].count(each.name) > 1
    }
    assert twice == set()


def test_a_crash_point_is_that_of_a_declared_effect() -> None:
    wrong = [
        name
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) not in THE_ENGINE
        and "crash_point(" in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_a_test_kills_at_a_crash_point_of_every_effect() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    killed = set(KILLS.findall(texts))
    missing = {
        f"{kind}: {effect.name}"
        for kind, effects in effects_of_kinds().items()
        for effect in effects
        if effect.name not in killed
    }
    assert missing == set()
    assert {"no-such-effect"} - killed


def test_a_lease_lasts_for_every_effect_of_its_kind() -> None:
    too_long = [
        f"{name}: {effect.name}"
        for name, kind in KINDS.items()
        for effect in kind.effects
        if effect.longest > (kind.lease or 30.0)
    ]
    assert too_long == []
