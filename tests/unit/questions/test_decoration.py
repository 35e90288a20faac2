"""JSON is shown as code from its first word on, and remembered as the model said it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unavailable
from bot.questions.answerer import Ending, Turn
from bot.questions.decoration import Decoration
from bot.questions.prompting import MAX_TOKENS
from bot.questions.splitting import joined, open_fence
from tests.doubles.messages import lost_reply, throttled
from tests.tables import table
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


CODE = "".join(f"row_{number} = value * 2 * {number}\n" for number in range(450))
"""More than a message holds."""


@pytest.mark.parametrize("seconds", [0.1, 3.0], ids=["a message is full", "a message is old"])
@pytest.mark.parametrize("way", ["streamed", "posted", "put right in the end"])
def test_code_that_goes_on_in_another_message_is_code_there_and_text_behind_it_is_text(
    world: World, way: str, seconds: float
) -> None:
    said = f"Here it is:\n\n```py\n{CODE}```\n\nThat is *all*."
    pieces = [said[at : at + 97] for at in range(0, len(said), 97)]
    world.inference.always = pieces
    world.inference.between = lambda _: world.clock.advance(seconds)
    if way == "posted":
        world.streams.order("start", *[throttled()] * 20)
    if way == "put right in the end":
        world.streams.order("append", lost_reply())
    world.ask()
    world.run()
    answers = [whole(each) for each in world.answers()]
    assert len(answers) > 1
    for text in answers:
        assert not open_fence(text), "each message ends what it has begun"
    assert joined(answers).rstrip() == said
    assert answers[-1].endswith("That is *all*.")
    assert world.conversations.turns("C1", world.root)[-1] == Turn("assistant", said)


def test_no_note_stands_in_code(world: World) -> None:
    """Whichever way the answer ends while code is open, and however that is fenced."""
    long = Turn("user", "a" * (MAX_TOKENS * 4))
    with table() as row:
        for fence in ("```", "````", "~~~"):
            with row(fence):
                world = World()
                world.conversations.append("C1", world.root, "q", long, Turn("assistant", "Yes."))
                inline = "Inline ``` is no code.\n"
                world.inference.always = [inline, f"{fence}py\nx = 1", Ending("max_tokens")]
                world.ask()
                world.run()
                [text] = world.texts()
                _, closed, notes = text.partition(f"x = 1\n{fence}\n\n")
                assert closed
                assert notes.startswith("_Answered without")
                assert "\n\n_The answer was cut off" in notes
                assert fence not in notes


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
