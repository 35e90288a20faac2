"""Looks for files that the dataset engine judges wrong: odd files without end, each held against all invariants.

``./tunesmith bench fuzz`` or ``python benchmarks/fuzz.py [--seconds N] [--seed N] [--keep FOLDER]``. A file that breaks
an invariant is made smaller as long as it breaks the same one, and printed (kept in FOLDER when one is named). The exit
status is 1 when something was found. What was found becomes a case in tests/data/datasets.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.datasets.model import Role
from bot.profiles.model import Profile
from tests.unit.datasets.invariants import PROFILES, all_hold, small
from tests.unit.datasets.mutation import Mutator

SIZES = (1, 3, 7, 64, 1000)
_TRIES = 3000


@dataclass(frozen=True)
class Broken:
    """A file, how it was judged, and what was wrong with the judgement."""

    data: bytes
    profile: Profile
    role: Role
    reason: str

    def __str__(self) -> str:
        return f"{self.profile.name} as {self.role.value}, {len(self.data)} bytes: {self.reason}\n  {self.data[:600]!r}"


def main() -> int:
    arguments = _arguments()
    found: dict[str, Broken] = {}
    started = time.process_time()
    files = 0
    with tempfile.TemporaryDirectory() as folder:
        for broken in _broken(arguments.seed, Path(folder)):
            files += 1
            if broken and broken.reason not in found:
                found[broken.reason] = broken
                print(f"\n{broken}", flush=True)
                if arguments.keep:
                    name = hashlib.sha256(broken.data).hexdigest()[:12]
                    (arguments.keep / name).write_bytes(broken.data)
            if time.process_time() - started > arguments.seconds:
                break
    spent = time.process_time() - started
    print(f"{files:,} files in {spent:.0f} s of computing, {len(found)} found wrong (seed {arguments.seed})")
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of computing")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", type=Path, help="folder for what was found")
    return parser.parse_args()


def _broken(seed: int, folder: Path) -> Iterator[Broken | None]:
    """Yield one value a file: what is wrong with its judgement, made small, or None."""
    mutator, dice = Mutator(seed), random.Random(seed)
    profiles = (*PROFILES, small("claude-3-haiku", tokens=60), small("nova-lite", tokens=60))
    while True:
        data, profile = mutator.file(), dice.choice(profiles)
        role, size = dice.choice(tuple(Role)), dice.choice(SIZES)
        reason = _reason(data, profile, role, folder, size)
        if reason is None:
            yield None
            continue

        def still(smaller: bytes) -> bool:
            return _reason(smaller, profile, role, folder, size) == reason  # noqa: B023 - used up before the next round

        yield Broken(_shrunk(data, still), profile, role, reason)


def _reason(data: bytes, profile: Profile, role: Role, folder: Path, size: int) -> str | None:
    """Return which invariant breaks, told by the place that raised, or None."""
    try:
        all_hold(data, profile, role, folder, size)
    except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
        places = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if "/lib/python" not in frame.filename
        ]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(places[-2:]))
        return f"{type(error).__name__} at {where}"
    return None


def _shrunk(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    """Return a smaller file that is wrong in the same way: pieces are left out, large ones first."""
    tries = 0
    size = len(data) // 2
    while size and tries < _TRIES:
        start = 0
        while start < len(data) and tries < _TRIES:
            smaller = data[:start] + data[start + size :]
            tries += 1
            if still(smaller):
                data = smaller
            else:
                start += size
        size //= 2
    return data


if __name__ == "__main__":
    sys.exit(main())
