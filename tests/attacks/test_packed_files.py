"""Small packed files that unpack to a great deal: each is told in words, in bounded time and memory."""

import bz2
import gzip
import lzma
import time
from collections.abc import Callable

import pytest

from bot.datasets.model import Verdict
from tests.unit.datasets.samples import judge, lines

MEGABYTE = 1 << 20


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
def test_a_few_kilobytes_are_not_unpacked_to_the_end(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.datasets.reading.packing.FREELY_UNPACKED", MEGABYTE)
    data = pack(b" " * (4 * MEGABYTE))
    report = judge(data)
    causes = {cause.code: cause for cause in report.causes}
    assert report.verdict is Verdict.BLOCKED
    assert "more than 200 times its size" in causes["broken-packing"].message
    assert report.bytes == len(data)


def test_a_small_file_of_line_feeds_ends_in_words_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each blank line is counted in a microsecond or so, and at a limit reading ends."""
    monkeypatch.setattr("bot.datasets.reading.reader.MAX_ROWS", 10_000)
    started = time.process_time()
    report = judge(gzip.compress(b"\n" * MEGABYTE))
    assert time.process_time() - started < 10
    assert {cause.code: cause.count for cause in report.causes}["blank-line"] == 10_000
    assert "too-many-rows" in {cause.code for cause in report.causes}


def test_a_dataset_of_many_copies_is_unpacked_all_the_same() -> None:
    data = lines(*[lines(pad=1).strip()] * 1000, pad=0)
    assert len(data) > 30 * len(gzip.compress(data))
    report = judge(gzip.compress(data))
    assert report.records == 1000
    assert "broken-packing" not in {cause.code for cause in report.causes}
