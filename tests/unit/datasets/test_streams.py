"""Size and digest are those of the file, however it is read."""

import hashlib
import io
import random
import threading

import pytest

from bot.datasets.reading.reader import Reader
from bot.datasets.reading.streams import BUFFER

SIZES = [0, 1, BUFFER - 1, BUFFER, BUFFER + 1, 7 * BUFFER + 5]


class Dripping(io.RawIOBase):
    """Gives a little at a time, as a socket does."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(min(size, 70_001))

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        return self._inner.readinto(view[:70_001])


@pytest.mark.slow
@pytest.mark.parametrize("source", [io.BytesIO, Dripping])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rows_first", [True, False])
def test_the_digest_is_the_whole_files(
    source: type[io.BytesIO | Dripping], size: int, rows_first: bool
) -> None:
    data = bytearray(random.Random(size).randbytes(size))
    data[999::1000] = b"\n" * len(data[999::1000])
    reader = Reader(source(bytes(data)), lambda _: None)
    if rows_first:
        assert sum(len(row) for _, row in reader.rows()) == size or reader.kind
    assert reader.sha256() == hashlib.sha256(data).hexdigest()
    assert reader.size == size
    reader.close()


def test_the_hashing_thread_ends_when_reading_is_given_up() -> None:
    reader = Reader(io.BytesIO(b"{}\n" * BUFFER), lambda _: None)
    next(reader.rows())
    assert [each for each in threading.enumerate() if each.name.startswith("sha256")]
    reader.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("sha256")]
