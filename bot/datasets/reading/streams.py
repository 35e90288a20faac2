"""Byte streams that measure themselves: size and digest come from the same single pass that reads the rows."""

import codecs
import hashlib
import io
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    Buffered: TypeAlias = io.BufferedReader[Any]
else:
    Buffered = io.BufferedReader

BUFFER = 1 << 20
"""Bytes a read. Rows of some kilobytes make the default of 8 KiB five times slower."""


class ByteSource(Protocol):
    """Anything that bytes can be read from: a file, a stream of S3, a socket."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Return at most ``size`` bytes; none at the end."""


_SLOTS = 2


class Sha256:
    """SHA-256 on a thread of its own: hashlib lets go of the interpreter while it works on a large block.

    The thread starts when a block is full; a small file never needs it. Blocks are copied into the same few slots
    over and over, for fresh memory costs as much as hashing half of it.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._hashed: deque[Future[bytearray]] = deque()
        self._worker: ThreadPoolExecutor | None = None

    def update(self, data: memoryview) -> None:
        """Take a copy of ``data``; at most two blocks wait to be hashed."""
        if len(data) < BUFFER:
            # In their order: what waits for the thread comes before this.
            self._drain()
            self._digest.update(data)
            return
        slot = self._free_slot()
        slot[:] = data
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="sha256")
        self._hashed.append(self._worker.submit(self._take, slot))

    def hexdigest(self) -> str:
        """Return the digest of all bytes so far and stop the thread. Call it once, at the end."""
        self._drain()
        self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        """Stop the thread; harmless when it has stopped or never started."""
        if self._worker:
            self._worker.shutdown(wait=True)

    def _free_slot(self) -> bytearray:
        return self._hashed.popleft().result() if len(self._hashed) == _SLOTS else bytearray(BUFFER)

    def _drain(self) -> None:
        while self._hashed:
            self._hashed.popleft().result()

    def _take(self, slot: bytearray) -> bytearray:
        self._digest.update(slot)
        return slot


class MeasuredStream(io.RawIOBase):
    """Passes the bytes of ``source`` on while counting and hashing them. Does not close ``source``."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self._source = source
        self._sha256 = Sha256()
        self.size = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` from the source, wholly unless the source ends: short reads would hide the file's head."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        filled = 0
        while filled < len(view) and (more := self._fill(view[filled:])):
            filled += more
        self.size += filled
        self._sha256.update(view[:filled])
        return filled

    def _fill(self, view: memoryview) -> int:
        """Read once; straight into the buffer where the source can do that."""
        if isinstance(self._source, io.RawIOBase):
            return self._source.readinto(view) or 0
        data = self._source.read(len(view)) or b""
        view[: len(data)] = data
        return len(data)

    def drain(self) -> None:
        """Read to the end for the sake of size and digest."""
        buffer = bytearray(BUFFER)
        while self.readinto(buffer):
            pass

    def hexdigest(self) -> str:
        """Return the SHA-256 of everything read, in hexadecimal. Call it once, at the end."""
        return self._sha256.hexdigest()

    def close(self) -> None:
        """Stop the hashing thread."""
        self._sha256.close()
        super().close()


class Piecewise(io.RawIOBase):
    """Passes on what ``_next`` gives, a piece after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._ready = b""
        self.size = 0
        """Bytes that came out so far; ``_next`` counts them."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` wholly, unless this ends: short reads would hide the file's head."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        filled = 0
        while filled < len(view) and self._has_more():
            size = min(len(view) - filled, len(self._ready))
            view[filled : filled + size] = self._ready[:size]
            self._ready = self._ready[size:]
            filled += size
        return filled

    def _has_more(self) -> bool:
        while not self._ready:
            piece = self._next()
            if piece is None:
                return False
            self._ready = piece
        return True

    @abstractmethod
    def _next(self) -> bytes | None:
        """Return the next piece, which may be empty; None at the end, and ever after."""


class _Damage(threading.local):
    """How many characters this thread could not decode. U+FFFD alone does not tell: it may stand in the file."""

    seen = 0


_damage = _Damage()


def _replace_and_count(error: UnicodeError) -> tuple[str | bytes, int]:
    _damage.seen += 1
    return codecs.replace_errors(error)


codecs.register_error("replace-and-count", _replace_and_count)


class Transcoded(Piecewise):
    """``source`` in another encoding, as UTF-8. What cannot be decoded becomes U+FFFD and is told to ``on_error``."""

    def __init__(self, source: Buffered, encoding: str, on_error: Callable[[], None]) -> None:
        super().__init__()
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace-and-count")
        self._ended = False
        self._on_error = on_error

    def _next(self) -> bytes | None:
        if self._ended:
            return None
        data = self._source.read(BUFFER)
        self._ended = not data
        before = _damage.seen
        text = self._decoder.decode(data, final=self._ended)
        if _damage.seen > before:
            self._on_error()
        piece = text.encode("utf-8", errors="replace")
        self.size += len(piece)
        return piece
