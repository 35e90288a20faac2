"""Which function answers which operation. Each module under ``operations`` registers what it serves."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.bedrock.world import World


@dataclass(frozen=True)
class Call:
    """One request that passed the service model's checks: where it was sent and with which parameters."""

    operation: str
    region: str
    params: dict[str, Any] = field(repr=False)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter, or ``default`` when it was not given."""
        return self.params.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self.params[name]


@dataclass(frozen=True)
class Stream:
    """An answer that is an event stream: the output's event-stream member, its events, and plain headers."""

    member: str
    events: Iterator[dict[str, Any]]
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[["World", Call], "dict[str, Any] | Stream"]
_HANDLERS: dict[tuple[str, str], Handler] = {}


def operation(service: str, name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the answer to operation ``name`` of ``service``."""

    def register(handler: Handler) -> Handler:
        assert (service, name) not in _HANDLERS, f"{name} is registered twice"
        _HANDLERS[service, name] = handler
        return handler

    return register


def operation_names() -> list[str]:
    """Return the names of Bedrock's operations that are served, sorted."""
    return sorted(name for _, name in handlers())


@functools.cache
def handlers() -> dict[tuple[str, str], Handler]:
    """Return every handler by service and operation name, importing the operations on first use."""
    from bot.playground.bedrock import operations  # noqa: PLC0415 - they import this module

    for module in pkgutil.iter_modules(operations.__path__):
        importlib.import_module(f"{operations.__name__}.{module.name}")
    return _HANDLERS
