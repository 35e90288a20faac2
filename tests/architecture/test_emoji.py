"""Every emoji that a card has is drawn by the playground's page, so that nobody reads ``:name:`` there."""

import ast
import re
from pathlib import Path

import pytest

import bot

ROOT = Path(str(bot.__file__)).resolve().parents[1]
CODE = re.compile(r"(?<![\w:]):([a-z+-][a-z0-9_+-]*):(?![\w:`])")
"""Not the roles of a docstring (a backtick follows those), nor the parts of an ARN."""
ENTRY = re.compile(r"""^  "?([a-z0-9_+-]+)"?: |, ([a-z0-9_]+): "(?=[^"a-z])""", re.MULTILINE)


def written(path: Path) -> set[str]:
    constants = (each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Constant))
    return {code for each in constants if isinstance(each.value, str) for code in CODE.findall(each.value)}


@pytest.mark.slow
def test_the_page_draws_every_emoji_that_is_written() -> None:
    table = (ROOT / "bot/playground/page/js/emoji.js").read_text()
    drawn = {one or other for one, other in ENTRY.findall(table)}
    files = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
    used = {code for path in files if "playground" not in path.parts for code in written(path)}

    assert {"memo", "white_check_mark", "pencil2"} <= used
    assert used - drawn == set()
