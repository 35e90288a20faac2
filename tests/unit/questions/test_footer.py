"""What is told under an answer, wherever it is shown and whatever cut it short."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.errors import Unavailable
from bot.questions.answerer import Ending, Usage
from bot.questions.splitting import MESSAGE_BYTES
from tests.doubles.messages import Posted, refused
from tests.unit.questions.test_budget import NOVA, TOLD, Paid
from tests.unit.questions.test_question import PIECES, killed_at, whole

NAMED = replace(NOVA, version="claims-router-1", dataset="claims", dataset_id="5f5f5f5f5f5f")


def footer_of(posted: Posted) -> str:
    """The line under an answer; empty where there is none."""
    lines = [each for each in posted.message.blocks if each["type"] == "context"]
    return str(lines[0]["elements"][0]["text"]) if lines else ""


def details_of(posted: Posted) -> str:
    return "\n".join(each["text"]["text"] for each in posted.message.details)


def asked(world: Paid) -> list[Posted]:
    world.ask()
    world.run()
    return world.answers()


def test_under_an_answer_stands_who_gave_it_how_fast_and_for_how_much() -> None:
    world = Paid(answerer=NAMED)
    [answer] = asked(world)
    assert whole(answer).startswith("Route it to oncology.")
    assert footer_of(answer) == "`claims-router` · 6.0 s · $0.20"
    for fact in (
        "`claims-router-1` at Bedrock", "tuned from Amazon Nova Lite", "`claims`, SHA-256 `5f5f5f5f5f5f`",
        "40 tokens read", "200 written", "the first word after 1.0 s",
    ):  # fmt: skip
        assert fact in details_of(answer), fact


def test_what_was_trained_on_is_not_told_where_it_may_not_be() -> None:
    [answer] = asked(Paid(answerer=replace(NAMED, dataset="", dataset_id="")))
    assert "Trained on" not in details_of(answer)


def test_an_answer_by_the_hour_costs_nothing_more() -> None:
    [answer] = asked(Paid(answerer=replace(NAMED, by_token=False)))
    assert footer_of(answer).endswith("paid by the hour")


def test_a_cost_that_nobody_knows_is_not_invented() -> None:
    world = Paid(answerer=NAMED)
    world.inference.always = [*PIECES, Ending("end_turn", None)]
    [answer] = asked(world)
    assert footer_of(answer).endswith("price unknown")


def _no_streams(world: Paid) -> None:
    world.streams.order("start", refused("Slack takes no streams here."))


def _killed(world: Paid) -> None:
    world.ask()
    with killed_at(6):
        world.run()


SHOWN: dict[str, Callable[[Paid], None]] = {
    "streamed": lambda _: None,
    "posted and edited": _no_streams,
    "given again after a crash": _killed,
}


@pytest.mark.parametrize("way", SHOWN)
def test_it_stands_there_however_the_answer_is_shown(way: str) -> None:
    world = Paid(answerer=NAMED)
    SHOWN[way](world)
    answers = asked(world)
    assert footer_of(answers[-1]).startswith("`claims-router` · ")
    assert answers[-1].message.details_id


def test_of_a_long_answer_it_stands_under_the_last_message() -> None:
    world = Paid(answerer=NAMED)
    world.inference.always = ["word " * 600] * 5 + [TOLD]
    answers = asked(world)
    assert len(answers) == 2
    assert [bool(footer_of(each)) for each in answers] == [False, True]


def test_it_stands_under_a_message_that_was_just_full_when_the_answer_ended() -> None:
    world = Paid(answerer=NAMED)
    world.inference.always = ["z" * (MESSAGE_BYTES - 100), TOLD]
    [answer] = asked(world)
    assert footer_of(answer)


def test_it_stands_under_no_words_of_ours() -> None:
    world = Paid(answerer=NAMED)
    world.inference.always = [Unavailable("The model failed.")]
    [answer] = asked(world)
    assert not footer_of(answer)
    world = Paid(answerer=NAMED)
    world.inference.always = [Ending("end_turn", Usage(1, 0))]
    [answer] = asked(world)
    assert whole(answer).startswith("The model gave no answer.")
    assert not footer_of(answer)
