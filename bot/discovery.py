"""Finds commands, actions, events, shortcuts and views: one more module in its folder is all that one needs."""

import importlib
import pkgutil
from typing import Any


def collect(package: str, attribute: str) -> list[Any]:
    """Return that attribute of every module of a package, in the order of the modules' names.

    Raises:
        AttributeError: a module lacks it: a defect that shows when the process starts.
    """
    path = importlib.import_module(package).__path__
    names = sorted(found.name for found in pkgutil.iter_modules(path))
    return [getattr(importlib.import_module(f"{package}.{name}"), attribute) for name in names]
