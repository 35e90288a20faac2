"""Looks through compression: gzip, bzip2, xz and ZIP archives with one file in them, in one pass and in flat memory.

A ZIP archive is read from its local headers, without the table at its end: a stream cannot be rewound.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator

from bot.datasets.reading.streams import Buffered, Piecewise
from bot.wording import quoted

MAX_UNPACKED = 4 << 30
"""Bytes that come out at most. A record file is packed to a tenth, so what unpacks to more is no dataset."""

MOST_PACKED = 200
"""How many times its packed size a file may have, beyond ``FREELY_UNPACKED``: a dataset of copies has a hundred."""

FREELY_UNPACKED = 32 << 20
"""Bytes that come out whatever the packed size: what a base's most records have at some kilobytes each."""

_CHUNK = 1 << 18
_DICTIONARY = 128 << 20
"""Bytes that an xz file may ask for: the format allows 4 GiB, its highest common level takes 65 MiB."""

_HEADER = struct.Struct("<4s5H3L2H")
_FILE, _DIRECTORY, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
_ENCRYPTED, _SIZE_FOLLOWS, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8


class Broken(Exception):
    """The packed bytes cannot be read on; the text says why, as the rest of a sentence."""


class _Source:
    """The packed stream, with room to put back what was read too far."""

    def __init__(self, stream: Buffered) -> None:
        self._stream = stream
        self._back = b""
        self.taken = 0
        """Bytes of the packed file that were read, some of them perhaps too far."""
        self.passed = 0
        """Bytes that were unpacked and are no data: they take as long as those that are, and count as well."""

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        if self._back:
            data, self._back = self._back[:size], self._back[size:]
            return data
        data = self._stream.read(size)
        self.taken += len(data)
        return data

    def exactly(self, size: int) -> bytes:
        parts = []
        while size and (data := self.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def put_back(self, data: bytes) -> None:
        self._back = data + self._back


def _inflated(source: _Source, window: int) -> Iterator[bytes]:
    """Yield what one deflate stream holds; ``window`` is zlib's ``wbits``."""
    inflater = zlib.decompressobj(window)
    while not inflater.eof:
        data = inflater.unconsumed_tail or source.read(_CHUNK)
        # At most a chunk comes out at a time: of what unpacks to gigabytes, `Unpacked` stops in between.
        unpacked = inflater.decompress(data, _CHUNK)
        if not data and not unpacked and not inflater.eof:
            raise Broken("it is cut off")
        yield unpacked
    source.put_back(inflater.unused_data)


def _decompressed(
    source: _Source, decompressor: bz2.BZ2Decompressor | lzma.LZMADecompressor
) -> Iterator[bytes]:
    while not decompressor.eof:
        data = source.read(_CHUNK) if decompressor.needs_input else b""
        if decompressor.needs_input and not data:
            raise Broken("it is cut off")
        yield decompressor.decompress(data, _CHUNK)
    source.put_back(decompressor.unused_data)


def _gzip(source: _Source) -> Iterator[bytes]:
    # 31 is 16 for gzip's own header and checksum, and 15 for the largest window (zlib's manual,
    # inflateInit2).
    yield from _repeated(source, b"\x1f\x8b", lambda: _inflated(source, 31))


def _bzip2(source: _Source) -> Iterator[bytes]:
    yield from _repeated(source, b"BZh", lambda: _decompressed(source, bz2.BZ2Decompressor()))


def _xz(source: _Source) -> Iterator[bytes]:
    yield from _repeated(
        source,
        b"\xfd7zXZ\x00",
        lambda: _decompressed(source, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_DICTIONARY)),
    )


def _repeated(source: _Source, magic: bytes, unpack: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Unpack one stream after the other: files that were packed and then joined are one file. Padding may follow."""
    while (head := source.exactly(len(magic))) == magic:
        source.put_back(head)
        yield from unpack()
    if head.strip(b"\0"):
        raise Broken("something else follows the packed data")


def _zip(source: _Source) -> Iterator[bytes]:
    """Yield the one file of the archive; what macOS adds to archives is passed over."""
    found: str | None = None
    while (head := source.exactly(_HEADER.size)).startswith(_FILE) and len(head) == _HEADER.size:
        _, _, flags, method, _, _, crc, packed, _, name_size, extra_size = _HEADER.unpack(head)
        # Without the flag for UTF-8 a name is in code page 437 (PKWARE's APPNOTE, appendix D).
        name = source.exactly(name_size).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        source.exactly(extra_size)
        content = _member(source, flags, method, packed)
        if _is_no_data(name):
            yield from _passed(source, content)
        elif found is not None:
            raise Broken(f"it holds more than one file ({quoted(found[:60])}, {quoted(name[:60])})")
        else:
            found = name
            # With the sizes the checksum follows, too, in a block of several layouts: the end that deflate
            # marks has to do.
            yield from _checked(content, None if flags & _SIZE_FOLLOWS else crc)
        if flags & _SIZE_FOLLOWS:
            _pass_descriptor(source)
    if found is None:
        raise Broken("it holds no file")


def _passed(source: _Source, content: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack what is no data to find its end, and yield nothing of it, a piece at a time."""
    for data in content:
        source.passed += len(data)
        yield b""


def _is_no_data(name: str) -> bool:
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _member(source: _Source, flags: int, method: int, packed: int) -> Iterator[bytes]:
    if flags & _ENCRYPTED:
        raise Broken("it is protected by a password")
    if method == _DEFLATED:
        # Without a header of its own, which the archive has.
        return _inflated(source, -15)
    # Stored bytes end nowhere by themselves: their size has to be here, and not behind them or in a ZIP64
    # field.
    if method == _STORED and not flags & _SIZE_FOLLOWS and packed < 0xFFFFFFFF:
        return _stored(source, packed)
    raise Broken("it is packed in a way that only few programs read")


def _stored(source: _Source, size: int) -> Iterator[bytes]:
    while size:
        data = source.read(min(size, _CHUNK))
        if not data:
            raise Broken("it is cut off")
        size -= len(data)
        yield data


def _checked(content: Iterator[bytes], crc: int | None) -> Iterator[bytes]:
    seen = 0
    for data in content:
        seen = zlib.crc32(data, seen)
        yield data
    if crc is not None and seen != crc:
        raise Broken("its checksum is wrong")


def _pass_descriptor(source: _Source) -> None:
    """Move to the next header. Sizes have four or eight bytes each, and the mark before them may be missing."""
    # 24 bytes are its longest form: mark, checksum, and two sizes of eight.
    data = source.exactly(24)
    places = [place for mark in (_FILE, _DIRECTORY) if (place := data.find(mark)) >= 0]
    source.put_back(data[min(places) :] if places else b"")


UNPACKERS: dict[str, Callable[[_Source], Iterator[bytes]]] = {
    "gzip": _gzip,
    "bzip2": _bzip2,
    "xz": _xz,
    "zip": _zip,
}
"""How each kind of packing is read, by the kind's name in ``sniffing``."""


class Unpacked(Piecewise):
    """``source`` without its packing. What cannot be read is told to ``on_error`` once, and the stream ends there."""

    def __init__(self, source: Buffered, kind: str, on_error: Callable[[str], None]) -> None:
        super().__init__()
        self._source = _Source(source)
        self._chunks = UNPACKERS[kind](self._source)
        self._on_error = on_error

    def _next(self) -> bytes | None:
        try:
            data = next(self._chunks, None)
        except (Broken, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            self._chunks = iter(())
            self._on_error(str(error) if isinstance(error, Broken) else "it is damaged")
            return None
        self.size += len(data or b"")
        why = self._too_much()
        if why:
            self._chunks = iter(())
            self._on_error(why)
            return None
        return data

    def _too_much(self) -> str:
        """Return why no more is unpacked; empty when it may go on."""
        size = self.size + self._source.passed
        if size > MAX_UNPACKED:
            return f"more than {MAX_UNPACKED >> 30} GiB come out of it"
        if size > max(FREELY_UNPACKED, MOST_PACKED * self._source.taken):
            return f"what comes out of it has more than {MOST_PACKED} times its size, as no dataset has"
        return ""
