"""Walks through the records of a file for work on data: splitting it, comparing two versions of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.datasets.reading import parsing
from bot.datasets.reading.blanks import SPACE, is_blank
from bot.datasets.reading.reader import Reader
from bot.datasets.records import read
from bot.datasets.repairs.convert_format import obstacle
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import fix_record
from bot.profiles.model import Profile


class Row(NamedTuple):
    """One record and its place. ``raw`` is as it stands in the file; ``texts`` are its turns, system apart.

    ``said`` is the same with what stands beside the texts, such as pictures and reasoning: two turns are alike only
    when they say the same. Both are empty when the row cannot be read as a record without a guess.
    """

    line: int
    raw: bytes
    system: str | None
    texts: list[str]
    said: list[str]

    @property
    def is_text_alone(self) -> bool:
        """Whether its texts are all that it says."""
        return self.said == self.texts


def rows(path: Path, profile: Profile) -> Iterator[Row]:
    """Yield every row but blank ones, in the order of the file. One pass; memory holds one row.

    Records are read as they are once they are mended, so that two files in different formats can be compared.

    Raises:
        OSError: the file cannot be read.
    """
    fast = fast_path(profile)
    with path.open("rb", buffering=0) as stream:
        reader = Reader(stream, lambda _finding: None)
        try:
            for line, data in reader.rows():
                raw = data.strip(SPACE)
                good = fast.read(data)
                if good is not None:
                    yield Row(line, raw, good.system, good.texts, good.texts)
                elif not is_blank(raw):
                    yield from _fixed(line, raw, profile)
        finally:
            reader.close()


def _fixed(line: int, raw: bytes, profile: Profile) -> Iterator[Row]:
    parsed = parsing.parse(raw)
    readable = [each for each in parsed.values if isinstance(each, dict) and not obstacle(each, profile)]
    if not readable or len(readable) < len(parsed.values):
        yield Row(line, raw, None, [], [])
        return
    for value in readable:
        record = read(line, fix_record(value, profile)[0], profile.record_format)
        is_whole = len(record.turns) > 1
        texts, said = (record.turn_texts(), record.said()) if is_whole else ([], [])
        yield Row(line, raw, record.system_prompt(), texts, said)
