"""Every card, with whatever values: within Slack's limits, and nothing in it pings anybody."""

import dataclasses
import importlib
import inspect
import re
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from bot.playground.slack.blocks import too_long, validate_message, validate_view
from bot.spending.reports import SpendingReport
from handlers.ui import limits
from handlers.ui.cards.spending import budgets
from handlers.ui.home import home
from handlers.ui.render import BlockKitRenderer, draw, render
from tests.examples import examples
from tests.handlers.ui.anything import anything

CARD_MODULES = (
    "bot.datasets.cards",
    "bot.derivations.cards",
    "bot.distillations.cards",
    "bot.jobs.cards",
    "bot.leases.cards",
)
VIEWS = {"DistillationView", "JobView", "LeaseView", "ModelLine", "TeacherRow"}
"""Parts of cards, not cards."""

SEEDS = st.integers(0, 2**32)
PING = re.compile(r"<(?!!date\^|@[UW][A-Z0-9]+>)[^>]*")


def cards() -> list[type]:
    found: list[type] = []
    for name in CARD_MODULES:
        module = importlib.import_module(name)
        found += [
            each
            for _, each in inspect.getmembers(module, inspect.isclass)
            if dataclasses.is_dataclass(each) and each.__module__ == name and each.__name__ not in VIEWS
        ]
    return found


@pytest.mark.parametrize("card", cards(), ids=lambda each: each.__name__)
def test_every_card_is_drawn(card: type) -> None:
    assert draw.dispatch(card) is not draw.dispatch(object)


def test_what_is_no_card_is_a_defect() -> None:
    with pytest.raises(TypeError, match="str is no card"):
        BlockKitRenderer().render("hello")


@pytest.mark.parametrize("card", cards(), ids=lambda each: each.__name__)
@settings(max_examples=examples(40), deadline=None, database=None)
@given(seed=SEEDS)
def test_whatever_the_values_slack_takes_it(card: type, seed: int) -> None:
    assert_sound(render(anything(card, Random(seed))))


@settings(max_examples=examples(40), deadline=None, database=None)
@given(seed=SEEDS)
def test_whatever_was_spent_slack_takes_it(seed: int) -> None:
    assert_sound(budgets(anything(SpendingReport, Random(seed))))


def assert_sound(message: Message) -> None:
    blocks = list(message.blocks)
    assert message.text.strip()
    assert limits.length(message.text) <= limits.MESSAGE_TEXT
    assert len(blocks) <= limits.MESSAGE_BLOCKS
    assert validate_message(blocks) == []
    assert not too_long(blocks)
    for text in [message.text, *mrkdwn_in(blocks)]:
        assert PING.search(text) is None, text
        text.encode("utf-8")


def mrkdwn_in(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for each in node for text in mrkdwn_in(each)]
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            assert node["verbatim"] is True
            return [node["text"]]
        return [text for each in node.values() for text in mrkdwn_in(each)]
    return []


@settings(max_examples=examples(25), deadline=None, database=None)
@given(seed=SEEDS)
def test_the_home_is_sound_whatever_there_is(seed: int) -> None:
    random = Random(seed)
    view = home(
        anything(tuple[JobView, ...], random),
        anything(tuple[LeaseView, ...], random),
        anything(tuple[Dataset, ...], random),
    )

    assert validate_view(view) == []
    for text in mrkdwn_in(view["blocks"]):
        assert PING.search(text) is None, text
