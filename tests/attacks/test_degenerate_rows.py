"""Files that hold next to nothing: every report says what is wrong with them, none of them breaks it."""

import json
from pathlib import Path

import pytest

from bot.datasets.reports.html import as_html
from bot.datasets.reports.text import as_json
from bot.datasets.validation import validate
from bot.profiles import registry

ROWS = [
    "{}",
    "[]",
    "null",
    "0",
    '""',
    "{}\n{}\n{}",
    '{"messages": []}',
    '{"messages": [{}]}',
    '{"messages": [{"role": "user", "content": ""}]}',
    '{"system": "", "messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": ""}]}',
    "{}\n" * 40,
    "",
    "\n\n\n",
]


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("profile", sorted(registry.PROFILES))
@pytest.mark.parametrize("rows", ROWS, ids=range(len(ROWS)))
def test_a_file_of_next_to_nothing_has_a_report_in_every_form(
    tmp_path: Path, rows: str, profile: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(rows)
    report = validate(path, registry.get(profile))

    assert "<html" in as_html(report)
    assert json.loads(json.dumps(as_json(report)))
