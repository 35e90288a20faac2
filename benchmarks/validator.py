"""The validator against its floor: iterating the file's lines and parsing each with pydantic-core.

``./tunesmith bench validator`` or ``python benchmarks/validator.py [--records N] [--pairs N] [--profile]``. Prints
the median of the ratios of pairs that run one after the other in the same process, so that a busy machine slows both;
and the same for the processor's time, in which the thread that hashes the file counts, too.

With ``--memory``, what a file of 1 GB takes instead: the peak of memory beyond what the loaded modules take, and the
time to the first finding, which is in the first record.
"""

import argparse
import cProfile
import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import NamedTuple

from pydantic_core import from_json

from bot.datasets.model import Report, Verdict
from bot.datasets.validation import validate
from bot.profiles import registry

SEED = 3
WORDS = 4000
RECORDS = 10_000
LARGE = 143_000
TARGET = 2.5
TARGET_THOROUGH = 8
TARGET_MEMORY = 64
TARGET_FIRST = 1


def generate(path: Path, records: int, *, bad_first: bool = False) -> None:
    """Write good records of one to three turns, about 6.6 kB each: prose, JSON answers, accents and
    emoji in every tenth passage."""
    dice = random.Random(SEED)
    letters = "etaoinshrdlcumwfgypbvk"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(WORDS)]
    words += ["Prior:", "auth,", "(see", "note)"]
    abroad = [*words[:1000], "café", "naïve", "Zürich", "“quoted”", "🙂"]
    passages = [
        _passage(dice, words if index % 10 else abroad, dice.randint(80, 360)) for index in range(400)
    ]
    system = _passage(dice, words, 90)
    with path.open("w", encoding="utf-8") as file:
        if bad_first:
            file.write('{"messages": []}\n')
        for index in range(records):
            messages = []
            for turn in range(dice.choice((1, 1, 2, 3))):
                question = f"Case {index}.{turn}: {dice.choice(passages)}\n\n{dice.choice(passages)}"
                answer = json.dumps({"queue": dice.choice(words), "note": dice.choice(passages)[:700]})
                messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
            file.write(json.dumps({"system": system, "messages": messages}, ensure_ascii=False) + "\n")


def _passage(dice: random.Random, words: list[str], length: int) -> str:
    chosen = dice.choices(words, k=length)
    return " ".join(word + (".\n" if place % 17 == 16 else "") for place, word in enumerate(chosen))


def floor(path: Path) -> None:
    """Do the least that any validator must."""
    with path.open("rb") as file:
        for line in file:
            from_json(line)


class Took(NamedTuple):
    """Seconds by the clock, and of the processor in all threads."""

    wall: float
    cpu: float


def took(work: Callable[[], object]) -> Took:
    """Return how long ``work`` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def peak() -> float:
    """Return the most memory that this process has had so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage also counts what the parent had before this process began
        return (
            int(next(line for line in status.read_text().splitlines() if "VmHWM" in line).split()[1]) / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1024
    )


class Large(NamedTuple):
    """What a large file takes: memory in MiB, times in seconds."""

    report: Report
    modules: float
    peak: float
    first_finding: float
    whole: float


def judge_large(path: Path, thorough: bool) -> Large:
    """Judge the file; meant for a process of its own, which has nothing else in memory."""
    profile = registry.get(registry.DEFAULT)
    modules = peak()
    told: list[float] = []
    start = time.perf_counter()
    report = validate(path, profile, thorough=thorough, on_cause=lambda _: told.append(time.perf_counter()))
    return Large(report, modules, peak(), told[0] - start, time.perf_counter() - start)


def memory(path: Path, records: int, thorough: bool) -> None:
    """Print what a large file with a bad first record takes."""
    generate(path, records, bad_first=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(judge_large, path, thorough).result()
    describe(found.report)
    above = found.peak - found.modules
    print(
        f"memory    {above:8.1f} MiB above {found.modules:.0f} of the loaded modules (target {TARGET_MEMORY})"
    )
    print(f"first     {found.first_finding:8.3f} s to the first finding (target {TARGET_FIRST})")
    print(f"validate  {found.whole:8.1f} s")


def ratios(path: Path, pairs: int, thorough: bool, profiled: bool) -> None:
    """Print how many times longer than the floor a validation takes."""
    profile = registry.get(registry.DEFAULT)

    def ours() -> Report:
        return validate(path, profile, thorough=thorough)

    report = ours()
    assert report.verdict is Verdict.READY or report.records != RECORDS, report.causes
    if profiled:
        cProfile.runctx("ours()", {}, {"ours": ours}, sort="tottime")
    floor(path)
    both = [(took(lambda: floor(path)), took(ours)) for _ in range(pairs)]
    describe(report)
    print(f"floor     {median(least.wall for least, _ in both) * 1000:8.1f} ms")
    print(f"validate  {median(mine.wall for _, mine in both) * 1000:8.1f} ms")
    target = TARGET_THOROUGH if thorough else TARGET
    wall = sorted(mine.wall / least.wall for least, mine in both)
    print(f"ratio     {median(wall):8.2f}    (from {wall[0]:.2f} to {wall[-1]:.2f}; target {target})")
    cpu = sorted(mine.cpu / least.cpu for least, mine in both)
    print(f"of CPU    {median(cpu):8.2f}    (from {cpu[0]:.2f} to {cpu[-1]:.2f}; both cores)")
    print(f"memory    {peak():8.0f} MiB at most; {pairs} pairs")


def describe(report: Report) -> None:
    """Print what was measured, and where."""
    print(f"{report.records:,} records, {report.bytes / 1e6:.1f} MB, {len(report.causes)} causes")
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")


def main() -> None:
    """Print the figures; fail when the file is not judged as it should be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int)
    arguments.add_argument("--pairs", type=int, default=9)
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument("--memory", action="store_true", help="what a file of 1 GB takes")
    arguments.add_argument(
        "--thorough", action="store_true", help="with secrets, personal data and near duplicates"
    )
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.jsonl"
        if options.memory:
            memory(path, options.records or LARGE, options.thorough)
        else:
            generate(path, options.records or RECORDS)
            ratios(path, options.pairs, options.thorough, options.profile)


if __name__ == "__main__":
    main()
