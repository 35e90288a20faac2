"""What people read is in their words, and promises only what is there: every card in every state, and every form."""

import re
from collections.abc import Iterator
from typing import Any

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
_CAMEL = re.compile(r"\b[a-z]+[A-Z]\w*")
_NAMES_OF_THE_SERVICE = re.compile(rf"\b({'|'.join(LABELS)})\b")
_TYPED = re.compile(r"^/|=")
"""Code that people type: a command, or a value under its name."""
UNITS = {"kB"}
IN_A_HINT = re.compile(r"Bedrock calls it \w+\.$")
"""What a setting is called in AWS's console, and may be called in a command."""


def test_no_name_of_the_service_stands_among_words() -> None:
    with table() as row:
        for name, blocks in read().items():
            with row(name):
                for text in texts(blocks):
                    bare = _SPAN.sub("", _FENCE.sub("", IN_A_HINT.sub("", text)))
                    assert {*_CAMEL.findall(bare)} <= UNITS, text
                    spans = [each.strip("`") for each in _SPAN.findall(text)]
                    assert not [
                        each
                        for each in spans
                        if _NAMES_OF_THE_SERVICE.search(each) and not _TYPED.search(each)
                    ], text


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
