"""Writes the three sample datasets beside this file, always the same: ``python -m bot.playground.samples.make``.

``claims.jsonl`` is ready, ``claims-needs-repair.jsonl`` has only faults that a safe repair mends, and
``claims-blocked.jsonl`` has some that only a person can mend. A test holds them against the validator.
"""

import json
import random
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SYSTEM = (
    "You route health-insurance claims. Read the note and answer with one line of JSON and nothing else: "
    '{"queue", "priority", "action", "needs"}. Priorities are low, normal, high, urgent. Never decide a claim.'
)
_SEED = 20261122

Record = dict[str, Any]


def good_records() -> list[Record]:
    """Return 64 records, four of each scenario in ``scenarios.json``, in a shuffled order."""
    dice = random.Random(_SEED)
    data = json.loads((FOLDER / "scenarios.json").read_text("utf-8"))
    records = [
        _record(_note(note, data["fillers"], dice), scenario)
        for scenario in data["scenarios"]
        for note in scenario["notes"]
    ]
    dice.shuffle(records)
    return records


def ready() -> bytes:
    """Return a dataset without a fault."""
    return _lines(good_records())


def needs_repair() -> bytes:
    """Return one with a mark, two blank lines, five system turns, an unknown key and a role in capitals."""
    records = good_records()
    for index in (3, 11, 19, 27, 42):
        system = {"role": "system", "content": records[index].pop("system")}
        records[index]["messages"].insert(0, system)
    records[7]["source"] = "intake-2026-10"
    records[33]["messages"][0]["role"] = "USER"
    rows = _lines(records).split(b"\n")
    rows.insert(20, b"")
    rows.insert(45, b"   ")
    return b"\xef\xbb\xbf" + b"\n".join(rows)


def blocked() -> bytes:
    """Return one that is too short, with an empty answer and a line that was cut off."""
    records = good_records()[:12]
    records[4]["messages"][1]["content"] = ""
    rows = _lines(records).split(b"\n")
    rows[8] = rows[8][: len(rows[8]) // 2]
    return b"\n".join(rows)


FILES = {
    "claims.jsonl": ready,
    "claims-needs-repair.jsonl": needs_repair,
    "claims-blocked.jsonl": blocked,
}


def main() -> None:
    """Write the files."""
    for name, content in FILES.items():
        (FOLDER / name).write_bytes(content())


def _note(note: str, fillers: dict[str, list[str]], dice: random.Random) -> str:
    values = {name: dice.choice(choices) for name, choices in fillers.items()}
    days = str(dice.randint(2, 29))
    amount = f"${dice.randint(12, 980) * 10 + dice.randint(0, 9):,}"
    fee = f"${dice.randint(15, 240)}"
    return f"Member M-{dice.randint(10_000, 99_999)}. " + note.format(
        days=days, amount=amount, fee=fee, **values
    )


def _record(note: str, scenario: Record) -> Record:
    decision = {name: scenario[name] for name in ("queue", "priority", "action", "needs")}
    answer = json.dumps(decision, separators=(",", ":"))
    return {
        "system": SYSTEM,
        "messages": [{"role": "user", "content": note}, {"role": "assistant", "content": answer}],
    }


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8")


if __name__ == "__main__":
    main()
