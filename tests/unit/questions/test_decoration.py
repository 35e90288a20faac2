"""JSON is shown as code from its first word on, and remembered as the model said it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unavailable
from bot.questions.answerer import Turn
from bot.questions.decoration import Decoration
from bot.questions.prompting import MAX_TOKENS
from tests.unit.questions.test_question import World, whole

OBJECT = '{"queue": "appeals", "why": "stage IV"}'


def decorated(text: str, head: str = "", cuts: tuple[int, ...] = ()) -> tuple[str, str]:
    """What is shown of a text that comes in these pieces, and what of that was the model's."""
    decoration = Decoration(head)
    ends = [0, *sorted(min(each, len(text)) for each in cuts), len(text)]
    shown = "".join(decoration.add(text[a:b]) for a, b in pairwise(ends)) + decoration.end()
    return shown, decoration.bare(shown)


@pytest.mark.parametrize(
    "text", [OBJECT, "{}", '{\n "a": 1}', "[]", '["a", "b"]', "[[1]]", f"[\n{OBJECT}]", f"  \n{OBJECT}"]
)
def test_json_is_code(text: str) -> None:
    shown, own = decorated(text, "_Nova_\n\n")
    assert shown == f"_Nova_\n\n```json\n{text.strip()}\n```"
    assert own == text.strip()


@pytest.mark.parametrize("after", ["\nThat is all.", " That is all.", "That is all.", "\n\n- one\n- two {3}"])
def test_what_is_said_after_it_stands_outside(after: str) -> None:
    tricky = '{"a}": "]}\\"}", "b": [{}]}'
    shown, own = decorated(tricky + after, "H\n")
    assert shown.startswith(f"H\n```json\n{tricky}\n```\n")
    assert shown.endswith(after)
    assert own == tricky + after
    for cut in range(len(tricky) - 3, len(tricky) + 4):
        assert decorated(tricky + after, "H\n", (cut,)) == (shown, own), cut


@pytest.mark.parametrize(
    "text",
    ["Route it.", "[1] Smith", "{x} is a set", "{", "[", "[link] there", "```json\n{}\n```", '"a"', "12"],
)
def test_all_else_is_not(text: str) -> None:
    assert decorated(text) == (text, text)
    assert decorated(text, "H\n") == (f"H\n{text}", text)


@given(
    st.sampled_from([OBJECT, f"{OBJECT} And more.", "[1] Smith", " ", "Route it", "[ ", " {"]),
    st.lists(st.integers(0, 40), max_size=5),
)
def test_it_is_the_same_however_it_comes(text: str, cuts: list[int]) -> None:
    assert decorated(text, "H\n", tuple(cuts)) == decorated(text, "H\n")


def test_an_answer_in_json_is_shown_as_code_and_remembered_as_it_was_said(world: World) -> None:
    world.inference.line_up(["{", '"queue": ', '"appeals"}'])
    world.ask()
    world.run()
    assert world.texts() == ['```json\n{"queue": "appeals"}\n```']
    assert world.streams.frames[0].startswith("```json\n{"), "from its first word on"
    assert world.conversations.turns("C1", world.root)[-1] == Turn("assistant", '{"queue": "appeals"}')


def test_json_that_breaks_off_does_not_swallow_why(world: World) -> None:
    world.inference.always = ['{"queue": ', Unavailable("The model failed.")]
    world.ask()
    world.run()
    assert world.texts() == [
        '```json\n{"queue":\n```\n\n_The answer broke off. The model failed. Ask again._'
    ]


def test_that_the_oldest_turns_were_left_out_is_said_and_not_remembered(world: World) -> None:
    for number in range(3):
        long = "a" * (MAX_TOKENS * 2)
        world.conversations.append(
            "C1", world.root, f"q{number}", Turn("user", long), Turn("assistant", "Yes.")
        )
    world.ask()
    world.run()
    [answer] = world.answers()
    assert whole(answer).endswith(
        "_Answered without the 4 oldest messages of this thread, which is longer than I read out to a model._"
    )
    assert len(world.inference.asked[-1]) == 3
    assert "Answered without" not in world.conversations.turns("C1", world.root)[-1].text


@pytest.fixture
def world() -> World:
    return World()
