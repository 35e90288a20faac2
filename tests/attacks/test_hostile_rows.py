"""Rows made to hold the reader up: 100,000 characters of what each pattern is slowest at are read in no time."""

import time
from collections.abc import Callable

import pytest

from bot.datasets.content import mojibake
from bot.datasets.formats.marked_text import turns_of
from bot.datasets.reading.cells import inside
from bot.datasets.reading.parsing import parse
from bot.datasets.reading.readings import Readings
from bot.datasets.reading.sniffing import HEAD, layout, not_rows
from bot.profiles import not_open
from tests.tables import table

LONG = 100_000
MOST_SECONDS = 2.0
"""A hundred times what the slowest takes here, and far less than what a pattern takes that goes back and forth."""


def _collected(line: bytes) -> object:
    readings = Readings()
    for _ in range(3):
        readings.add(line)
    return readings.offers()


def repeated(unit: str) -> str:
    return unit * (LONG // len(unit))


TEXTS = [
    "[INST] ", "[INST][/INST]", "<s>[INST]</s>", "\n\nHuman: ", "### Instruction:\n", "<|im_start|>user\n",
    "<|im_start|>", "Human:Assistant:", "\u00c9\u2014\u00e0\u20ac\u20ac", "\u00c3\u00bc", "\u00e2\u20ac",
    "\u00c9\u2014", '"{""', "'", "sep=", "a: b\n", "- a:\n", "# \n", "\n", " ", "---\n", "{", "[", "[[", '{"a":', '"',
    "\\", "\x1e", "&amp;", "\\n", "claude-", "haiku-", "<<SYS>>", "aaaa", "\u0085",
]  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "turns of a marked text": turns_of,
    "words read in a wrong encoding": mojibake.fixed,
    "an example of them": mojibake.example,
    "a cell in quotes": inside,
    "a line": lambda text: parse(text.encode()),
    "a text with a record in it": lambda text: parse(
        b'{"messages": "' + text.encode().replace(b'"', b"") + b'"}'
    ),
    "the kind of a file": lambda text: not_rows(text.encode()[:HEAD]),
    "how records lie": lambda text: layout(text.encode()[:HEAD]),
    "a base model": not_open.family_of,
    "encodings": lambda text: _collected(b"\xe9 " + text.encode("utf-16-le")),
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_no_text_holds_a_reader_up(reader: str) -> None:
    """Tried: 100,000 characters of what each pattern is slowest at."""
    with table() as row:
        for unit in TEXTS:
            with row(unit):
                text = repeated(unit)
                began = time.thread_time()  # not by the wall: the machine may have other work
                READERS[reader](text)
                READERS[reader](text + "[/INST] x")

                assert time.thread_time() - began < MOST_SECONDS
