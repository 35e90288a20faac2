"""Every card, with whatever values: within Slack's limits, and nothing in it pings anybody."""

import dataclasses
import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import typing
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.deployments.cards import DeploymentView
from bot.directory.aliasing import AliasCard
from bot.distillations.cards import DistillationView
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from bot.playground.slack.blocks import too_long, validate_message, validate_view
from bot.schedules.views import ScheduleView
from bot.serving.cards import ModelLine
from bot.spending.purchase import Waiting
from bot.spending.reports import Share, SpendingReport, Standing
from handlers.ui import limits
from handlers.ui.folding import details_view
from handlers.ui.home import Belongings, home
from handlers.ui.home_asking import AboutAsking, ChannelLine, KeptLine
from handlers.ui.parts.running import Running
from handlers.ui.render import DRAWN, BlockKitRenderer, all_cards, render
from tests.examples import examples
from tests.handlers.ui.anything import anything

SEEDS = st.integers(0, 2**32)
PING = re.compile(r"<(?!!date\^|@[UW][A-Z0-9]+>)[^>]*")


def of_the_features() -> list[type]:
    """Return the dataclasses of every feature's ``cards`` that are no parts of others."""
    names = [f"{found.name}.cards" for found in pkgutil.iter_modules(bot.__path__, "bot.") if found.ispkg]
    modules = [importlib.import_module(each) for each in names if importlib.util.find_spec(each)]
    found = [
        each
        for module in modules
        for _, each in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(each) and each.__module__ == module.__name__
    ]
    parts = {part for each in found for hint in typing.get_type_hints(each).values() for part in inside(hint)}
    return [each for each in found if each not in parts]


def inside(hint: Any) -> Iterator[Any]:
    yield hint
    for each in typing.get_args(hint):
        yield from inside(each)


def cards() -> list[type]:
    return sorted(DRAWN, key=lambda each: each.__name__)


def test_every_card_of_a_feature_is_drawn_by_one_function_that_takes_it() -> None:
    assert len(of_the_features()) > 30
    assert [each.__name__ for each in of_the_features() if each not in DRAWN] == []
    taken = {card: next(iter(typing.get_type_hints(draw).values())) for card, draw in DRAWN.items()}
    assert [card.__name__ for card, taken_one in taken.items() if taken_one is not card] == []


def test_a_card_that_two_modules_draw_ends_the_start() -> None:
    with pytest.raises(TypeError, match="drawn twice: str"):
        all_cards([{str: Message}, {int: Message}, {str: Message}])


def test_what_is_no_card_is_a_defect() -> None:
    with pytest.raises(TypeError, match="str is no card"):
        BlockKitRenderer().render("hello")


@pytest.mark.slow
@pytest.mark.parametrize("card", cards(), ids=lambda each: each.__name__)
@settings(max_examples=examples(40), deadline=None, database=None)
@given(seed=SEEDS)
def test_whatever_the_values_slack_takes_it(card: type, seed: int) -> None:
    assert_sound(render(anything(card, Random(seed))))


def assert_sound(message: Message) -> None:
    blocks = list(message.blocks)
    assert message.text.strip()
    assert limits.length(message.text) <= limits.MESSAGE_TEXT
    assert len(blocks) <= limits.MESSAGE_BLOCKS
    assert validate_message(blocks) == []
    assert not too_long(blocks)
    held_back = list(message.details)
    if held_back:
        assert validate_view(details_view(held_back)) == []
        assert len(json.dumps(details_view(held_back))) < 250_000
    for text in [message.text, *mrkdwn_in(blocks), *mrkdwn_in(held_back)]:
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


def test_the_home_holds_no_more_than_slack_takes_however_much_there_is() -> None:
    random, many = Random(1), range(20)

    def of(kind: Any) -> tuple[Any, ...]:
        return tuple(anything(kind, random) for _ in many)

    runs = Running(of(JobView), of(LeaseView), of(DistillationView), of(DeploymentView), of(ScheduleView))
    asking = AboutAsking(of(KeptLine), of(AliasCard), of(ChannelLine))
    there = dataclasses.replace(
        anything(Belongings, random),
        datasets=of(Dataset),
        links=("",) * 20,
        asleep=of(ModelLine),
        asking=asking,
    )
    report = dataclasses.replace(anything(SpendingReport, random), standings=of(Standing), models=of(Share))
    view = home(runs, dataclasses.replace(there, spending=report), of(Waiting), lists=True, spends=True)

    assert len(view["blocks"]) <= 100
    assert validate_view(view) == []
    assert "and 16 more kept questions" in str(view)
    assert "and 16 more aliases" in str(view)


@settings(max_examples=examples(25), deadline=None, database=None)
@given(seed=SEEDS)
def test_the_home_is_sound_whatever_there_is(seed: int) -> None:
    random = Random(seed)
    view = home(
        Running(
            anything(tuple[JobView, ...], random),
            anything(tuple[LeaseView, ...], random),
            anything(tuple[DistillationView, ...], random),
            schedules=anything(tuple[ScheduleView, ...], random),
        ),
        anything(Belongings, random),
        anything(tuple[Waiting, ...], random),
    )

    assert validate_view(view) == []
    for text in mrkdwn_in(view["blocks"]):
        assert PING.search(text) is None, text
