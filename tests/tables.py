"""Many rows in one test: every row is tried, and those that fail are named together.

A case of its own for each row costs set-up, collection in every worker and three reports; most rows take less than
that. A failure names its rows, and shows each one's own traceback.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import pytest

MOST_SHOWN = 10
"""Failures that are shown whole; a table that fails altogether says enough with these, and names the rest."""


class Row(Protocol):
    """``with row("a name"):`` holds one row; what fails in it is kept until all others have been tried."""

    def __call__(self, *names: object) -> AbstractContextManager[None]: ...


@contextmanager
def table() -> Iterator[Row]:
    """Try many rows; raise at the end what failed, and when nothing was tried at all."""
    tried = 0
    failed: list[tuple[str, Exception]] = []

    @contextmanager
    def row(*names: object) -> Iterator[None]:
        nonlocal tried
        tried += 1
        name = ", ".join(ascii(each) for each in names)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever fails is a failure of this row, and told as one
            error.add_note(f"row: {name}")
            failed.append((name, error))
        except pytest.fail.Exception as failure:
            if str(failure).startswith("Timeout"):
                raise  # pytest-timeout's, which holds for the whole test and comes once
            told = AssertionError(f"{failure}\nrow: {name}")
            failed.append((name, told.with_traceback(failure.__traceback__)))

    yield row
    assert tried, "no row was tried"
    if failed:
        names = "\n".join(name for name, _ in failed)
        shown = [error for _, error in failed[:MOST_SHOWN]]
        raise ExceptionGroup(f"{len(failed)} of {tried} rows do not hold:\n{names}\n", shown)
