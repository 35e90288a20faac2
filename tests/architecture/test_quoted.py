"""Outside text is put into sentences as code by ``quoted`` alone: it is the one place that keeps a span closed."""

import re
from pathlib import Path

import bot

ROOT = Path(str(bot.__file__)).resolve().parents[1]
ROOMS = (
    "bot/datasets",
    "bot/derivations",
    "bot/directory",
    "bot/distillations/reconciler/preparing.py",
    "bot/distillations/service.py",
    "bot/jobs/drafting.py",
    "bot/jobs/service.py",
    "bot/leases/service.py",
    "bot/profiles",
    "bot/unmanaged/service.py",
    "bot/uploads",
    "handlers/commands",
    "handlers/arguments.py",
    "handlers/lookup.py",
)
"""Where sentences quote keys and values of rows, names of files, or what somebody has typed. The other rooms quote
names that a pattern has let through, and AWS's."""
BY_HAND = re.compile(r"(?<!`)`\{(?!\})")


def test_what_comes_from_outside_is_quoted_in_one_way() -> None:
    found = [
        f"{each.relative_to(ROOT)}:{number}"
        for room in ROOMS
        for each in sorted({ROOT / room, *(ROOT / room).rglob("*.py")})
        if each.is_file()
        for number, line in enumerate(each.read_text().splitlines(), 1)
        if BY_HAND.search(line)
    ]
    assert found == [], "quoted(...) of bot/wording"
