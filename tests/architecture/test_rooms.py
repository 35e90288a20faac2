"""The map of the house names every room: what stands right under ``bot/``, and what the picture draws."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = MAP.partition("## Rooms")[2].partition("\n## ")[0]
DRAWN, TABLE = ROOMS.partition("```mermaid")[2].split("```", 1)
FOLDERS = sorted(path.parent.name for path in (ROOT / "bot").glob("*/__init__.py"))
MODULES = sorted(path.name for path in (ROOT / "bot").glob("*.py") if not path.stem.startswith("__"))
NOT_DRAWN = {"doctor": "stands beside the process, above all that it looks at"}


def test_the_table_names_every_folder_and_module_of_the_bot() -> None:
    named = {each.removeprefix("bot/").strip("/") for each in re.findall(r"`([^`]+)`", TABLE)}

    assert len(FOLDERS) > 25
    assert sorted({*FOLDERS, *MODULES} - named) == []


def test_the_picture_draws_every_folder_of_the_bot() -> None:
    assert [each for each in FOLDERS if not re.search(rf"\b{each}\b", DRAWN)] == list(NOT_DRAWN)
