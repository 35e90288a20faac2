"""Finds commands, actions, events, shortcuts, views and kinds: one more module in its place is all that one needs."""

import functools
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any


def collect(package: str, attribute: str) -> list[Any]:
    """Return that attribute of every module of a package, in the order of the modules' names.

    Raises:
        AttributeError: a module lacks it: a defect that shows when the process starts.
    """
    return [getattr(module, attribute) for module in _modules(package)]


@functools.cache
def _modules(package: str) -> tuple[ModuleType, ...]:
    """Return the modules of a package; its folder is read once in a process."""
    path = importlib.import_module(package).__path__
    names = sorted(found.name for found in pkgutil.iter_modules(path))
    return tuple(importlib.import_module(f"{package}.{name}") for name in names)


def modules_called(package: str, name: str) -> list[str]:
    """Return the modules of that name in the packages of a package, by their whole names, in order.

    None of them is imported, and nor are the packages that have none.
    """
    folders = [Path(each) for each in importlib.import_module(package).__path__]
    rooms = sorted(found.name for found in pkgutil.iter_modules(map(str, folders)) if found.ispkg)
    return [
        f"{package}.{room}.{name}"
        for room in rooms
        if any((folder / room / f"{name}.py").is_file() for folder in folders)
    ]
