"""What stands in a module of its room stands in its list: a check or a repair that is forgotten there does nothing."""

import importlib
import pkgutil
from types import ModuleType

from bot.datasets import repairs, rules
from bot.datasets.repairs import registry
from bot.datasets.repairs.row import RowRepair
from bot.datasets.rules import checks
from bot.datasets.rules.check import Check


def modules_of(room: ModuleType) -> list[ModuleType]:
    return [
        importlib.import_module(f"{room.__name__}.{found.name}")
        for found in pkgutil.iter_modules(room.__path__)
    ]


def test_every_check_is_in_the_list() -> None:
    written = {check for each in modules_of(rules) for check in getattr(each, "CHECKS", ())}
    assert written == set(checks.CHECKS)
    assert all(isinstance(check, Check) for check in written)


def test_every_repair_of_rows_is_in_one_of_the_lists() -> None:
    written = {
        value for each in modules_of(repairs) for value in vars(each).values() if isinstance(value, RowRepair)
    }
    assert written == {*registry.ROW_REPAIRS, *registry.DECISION_REPAIRS}
    assert {each.name for each in written} <= registry.CHOICES.keys()
