"""The modal that pages through the rows of a report: one row a page, with the place marked.

Each is kept, left out, or written anew in a form of its own.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.datasets.inspecting.editing import LONGEST
from bot.datasets.inspecting.inspection import InspectedRow, Inspection, RowFinding
from bot.datasets.repairs.registry import offer
from bot.figures import whole
from handlers.metadata import Inspecting
from handlers.ui.blocks import Block, Element, actions, button, context, field_input, modal, option, section
from handlers.ui.text import block_of_code, code, count, sentence

ROWS = "rows"
TURN_BACK, TURN_ON = "rows.back", "rows.on"
"""The actions of turning the page; the value is the page to turn to, 0 the first."""
ROW, EDIT = "row", "rows.edit"
"""The form in which one row is edited, and the action that leads to it; its value is the page."""
FIELD = "text"
KEEP, DROP = "keep", "drop"
REPAIRS_TOO = "repairs"
_ROW = "row."


def inspector(inspection: Inspection, state: Inspecting) -> Block:
    """Draw one page."""
    row = inspection.rows[state.page]
    return modal(
        ROWS,
        "Rows of the report",
        [
            section(_head(inspection, state, row)),
            section(block_of_code(row.edited or row.excerpt, 1_500)),
            *_findings(row),
            field_input(
                f"{_ROW}{row.position}", "In the corrected copy", _choice(row.position in state.drop)
            ),
            *actions(*_turning(inspection, state), _edit(row, state)),
            *([context(f"It cannot be edited here. {row.closed}")] if row.closed else []),
            *_repairs(inspection, state),
            context(_foot(inspection, state)),
        ],
        submit="Make the copy",
        metadata=state.dump(),
    )


def _head(inspection: Inspection, state: Inspecting, row: InspectedRow) -> str:
    page = f"{state.page + 1:,} of {len(inspection.rows):,}"
    return f"*{row.unit.capitalize()} {row.line:,}* of {code(inspection.file)} · {page}"


def _findings(row: InspectedRow) -> list[Block]:
    if row.edited:
        return [section(":pencil2: This is how it was edited; so it stands in the copy.")]
    return [section(_finding(each)) for each in row.findings]


def _edit(row: InspectedRow, state: Inspecting) -> Element | None:
    if not row.text:
        return None
    return button("Edit again" if row.edited else "Edit this row", EDIT, str(state.page))


def editor(inspection: Inspection, state: Inspecting) -> Block:
    """Draw the form in which the row of the open page is edited, as it stands or as it was edited last."""
    row = inspection.rows[state.page]
    wrong = [each for each in row.findings if each.is_error] or list(row.findings)
    field: Element = {
        "type": "plain_text_input",
        "action_id": FIELD,
        "multiline": True,
        "max_length": LONGEST,
        "initial_value": _laid_out(row.edited) if row.edited else row.text,
    }
    return modal(
        ROW,
        f"Edit {row.unit} {row.line:,}",
        [
            *(section(_finding(each)) for each in wrong),
            field_input(
                FIELD,
                f"The {row.unit}, as JSON",
                field,
                hint="It is held to the rules before it is kept; the original stays as it is.",
            ),
            *actions(button("Back to the rows", TURN_ON, str(state.page))),
        ],
        submit="Keep this text",
        metadata=state.dump(),
    )


def _laid_out(line: str) -> str:
    text = json.dumps(json.loads(line), ensure_ascii=False, indent=1)
    return text if len(text) <= LONGEST else line


def _finding(finding: RowFinding) -> str:
    mark = ":no_entry:" if finding.is_error else ":warning:"
    place = f" at {code(finding.path)}" if finding.path else ""
    parts = [f"{mark} {sentence(finding.message.rstrip('.'), 400)}{place} · {code(finding.code)}"]
    if finding.hint:
        parts.append(f"→ {sentence(finding.hint, 400)}")
    if finding.repair:
        parts.append(f"A safe repair mends it: {sentence(offer(finding.repair, 1))}")
    return "\n".join(parts)


def _choice(is_dropped: bool) -> Element:
    options = [option("Keep this row", KEEP), option("Leave it out", DROP)]
    return {
        "type": "radio_buttons",
        "action_id": "choice",
        "options": options,
        "initial_option": options[1] if is_dropped else options[0],
    }


def _turning(inspection: Inspection, state: Inspecting) -> tuple[Element | None, Element | None]:
    back = button("Previous", TURN_BACK, str(state.page - 1)) if state.page else None
    is_last = state.page + 1 >= len(inspection.rows)
    return back, None if is_last else button("Next", TURN_ON, str(state.page + 1))


def _repairs(inspection: Inspection, state: Inspecting) -> list[Block]:
    if not inspection.effects:
        return []
    tick = option("Make the safe repairs too", REPAIRS_TOO)
    element: Element = {"type": "checkboxes", "action_id": "tick", "options": [tick]}
    if state.repairs:
        element["initial_options"] = [tick]
    # The page is part of the name, since Slack keeps what was ticked under the old one.
    block = field_input(f"{REPAIRS_TOO}.{state.page}", "All rows", element, optional=True)
    return [block, context(sentence(" · ".join(inspection.effects)))]


def _foot(inspection: Inspection, state: Inspecting) -> str:
    dropped = [row for row in inspection.rows if row.position in state.drop]
    edited = [row for row in inspection.rows if row.edited and row not in dropped]
    chosen = f"To be left out so far: {count(len(dropped), 'row')} ({_numbers(dropped)}). " if dropped else ""
    chosen += f"Edited so far: {count(len(edited), 'row')} ({_numbers(edited)}). " if edited else ""
    cut = "The report is about more rows than these. " if inspection.is_cut else ""
    return f"{chosen}{cut}The copy comes into the thread; the original stays as it is."


def _numbers(rows: list[InspectedRow]) -> str:
    numbers = ", ".join(f"{row.line:,}" for row in rows)
    return f"{rows[0].unit}{'' if len(rows) == 1 else 's'} {numbers}"


def decided(view: Mapping[str, Any], state: Inspecting) -> Inspecting:
    """Return the state with what is chosen on the page that is open."""
    drop, repairs = set(state.drop), state.repairs
    for block_id, elements in view.get("state", {}).get("values", {}).items():
        for chosen in elements.values():
            if block_id.startswith(_ROW):
                position = whole(block_id.removeprefix(_ROW))
                if position is None:
                    continue
                drop.discard(position)
                if (chosen.get("selected_option") or {}).get("value") == DROP:
                    drop.add(position)
            elif block_id.startswith(REPAIRS_TOO):
                repairs = bool(chosen.get("selected_options"))
    return state.choosing(drop, repairs=repairs)
