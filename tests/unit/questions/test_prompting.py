import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.answerer import Turn
from bot.questions.prompting import MAX_TURNS, prompt_for

TURNS = st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=20)), max_size=12)


def user(text: str) -> Turn:
    return Turn("user", text)


def model(text: str) -> Turn:
    return Turn("assistant", text)


@pytest.mark.slow
@given(TURNS, st.integers(0, 8), st.integers(0, 80))
def test_turns_alternate_and_begin_and_end_with_the_user(earlier: list[Turn], most: int, room: int) -> None:
    prompt = prompt_for("Q", earlier, max_turns=most, max_tokens=room)
    turns = prompt.turns
    assert [each.role for each in turns] == ["user", "assistant"] * (len(turns) // 2) + ["user"]
    assert turns[-1].text.endswith("Q")
    assert len(turns) <= most + 1


def test_a_conversation_goes_in_whole_while_it_fits() -> None:
    prompt = prompt_for("third", [user("first"), model("second")])
    assert prompt.turns == [user("first"), model("second"), user("third")]
    assert prompt.left_out == 0


def test_the_oldest_go_first() -> None:
    earlier = [user("a" * 10), model("b" * 10), user("c" * 10), model("d" * 10)]
    for prompt in (prompt_for("q", earlier, max_tokens=8), prompt_for("q", earlier, max_turns=3)):
        assert prompt.turns == [*earlier[2:], user("q")]
        assert prompt.left_out == 2


def test_the_bound_is_of_tokens_and_not_of_characters() -> None:
    earlier = [user("a" * 300), model("b" * 300), user("質" * 300), model("問" * 300)]
    assert len(prompt_for("q", earlier, max_tokens=1_000).turns) == 3
    assert prompt_for("q", [user("a" * 300), model("b" * 300)] * 4, max_tokens=1_000).left_out == 0
    assert len(prompt_for("q", [user("a"), model("b")] * 30).turns) == MAX_TURNS + 1


def test_two_questions_in_a_row_become_one() -> None:
    assert prompt_for("b", [user("a")]).turns == [user("a\n\nb")]
