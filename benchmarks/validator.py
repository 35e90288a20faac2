"""``tunesmith validate`` as people run it, beside a plain check: whole processes, start-up included, everything on.

``./tunesmith bench validator`` or ``python -m benchmarks.validator [--megabytes N] [--pairs N] [--shape NAME]``. For
each of six shapes of text, of which no passage stands twice, both run in turn on the same file; what is printed is the
median by the clock and of the processor's time (all threads), the median of the ratios pair by pair, so that a busy
machine slows both, and the most memory that either process had.

``--memory`` measures a file of 1 GB instead: its peak beside that of a small file of the same shape. ``--profile``
shows where the time goes within the process.
"""

import argparse
import cProfile
import os
import platform
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks._shapes import SHAPES, write
from bot.datasets.model import Verdict
from bot.datasets.validation import validate
from bot.profiles import registry

ROOT = Path(__file__).resolve().parents[1]
PLAIN = ROOT / "benchmarks" / "_plain_check.py"
MEGABYTES, LARGE, SMALL = 50, 1000, 5
TARGET = 2.0
"""Times as long as the plain check, by the clock, on any shape."""

TARGET_MEMORY = 64
"""MiB more for a file of 1 GB than for one of some megabytes."""


class Took(NamedTuple):
    """Seconds by the clock and of the processor, and MiB at most, of one process from its start to its end."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str | Path]) -> Took:
    """Run a process to its end, its output thrown away."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    _, _, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = 0  # it is reaped already; its status says how the file was judged
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def ours(path: Path) -> Took:
    """Return what ``tunesmith validate`` takes."""
    return run([sys.executable, "-m", "bot", "validate", "--no-progress", path])


def plain(path: Path) -> Took:
    """Return what the plain check takes."""
    return run([sys.executable, PLAIN, path])


def beside_plain(path: Path, shape: str, pairs: int) -> None:
    """Print a line of the table."""
    ours(path), plain(path)  # what is read from disk once is in memory then
    both = [(ours(path), plain(path)) for _ in range(pairs)]
    wall = median(mine.wall / other.wall for mine, other in both)
    cpu = median(mine.cpu / other.cpu for mine, other in both)
    print(
        f"{shape:<15} {median(mine.wall for mine, _ in both):7.2f} {median(other.wall for _, other in both):7.2f}"
        f" {wall:7.2f}  {cpu:7.2f} {max(mine.memory for mine, _ in both):7.0f}"
        f" {max(other.memory for _, other in both):7.0f}",
        flush=True,
    )


def table(folder: Path, shapes: Sequence[str], megabytes: float, pairs: int) -> None:
    """Print what each shape takes."""
    print(f"{megabytes:g} MB of each shape, {pairs} pairs; goal: a ratio of at most {TARGET:g} by the clock")
    print(f"{'':15} {'seconds by the clock':^23}  {'of CPU':>7} {'MiB at most':^15}")
    print(f"{'':15} {'ours':>7} {'plain':>7} {'ratio':>7}  {'ratio':>7} {'ours':>7} {'plain':>7}")
    for shape in shapes:
        path = folder / "shape.jsonl"
        write(path, shape, int(megabytes * 1e6))
        beside_plain(path, shape, pairs)


def memory(folder: Path, shapes: Sequence[str], megabytes: float) -> None:
    """Print what a large file takes beside a small one."""
    for shape in shapes:
        took = []
        for size in (SMALL, megabytes):
            path = folder / "shape.jsonl"
            write(path, shape, int(size * 1e6))
            took.append(ours(path))
        small, large = took
        print(
            f"{shape:<15} {large.memory - small.memory:6.0f} MiB above the {small.memory:.0f} of {SMALL} MB (target"
            f" {TARGET_MEMORY}), {large.wall:.1f} s for {megabytes:g} MB",
            flush=True,
        )


def profiled(folder: Path, shapes: Sequence[str], megabytes: float) -> None:
    """Print where the time goes, once everything is imported."""
    profile = registry.get(registry.DEFAULT)
    for shape in shapes:
        path = folder / "shape.jsonl"
        write(path, shape, int(megabytes * 1e6))
        assert validate(path, profile).verdict is not Verdict.REPAIRABLE
        profiler = cProfile.Profile()
        profiler.runcall(validate, path, profile)
        print(shape)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(14)


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--megabytes", type=float)
    arguments.add_argument("--pairs", type=int, default=5)
    arguments.add_argument("--shape", choices=SHAPES, action="append")
    arguments.add_argument("--memory", action="store_true", help="what a file of 1 GB takes")
    arguments.add_argument("--profile", action="store_true")
    options = arguments.parse_args()
    shapes = options.shape or list(SHAPES)
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.memory:
            memory(folder, options.shape or ["prose"], options.megabytes or LARGE)
        elif options.profile:
            profiled(folder, shapes, options.megabytes or SMALL)
        else:
            table(folder, shapes, options.megabytes or MEGABYTES, options.pairs)


if __name__ == "__main__":
    main()
