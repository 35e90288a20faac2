"""Folders for files that are in hand: one a process, removed at its end, or by whoever starts after it was killed.

A killed process cannot clean up, and what it leaves are whole uploads. So each process holds a lock for as long as it
lives, and whoever starts removes the folders whose locks nobody holds. Locks, unlike process numbers, tell the truth
in containers too, which share a disk and count their processes each from one.
"""

import fcntl
import logging
import os
import shutil
import stat
import tempfile
import uuid
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import Misconfigured

log = logging.getLogger(__name__)

_LOCK = ".lock"


def default_root() -> Path:
    """Return where this user's scratch folders are, in the system's folder for temporary files."""
    return Path(tempfile.gettempdir()) / f"tunesmith-{os.getuid()}"


class Scratch:
    """A folder of this process's own under ``root``; nobody else of the machine can read it.

    Making it also removes what processes that are gone have left.

    Raises:
        OSError: ``root`` cannot be written.
        Misconfigured: it is somebody else's, or a link: whoever made it could read what lies there.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(root)
        name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.folder = root / name
        lock_path = root / f"{name}{_LOCK}"
        # At the end of the process, too, and when nobody knows of the folder any more.
        self._finalizer = weakref.finalize(self, _remove, self.folder, lock_path, _held(lock_path))
        self.folder.mkdir(mode=0o700)
        for other in root.glob(f"*{_LOCK}"):
            if other != lock_path:
                _remove_if_left(other)

    def free(self) -> int:
        """Return how many bytes there is room for.

        It is asked before a file is taken in hand, so the folder is made anew then where somebody has tidied up: it may
        be empty for long, and systemd-tmpfiles removes what is ten days old from the folder for temporary files.
        """
        if not self.folder.is_dir():
            root = self.folder.parent
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_private(root)
            self.folder.mkdir(mode=0o700, exist_ok=True)
        return shutil.disk_usage(self.folder).free

    def remove(self) -> None:
        """Remove the folder and all that is in it; repeating it is harmless."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def _make_private(root: Path) -> None:
    """Let nobody else in: the folder for temporary files is everybody's, and anybody may have made it first."""
    there = root.lstat()
    if not stat.S_ISDIR(there.st_mode) or there.st_uid != os.getuid():
        raise Misconfigured(
            f"{root} is not a folder of mine, so files would not be safe there.",
            hint="Remove it, or set TMPDIR to a folder that only this user can write to.",
        )
    if stat.S_IMODE(there.st_mode) != 0o700:
        root.chmod(0o700)


def _held(path: Path) -> int:
    """Make a file and return a descriptor by which it is locked for as long as that is open."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Somebody who started at the same time may have taken it for one that was left, and removed it.
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
        os.close(descriptor)


def _remove(folder: Path, lock_path: Path, descriptor: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock_path.unlink(missing_ok=True)
    os.close(descriptor)


def _remove_if_left(lock_path: Path) -> None:
    """Remove a folder whose process is gone."""
    try:
        with lock_path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder = lock_path.with_suffix("")
            shutil.rmtree(folder, ignore_errors=True)
            lock_path.unlink(missing_ok=True)
    except OSError:
        return  # alive, or removed by another one just now
    log.info("removed the files that an ended process had in hand")
