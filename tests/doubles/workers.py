"""``Workers`` for tests."""

from collections.abc import Callable
from typing import Any


class Elsewhere:
    """``Workers`` that remember what they did; the next pieces of work may fail."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.did: list[str] = []

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.did.append(function.__name__)
        if self.failures:
            raise self.failures.pop(0)
        return function(*args, **kwargs)
