"""What people read is in their words, and promises only what is there: every card in every state, and every form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.datasets.repairs.registry import DECISIONS, REPAIRS, offer
from bot.errors import Refused
from bot.profiles.hyperparameters import LABELS, label_of, parse
from bot.profiles.model import Hyperparameter
from bot.profiles.registry import PROFILES
from tests.handlers.ui.forms import forms
from tests.page.gallery import states
from tests.tables import table

Blocks = list[dict[str, Any]]


def read() -> dict[str, Blocks]:
    """Return by name the blocks of every card with what it holds back, and of every form."""
    found = {each.state: [*each.message.blocks, *each.message.details] for each in states()}
    return found | {f"form, {name}": view["blocks"] for name, view in forms().items()}


def texts(node: Any) -> Iterator[str]:
    """Yield every text that is shown: also those of questions before a press, of choices and of placeholders."""
    if isinstance(node, list):
        for each in node:
            yield from texts(each)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key, each in node.items():
            if key in ("initial_value", "alt_text") and isinstance(each, str):
                yield each
            elif key != "text" or not isinstance(each, str):
                yield from texts(each)


_FENCE, _SPAN = re.compile(r"```.*?```", re.DOTALL), re.compile(r"`[^`\n]*`")
_CAMEL = re.compile(r"\b[A-Za-z]*[a-z][A-Z]\w*")
_NAMES_OF_THE_SERVICE = re.compile(rf"\b({'|'.join(LABELS)})\b")
_TYPED = re.compile(r"^/|=")
"""Code that people type: a command, or a value under its name."""
WORDS = {"kB", "OpenAI"}
IN_A_HINT = re.compile(r"Bedrock calls it \w+\.$")
"""What a setting is called in AWS's console, and may be called in a command."""


def test_no_name_of_the_service_stands_among_words() -> None:
    with table() as row:
        for name, blocks in read().items():
            with row(name):
                for text in texts(blocks):
                    bare = _SPAN.sub("", _FENCE.sub("", IN_A_HINT.sub("", text)))
                    assert {*_CAMEL.findall(bare)} <= WORDS, text
                    spans = [each.strip("`") for each in _SPAN.findall(text)]
                    assert not [
                        each
                        for each in spans
                        if _NAMES_OF_THE_SERVICE.search(each) and not _TYPED.search(each)
                    ], text


_IN_THEIR_ZONE = re.compile(r"<!date\^[^>]*>")
_A_CLOCK = re.compile(r"(?<!a calendar month by )\bUTC\b|\b\d{1,2}:\d\d\b|\b\d{4}-\d\d-\d\dT")


@pytest.mark.slow
def test_a_time_is_shown_in_each_readers_own_zone() -> None:
    with table() as row:
        for name, blocks in read().items():
            with row(name):
                for text in texts(blocks):
                    assert not _A_CLOCK.search(_IN_THEIR_ZONE.sub("", _SPAN.sub("", _FENCE.sub("", text)))), (
                        text
                    )


def refusal(hyperparameter: Hyperparameter, value: str) -> str:
    try:
        parse(hyperparameter, value)
    except Refused as error:
        return error.sentence
    return ""


def test_what_is_wrong_with_a_setting_is_said_in_words() -> None:
    with table() as row:
        for profile, each in [(one, each) for one in PROFILES.values() for each in one.hyperparameters]:
            for value in ("x", "1e99", "inf", "0.33", "1" * 50):
                with row(profile.name, each.name, value):
                    said = refusal(each, value)
                    assert not _CAMEL.findall(_SPAN.sub("", said)), said
                    assert not said or label_of(each.name) in said


_CLAUSE = re.compile(r"[.;:()→\n]|, ")
LONG = 38
"""Characters of a clause that is noticed when it comes again."""
ROWS_ALIKE = {"datasets, twenty versions", "sharing, with many"}
"""Lists whose examples repeat a row."""


def test_no_card_says_the_same_twice() -> None:
    """Also not in the question that a press asks: what a sum counts is said once, beside it."""
    twice: dict[str, set[str]] = {}
    for each in states():
        seen: set[str] = set()
        for text in texts(list(each.message.blocks)):
            clauses = {part.strip() for part in _CLAUSE.split(text) if len(part.strip()) > LONG}
            twice.setdefault(each.state, set()).update(clauses & seen)
            seen |= clauses
    assert {state: said for state, said in twice.items() if said and state not in ROWS_ALIKE} == {}


# What is promised

_NAMED = re.compile(r"(?<!^)(?<!\n)\*([A-Z][^*\n`]{1,40}?)\*")
"""A name within a sentence; what stands at the beginning of a line and fills it is a headline."""
ELSEWHERE = {
    "App Manifest": "a page of Slack's settings of the app",
    "Basic Information": "a page of Slack's settings of the app",
    "Copy link": "in Slack's menu of a file",
    "Copy member ID": "in Slack's menu of a profile",
    "CSV UTF-8": "a format of Excel's",
    "Download": "a menu of Google Sheets'",
    "File": "a menu of Excel's and Google Sheets'",
    "Home": "a tab of the app in Slack",
    "OAuth & Permissions": "a page of Slack's settings of the app",
    "Roles": "a page of AWS's",
    "Save As": "a menu of Excel's",
    "Stop": "Slack's own, under what an agent says",
    "Validate training file": "the shortcut in Slack's menu of a message",
}
"""What sentences name that is no control of ours, and where it is."""
FOLLOWS = {
    "Start": "of the plan that comes next",
    "Cancel": "of the plan that is meant",
    "Check again": "of the plan that is meant",
    "Keep": "of the answer to whoever wanted it deleted",
    "Repair all": "of the verdict that is meant",
}
"""Controls of ours that sentences outside of cards lead to, and on which card they are."""


def controls(node: Any) -> Iterator[str]:
    """Yield what is pressed or chosen, as it is called."""
    if isinstance(node, list):
        for each in node:
            yield from controls(each)
    elif isinstance(node, dict):
        if node.get("type") == "button":
            yield node["text"]["text"]
        if "options" in node:
            yield from (each["text"]["text"] for each in node["options"])
        for each in node.values():
            yield from controls(each)


def test_what_a_card_or_form_names_is_on_it() -> None:
    submits = {f"form, {name}": view.get("submit", {}).get("text", "") for name, view in forms().items()}
    every = read()
    ours = {name for blocks in every.values() for name in controls(blocks)}
    with table() as row:
        for name, blocks in every.items():
            with row(name):
                there = {*controls(blocks), submits.get(name)}
                named = {each for text in texts(blocks) for each in _NAMED.findall(text)}
                assert named & ours <= there
    assert {"Repair all", "Check again", "Details"} <= ours, "the rule looks at what it should"


def sentences(path: Path) -> Iterator[str]:
    """Yield what a module may say: its strings, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.slow
def test_what_is_said_outside_of_cards_names_only_controls_that_there_are() -> None:
    ours = {name for blocks in read().values() for name in controls(blocks)}
    assert {*FOLLOWS} <= ours
    repairs = [offer(name, 2).replace("2 rows", "rows") for name in (*REPAIRS, *DECISIONS)]
    root = Path(str(bot.__file__)).resolve().parents[1]
    modules = [each for part in ("bot", "handlers") for each in (root / part).rglob("*.py")]
    said = {
        name
        for path in modules
        if not {"playground", "cli", "ui"} & set(path.relative_to(root).parts)
        for text in sentences(path)
        for name in _NAMED.findall(f" {text}")
        if not any(each.startswith(name) for each in repairs)
    }
    assert said == {*ELSEWHERE, *FOLLOWS}, "named nowhere, or without a reason"


def test_no_hint_or_placeholder_is_cut_off_on_a_phone() -> None:
    """A field is 34 characters wide there, and a placeholder has one line; a hint has as many as it needs."""
    with table() as row:
        for name, form in forms().items():
            with row(name):
                for what, text in _beside_fields(form):
                    assert not text.rstrip().endswith("…"), text
                    assert what == "hint" or len(text) <= 34, text


def _beside_fields(drawn: object) -> Iterator[tuple[str, str]]:
    if isinstance(drawn, list):
        for each in drawn:
            yield from _beside_fields(each)
    elif isinstance(drawn, dict):
        for key, each in drawn.items():
            if key in ("hint", "placeholder") and isinstance(each, dict):
                yield key, str(each["text"])
            else:
                yield from _beside_fields(each)


def test_no_tip_on_a_card_ends_in_the_middle() -> None:
    tips = {text for blocks in read().values() for text in texts(blocks) if text.startswith(":bulb:")}
    assert any("early stopping" in each for each in tips), "the longest that the bot gives"
    assert [each for each in tips if each.rstrip().endswith("…")] == []
