"""The Web API's methods, one small module a family; each module of this package registers its own."""

import importlib
import pkgutil

from bot.playground.slack.methods.registry import REGISTRY, Arg, Call, Method

__all__ = ["METHODS", "Arg", "Call", "Method"]

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

METHODS: dict[str, Method] = dict(sorted(REGISTRY.items()))
"""Every method that the stand-in answers, by name."""
