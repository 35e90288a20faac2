"""How many blocks Slack makes of Markdown, and that all of them count."""

import pytest

from bot.playground.slack.blocks import validate_message
from bot.playground.slack.blocks.translation import blocks_of

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("", 1),
        ("one line", 1),
        ("one\n\ntwo\n- three\n> four", 1),
        ("# Heading", 1),
        ("# Heading\ntext", 2),
        ("text\n## Heading\n\ntext\n\n### Heading\n### Heading", 5),
        ("#no heading", 1),
        ("text\n---\ntext\n* * *\ntext", 5),
        (TABLE, 1),
        (f"text\n\n{TABLE}\n\ntext", 3),
        (f"{TABLE}\n\n{TABLE}", 2),
        ("a | b\n--|--\n1 | 2", 1),
        ("no | table\nat | all", 1),
        ("```\n# no heading\n---\n```", 1),
        ("````\n```\n# no heading\n````\n# heading", 2),
        ("![x](https://a.example/b.png)\ntext", 2),
    ],
)
def test_counts(markdown: str, blocks: int) -> None:
    assert blocks_of(markdown) == blocks


def test_a_message_holds_fifty_of_them() -> None:
    def message(headings: int) -> list[dict[str, str]]:
        return [{"type": "markdown", "text": "# A\nb\n" * headings}, {"type": "divider"}]

    assert validate_message(message(24)) == []
    (finding,) = validate_message(message(25))
    assert finding.message == "no more than 50 items allowed"
