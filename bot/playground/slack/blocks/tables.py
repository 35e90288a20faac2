"""The blocks that show data: ``table``, ``data_table`` and ``data_visualization``."""

from typing import Any

from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.grammar import (
    Check,
    Finding,
    Findings,
    array,
    boolean,
    integer,
    number,
    one_of,
    record,
    string,
    typed,
)
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.state import Json

_BLOCK_ID: dict[str, Check] = {"block_id": string(most=limits.BLOCK_ID)}


def _cells(least: int) -> Check:
    return one_of(
        {
            "raw_text": typed("raw_text", {"text": string(least=least)}, {}),
            "raw_number": typed("raw_number", {"value": number()}, {"text": string(least=least)}),
            "rich_text": RICH_TEXT,
        }
    )


def _even_rows(value: Json, at: str, found: Findings) -> None:
    widths = {len(row) for row in value["rows"]}
    if len(widths) > 1:
        found.append(Finding("all rows must have the same number of columns", f"{at}/rows"))
    settings = value.get("column_settings")
    if settings is not None and widths and len(settings) != max(widths):
        found.append(Finding("must have one setting per column", f"{at}/column_settings"))


def _data_rows(value: Json, at: str, found: Findings) -> None:
    _even_rows(value, at, found)
    if any(cell["type"] == "rich_text" for cell in value["rows"][0]):
        found.append(Finding("header cells must be plain", f"{at}/rows/0"))
    if text_length(value["rows"]) > limits.DATA_TABLE_TEXT:
        found.append(Finding(f"must hold less than {limits.DATA_TABLE_TEXT + 1} characters", f"{at}/rows"))


def text_length(value: Any) -> int:
    """Return how many characters all ``text`` within a value have."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(text_length(item) for item in value.values() if not isinstance(item, str))
    return sum(map(text_length, value)) if isinstance(value, list) else 0


TABLE = typed(
    "table",
    {"rows": array(array(_cells(0), 1, limits.TABLE_COLUMNS), 1, limits.TABLE_ROWS)},
    _BLOCK_ID
    | {
        "column_settings": array(
            record({}, {"align": string(enum=("left", "center", "right")), "is_wrapped": boolean()}),
            0,
            limits.TABLE_COLUMNS,
        )
    },
    _even_rows,
)

DATA_TABLE = typed(
    "data_table",
    {
        "caption": string(least=1),
        "rows": array(array(_cells(1), 1, limits.TABLE_COLUMNS), 2, limits.DATA_TABLE_ROWS),
    },
    _BLOCK_ID | {"page_size": integer(1, limits.DATA_TABLE_PAGE), "row_header_column_index": integer(0)},
    _data_rows,
)


def _positive(value: Json, at: str, found: Findings) -> None:
    if value["value"] <= 0:
        found.append(Finding("must be more than 0", f"{at}/value", {"type": "exclusive_min", "expected": 0}))


_LABEL = string(least=1, most=limits.CHART_LABEL)
_POINT = record({"label": _LABEL, "value": number()}, {})
_SERIES = record({"name": _LABEL, "data": array(_POINT, 1, limits.CHART_POINTS)}, {})
_AXIS = record(
    {"categories": array(_LABEL, 1, limits.CHART_POINTS)},
    {"x_label": string(most=limits.CHART_AXIS), "y_label": string(most=limits.CHART_AXIS)},
)


def _with_axes(kind: str) -> Check:
    return typed(kind, {"series": array(_SERIES, 1, limits.CHART_SERIES), "axis_config": _AXIS}, {})


_CHARTS: dict[str, Check] = {
    "pie": typed(
        "pie",
        {
            "segments": array(
                record({"label": _LABEL, "value": number()}, {}, _positive), 1, limits.CHART_SEGMENTS
            )
        },
        {},
    ),
    **{kind: _with_axes(kind) for kind in ("bar", "area", "line")},
}

DATA_VISUALIZATION = typed(
    "data_visualization",
    {"title": string(least=1, most=limits.CHART_TITLE), "chart": one_of(_CHARTS)},
    _BLOCK_ID,
)
