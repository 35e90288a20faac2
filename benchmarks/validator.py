"""The validator against its floor: iterating the file's lines and parsing each with pydantic-core.

``./tunesmith bench validator`` or ``python benchmarks/validator.py [--records N] [--pairs N] [--profile]``. Prints
the median of the ratios of pairs that run one after the other in the same process, so that a busy machine slows both.
"""

import argparse
import cProfile
import json
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pydantic_core import from_json

from bot.datasets.model import Report, Verdict
from bot.datasets.validation import validate
from bot.profiles import registry

SEED = 3
WORDS = 4000
TARGET = 2.5
TARGET_THOROUGH = 8


def generate(path: Path, records: int) -> None:
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


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the figures; fail when the file is not judged ready."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=10_000)
    arguments.add_argument("--pairs", type=int, default=9)
    arguments.add_argument("--profile", action="store_true")
    arguments.add_argument(
        "--thorough", action="store_true", help="with secrets, personal data and near duplicates"
    )
    options = arguments.parse_args()
    profile = registry.get(registry.DEFAULT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.jsonl"
        generate(path, options.records)

        def ours() -> Report:
            return validate(path, profile, thorough=options.thorough)

        report = ours()
        assert report.verdict is Verdict.READY or options.records != 10_000, report.causes
        if options.profile:
            cProfile.runctx("ours()", {}, {"ours": ours}, sort="tottime")
        floor(path)
        pairs = [(seconds(lambda: floor(path)), seconds(ours)) for _ in range(options.pairs)]
    ratios = sorted(mine / least for least, mine in pairs)
    print(f"{report.records:,} records, {report.bytes / 1e6:.1f} MB, {len(report.causes)} causes")
    print(f"floor     {statistics.median(least for least, _ in pairs) * 1000:8.1f} ms")
    print(f"validate  {statistics.median(mine for _, mine in pairs) * 1000:8.1f} ms")
    target = TARGET_THOROUGH if options.thorough else TARGET
    print(
        f"ratio     {statistics.median(ratios):8.2f}    (from {ratios[0]:.2f} to {ratios[-1]:.2f}; target {target})"
    )
    print(f"memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB at most")
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {options.pairs} pairs"
    )


if __name__ == "__main__":
    main()
