"""The Block Kit validator held against an independent set of examples and limits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.playground.slack import validate_message, validate_view
from bot.playground.slack.blocks import limits
from bot.playground.slack.blocks.elements import CONTEXT_ACTIONS, ELEMENTS, URL_SOURCE
from bot.playground.slack.blocks.grammar import Finding, one_of
from bot.playground.slack.blocks.rich_text import INLINE
from tests import tables
from tests.playground.slack.reference import SPEC, needs_spec, read

pytestmark = needs_spec
Json = dict[str, Any]

LIMITS = {
    "text.max_length": limits.TEXT,
    "action_id.max_length": limits.ACTION_ID,
    "block_id.max_length": limits.BLOCK_ID,
    "button.text.max_length": limits.BUTTON_TEXT,
    "button.url.max_length": limits.URL,
    "button.value.max_length": limits.BUTTON_VALUE,
    "button.accessibility_label.max_length": limits.ACCESSIBILITY_LABEL,
    "confirmation.title.max_length": limits.CONFIRM_TITLE,
    "confirmation.text.max_length": limits.CONFIRM_TEXT,
    "confirmation.confirm.max_length": limits.CONFIRM_BUTTON,
    "confirmation.deny.max_length": limits.CONFIRM_BUTTON,
    "option.text.max_length": limits.OPTION_TEXT,
    "option.value.max_length": limits.OPTION_VALUE,
    "option.description.max_length": limits.OPTION_DESCRIPTION,
    "option.url.max_length": limits.URL,
    "option_group.label.max_length": limits.OPTION_GROUP_LABEL,
    "option_group.options.max_items": limits.OPTIONS,
    "select.placeholder.max_length": limits.PLACEHOLDER,
    "select.options.max_items": limits.OPTIONS,
    "select.option_groups.max_items": limits.OPTION_GROUPS,
    "overflow.options.max_items": limits.OVERFLOW_OPTIONS,
    "checkboxes.options.max_items": limits.CHOICES,
    "radio_buttons.options.max_items": limits.CHOICES,
    "url_source.url.max_length": limits.URL,
    "file_input.max_files.max": limits.INPUT_FILES,
    "plain_text_input.max_length.max": limits.INPUT_LENGTH,
    "actions.elements.max_items": limits.ACTIONS,
    "alert.text.max_length": limits.ALERT,
    "card.title.max_length": limits.CARD_TITLE,
    "card.subtitle.max_length": limits.CARD_SUBTITLE,
    "card.body.max_length": limits.CARD_BODY,
    "card.subtext.max_length": limits.CARD_SUBTEXT,
    "card.actions.max_items": limits.CARD_ACTIONS,
    "carousel.elements.max_items": limits.CAROUSEL_CARDS,
    "container.title.max_length": limits.CONTAINER_TITLE,
    "container.subtitle.max_length": limits.CONTAINER_SUBTITLE,
    "container.child_blocks.max_items": limits.CONTAINER_BLOCKS,
    "context.elements.max_items": limits.CONTEXT,
    "context_actions.elements.max_items": limits.CONTEXT_ACTIONS,
    "feedback_button.text.max_length": limits.BUTTON_TEXT,
    "feedback_button.value.max_length": limits.BUTTON_VALUE,
    "feedback_button.accessibility_label.max_length": limits.ACCESSIBILITY_LABEL,
    "icon_button.visible_to_user_ids.max_items": limits.VISIBLE_TO,
    "data_table.rows.max_items": limits.DATA_TABLE_ROWS,
    "data_table.columns.max_items": limits.TABLE_COLUMNS,
    "data_table.page_size.max": limits.DATA_TABLE_PAGE,
    "data_table.content.max_length": limits.DATA_TABLE_TEXT,
    "data_visualization.title.max_length": limits.CHART_TITLE,
    "data_visualization.segments.max_items": limits.CHART_SEGMENTS,
    "data_visualization.segment.label.max_length": limits.CHART_LABEL,
    "data_visualization.series.max_items": limits.CHART_SERIES,
    "data_visualization.series_name.max_length": limits.CHART_LABEL,
    "data_visualization.data.max_items": limits.CHART_POINTS,
    "data_visualization.point_label.max_length": limits.CHART_LABEL,
    "data_visualization.categories.max_items": limits.CHART_POINTS,
    "data_visualization.category_label.max_length": limits.CHART_LABEL,
    "data_visualization.axis_label.max_length": limits.CHART_AXIS,
    "header.text.max_length": limits.HEADER,
    "image.image_url.max_length": limits.URL,
    "image.alt_text.max_length": limits.IMAGE_ALT,
    "input.label.max_length": limits.INPUT_LABEL,
    "input.hint.max_length": limits.INPUT_HINT,
    "markdown.text.max_length": limits.MARKDOWN,
    "section.text.max_length": limits.SECTION_TEXT,
    "section.fields.max_items": limits.SECTION_FIELDS,
    "section.fields.item_max_length": limits.SECTION_FIELD,
    "video.alt_text.max_length": limits.VIDEO_ALT,
    "video.title.max_length": limits.VIDEO_TITLE,
    "video.author_name.max_length": limits.VIDEO_AUTHOR,
    "video.description.max_length": limits.VIDEO_DESCRIPTION,
    "video.provider_name.max_length": limits.VIDEO_PROVIDER,
    "view.blocks.max_items": limits.BLOCKS_IN_VIEW,
    "view.private_metadata.max_length": limits.PRIVATE_METADATA,
    "view.callback_id.max_length": limits.CALLBACK_ID,
    "view.title.max_length": limits.VIEW_TITLE,
    "view.close.max_length": limits.VIEW_BUTTON,
    "view.submit.max_length": limits.VIEW_BUTTON,
}


def flat(value: Json, prefix: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for key, item in value.items():
        found |= flat(item, f"{prefix}{key}.") if isinstance(item, dict) else {f"{prefix}{key}": item}
    return found


def test_the_limits_agree() -> None:
    published = flat(read(SPEC / "limits.json"))
    upper = {
        name: value for name, value in published.items() if name.endswith(("max", "max_length", "max_items"))
    }
    assert upper == LIMITS


def fixtures(kind: str) -> list[Path]:
    return sorted((SPEC / "fixtures" / "valid" / kind).glob("*.json"))


def name(path: Path) -> str:
    return path.stem


def test_takes_every_valid_block() -> None:
    with tables.table() as row:
        for path in fixtures("blocks"):
            with row(name(path)):
                assert validate_message([read(path)]) == []


def test_takes_every_valid_element() -> None:
    with tables.table() as row:
        for path in fixtures("elements"):
            with row(name(path)):
                found: list[Finding] = []
                one_of(ELEMENTS | CONTEXT_ACTIONS | {"url": URL_SOURCE})(read(path), "", found)
                assert found == []


def test_takes_every_valid_view() -> None:
    with tables.table() as row:
        for path in fixtures("views"):
            with row(name(path)):
                assert validate_view(read(path)) == []


def test_takes_every_valid_rich_text() -> None:
    with tables.table() as row:
        for path in fixtures("rich_text"):
            with row(name(path)):
                part = read(path)
                inside = (
                    part
                    if part["type"].startswith("rich_text_")
                    else {"type": "rich_text_section", "elements": [part]}
                )
                block = {"type": "rich_text", "elements": [inside]}
                assert validate_message([block]) == []
                assert part["type"] in INLINE or part["type"].startswith("rich_text_")


def plain(length: int, text: str = "x") -> Json:
    return {"type": "plain_text", "text": text * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def in_actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def in_input(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(1), "element": element, **more}


def btn(**more: Any) -> Json:
    return {"type": "button", "text": plain(1), **more}


def opt(value: str = "v", **more: Any) -> Json:
    return {"text": plain(1), "value": value, **more}


def opts(count: int) -> list[Json]:
    return [opt(str(number)) for number in range(count)]


def select(**more: Any) -> Json:
    return in_actions({"type": "static_select", **more})


def group(count: int, label: int = 1) -> Json:
    return {"label": plain(label), "options": opts(count)}


def confirm(**more: Any) -> Json:
    return in_actions(btn(confirm={key: plain(1) for key in ("title", "text", "confirm", "deny")} | more))


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x", "alt_text": "x", **more}


def video(**more: Any) -> Json:
    return {
        "type": "video",
        "alt_text": "x",
        "thumbnail_url": "https://x",
        "video_url": "https://x",
        "title": plain(1),
        **more,
    }


def table(rows: int, columns: int = 1, **more: Any) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows, **more}


def data_table(rows: int, columns: int = 1, text: str = "x", **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": text}] * columns] * rows
    return {"type": "data_table", "caption": "x", "rows": cells, **more}


def chart(**more: Any) -> Json:
    return {"type": "data_visualization", "title": "x", "chart": pie(1), **more}


def pie(count: int, label: str = "x", value: float = 1) -> Json:
    return {"type": "pie", "segments": [{"label": label, "value": value}] * count}


def bars(series: int = 1, points: int = 1, name: str = "x", label: str = "x", **axis: Any) -> Json:
    data = [{"label": label, "value": 1}] * points
    axis_config = {"categories": ["x"], **axis}
    bar = {"type": "bar", "series": [{"name": name, "data": data}] * series, "axis_config": axis_config}
    return chart(chart=bar)


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain(1), **more}


def container(**more: Any) -> Json:
    return {"type": "container", "title": plain(1), "child_blocks": [{"type": "divider"}], **more}


def feedback(**more: Any) -> Json:
    one = {"text": plain(1), "value": "v"}
    buttons = {"type": "feedback_buttons", "positive_button": one | more, "negative_button": one}
    return {"type": "context_actions", "elements": [buttons]}


def icon(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain(1), **more}


def sources(url: str) -> Json:
    source = {"type": "url", "url": url, "text": "x"}
    return {"type": "task_card", "task_id": "1", "title": "x", "status": "pending", "sources": [source]}


def view(**more: Any) -> Json:
    return {"type": "modal", "title": plain(1), "blocks": [{"type": "divider"}], **more}


INVALID: dict[str, Json] = {
    "text-empty": {"type": "section", "text": mrkdwn(0)},
    "text-too-long": {"type": "context", "elements": [mrkdwn(3001)]},
    "button-action-id-too-long": in_actions(btn(action_id="x" * 256)),
    "button-text-too-long": in_actions(btn(text=plain(76))),
    "button-url-too-long": in_actions(btn(url="x" * 3001)),
    "button-value-too-long": in_actions(btn(value="x" * 2001)),
    "confirmation-title-too-long": confirm(title=plain(101)),
    "confirmation-text-too-long": confirm(text=plain(301)),
    "confirmation-confirm-too-long": confirm(confirm=plain(31)),
    "confirmation-deny-too-long": confirm(deny=plain(31)),
    "option-text-too-long": select(options=[opt(text=plain(76))]),
    "option-value-too-long": select(options=[opt("x" * 151)]),
    "option-url-too-long": in_actions({"type": "overflow", "options": [opt(url="\U0001f600" * 3001)]}),
    "option-description-too-long": select(options=[opt(description=plain(76))]),
    "option-group-label-too-long": select(option_groups=[group(1, 76)]),
    "option-group-empty": select(option_groups=[group(0)]),
    "option-group-too-many-options": select(option_groups=[group(101)]),
    "select-placeholder-too-long": select(options=opts(1), placeholder=plain(151)),
    "select-too-many-options": select(options=opts(101)),
    "select-too-many-option-groups": select(option_groups=[group(1)] * 101),
    "overflow-empty": in_actions({"type": "overflow", "options": []}),
    "overflow-too-many-options": in_actions({"type": "overflow", "options": opts(6)}),
    "checkboxes-empty": in_actions({"type": "checkboxes", "options": []}),
    "checkboxes-too-many-options": in_actions({"type": "checkboxes", "options": opts(11)}),
    "radio-buttons-empty": in_actions({"type": "radio_buttons", "options": []}),
    "radio-buttons-too-many-options": in_actions({"type": "radio_buttons", "options": opts(11)}),
    "url-source-url-empty": sources(""),
    "url-source-url-too-long": sources("x" * 3001),
    "table-too-many-rows": table(101),
    "table-ragged-rows": {"type": "table", "rows": [table(1)["rows"][0], table(1, 2)["rows"][0]]},
    "table-column-settings-mismatch": table(1, 2, column_settings=[{"align": "left"}]),
    "file-input-max-files-too-small": view(
        blocks=[in_input({"type": "file_input", "max_files": 0})], submit=plain(1)
    ),
    "file-input-max-files-too-large": view(
        blocks=[in_input({"type": "file_input", "max_files": 11})], submit=plain(1)
    ),
    "plain-text-input-max-length-too-large": in_input({"type": "plain_text_input", "max_length": 3001}),
    "actions-too-many-elements": in_actions(*[btn() for _ in range(26)]),
    "context-too-many-elements": {"type": "context", "elements": [mrkdwn(1)] * 11},
    "header-text-too-long": {"type": "header", "text": plain(151)},
    "image-url-too-long": image(image_url="x" * 3001),
    "image-alt-text-too-long": image(alt_text="x" * 2001),
    "input-label-too-long": in_input({"type": "plain_text_input"}) | {"label": plain(2001)},
    "input-hint-too-long": in_input({"type": "plain_text_input"}, hint=plain(2001)),
    "markdown-empty": {"type": "markdown", "text": ""},
    "markdown-too-long": {"type": "markdown", "text": "x" * 12001},
    "section-text-too-long": {"type": "section", "text": mrkdwn(3001)},
    "section-too-many-fields": {"type": "section", "fields": [mrkdwn(1)] * 11},
    "section-field-too-long": {"type": "section", "fields": [mrkdwn(2001)]},
    "video-alt-text-empty": video(alt_text=""),
    "video-alt-text-too-long": video(alt_text="x" * 201),
    "video-title-too-long": video(title=plain(201)),
    "video-author-name-too-long": video(author_name="x" * 51),
    "video-description-too-long": video(description=plain(201)),
    "video-provider-name-too-long": video(provider_name="x" * 51),
    "view-missing-blocks": {"type": "modal", "title": plain(1)},
    "view-too-many-blocks": view(blocks=[{"type": "divider"}] * 101),
    "view-private-metadata-too-long": view(private_metadata="x" * 3001),
    "view-callback-id-too-long": view(callback_id="x" * 256),
    "view-title-too-long": view(title=plain(25)),
    "view-close-too-long": view(close=plain(25)),
    "view-submit-too-long": view(submit=plain(25)),
    "section-missing-content": {"type": "section"},
    "static-select-options-and-groups": select(options=opts(1), option_groups=[group(1)]),
    "image-url-and-slack-file": image(slack_file={"id": "F1"}),
    "number-input-inverted-range": in_input(
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "2", "max_value": "1"}
    ),
    "context-invalid-element": {"type": "context", "elements": [btn()]},
    "input-invalid-element": in_input(btn()),
    "block-id-too-long": {"type": "divider", "block_id": "x" * 256},
    "button-accessibility-label-too-long": in_actions(btn(accessibility_label="x" * 76)),
    "alert-text-too-long": {"type": "alert", "text": mrkdwn(201)},
    "card-title-too-long": card(title=plain(151)),
    "card-subtitle-too-long": card(subtitle=plain(151)),
    "card-body-too-long": card(body=plain(201)),
    "card-too-many-actions": card(actions=[btn()] * 4),
    "card-subtext-too-long": card(subtext=plain(201)),
    "carousel-empty": {"type": "carousel", "elements": []},
    "carousel-too-many-cards": {"type": "carousel", "elements": [card()] * 11},
    "container-title-too-long": container(title=plain(151)),
    "container-subtitle-too-long": container(subtitle=plain(151)),
    "container-too-many-child-blocks": container(child_blocks=[{"type": "divider"}] * 11),
    "context-actions-too-many-elements": {"type": "context_actions", "elements": [icon()] * 6},
    "feedback-button-text-too-long": feedback(text=plain(76)),
    "feedback-button-value-too-long": feedback(value="x" * 2001),
    "feedback-button-accessibility-label-too-long": feedback(accessibility_label="x" * 76),
    "icon-button-too-many-visible-users": {
        "type": "context_actions",
        "elements": [icon(visible_to_user_ids=["U1"] * 11)],
    },
    "data-table-too-few-rows": data_table(1),
    "data-table-too-many-rows": data_table(202),
    "data-table-too-few-columns": data_table(2, 0),
    "data-table-too-many-columns": data_table(2, 21),
    "data-table-page-size-too-small": data_table(2, page_size=0),
    "data-table-page-size-too-large": data_table(2, page_size=101),
    "data-table-cell-text-empty": data_table(2, text=""),
    "data-table-content-too-long": data_table(2, text="x" * 10_001),
    "data-visualization-title-too-long": chart(title="x" * 51),
    "pie-chart-empty": chart(chart=pie(0)),
    "pie-chart-too-many-segments": chart(chart=pie(13)),
    "chart-segment-label-too-long": chart(chart=pie(1, "x" * 21)),
    "chart-segment-value-not-positive": chart(chart=pie(1, value=0)),
    "chart-series-empty": bars(series=0),
    "chart-too-many-series": bars(series=13),
    "data-series-name-too-long": bars(name="x" * 21),
    "data-series-empty": bars(points=0),
    "data-series-too-many-points": bars(points=21),
    "data-point-label-too-long": bars(label="x" * 21),
    "axis-categories-empty": bars(categories=[]),
    "axis-too-many-categories": bars(categories=["x"] * 21),
    "axis-category-label-too-long": bars(categories=["x" * 21]),
    "axis-label-too-long": bars(x_label="x" * 51),
}


def cases() -> list[str]:
    path = SPEC / "fixtures" / "invalid" / "manifest.json"
    return [case["id"] for case in json.loads(path.read_text())["cases"]] if path.exists() else []


def check_of(payload: Json) -> Callable[[], list[Finding]]:
    if payload["type"] in ("modal", "home"):
        return lambda: validate_view(payload)
    return lambda: validate_message([payload])


def test_refuses_every_invalid_case() -> None:
    with tables.table() as row:
        for case in cases():
            with row(case):
                assert check_of(INVALID[case])() != []


def test_has_a_payload_for_each_case_and_no_more() -> None:
    assert sorted(INVALID) == sorted(cases())
