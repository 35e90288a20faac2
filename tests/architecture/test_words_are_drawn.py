"""Sentences become messages by ``in_words`` or as a card; nothing writes a mention into text."""

import re
from pathlib import Path

import bot

ROOT = Path(str(bot.__file__)).resolve().parents[1]
DRAWN_BY_HAND = {
    "bot/controller/model.py",
    "bot/controller/outbox/fallbacks.py",
    "bot/notifications/reconciler.py",
    "bot/questions/reconciler/messages.py",
    "bot/questions/reconciler/question.py",
}
"""They make a message of what was drawn before, or of what has been through the sanitiser."""
MENTION = re.compile(r"""["'{]?<[@#]\{""")
OF_MENTIONS = {"bot/wording.py", "bot/questions/reconciler/question.py"}


def sources() -> list[Path]:
    there = [each for part in ("bot", "handlers") for each in (ROOT / part).rglob("*.py")]
    return [each for each in there if "playground" not in each.parts]


def test_no_module_of_the_durable_work_writes_markup_by_itself() -> None:
    writes = {
        str(each.relative_to(ROOT))
        for each in sources()
        if re.search(r"\bMessage\(", each.read_text()) and "following" in each.parts
    }

    assert writes <= DRAWN_BY_HAND


def test_no_mention_is_written_into_text() -> None:
    assert {
        str(each.relative_to(ROOT)) for each in sources() if MENTION.search(each.read_text())
    } <= OF_MENTIONS
