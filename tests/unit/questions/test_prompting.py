from hypothesis import given
from hypothesis import strategies as st

from bot.questions.answerer import Turn
from bot.questions.prompting import turns_for

TURNS = st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=20)), max_size=12)


def user(text: str) -> Turn:
    return Turn("user", text)


def model(text: str) -> Turn:
    return Turn("assistant", text)


@given(TURNS, st.integers(0, 8), st.integers(0, 80))
def test_turns_alternate_and_begin_and_end_with_the_user(earlier: list[Turn], most: int, room: int) -> None:
    turns = turns_for("Q", earlier, max_turns=most, max_characters=room)
    assert [each.role for each in turns] == ["user", "assistant"] * (len(turns) // 2) + ["user"]
    assert turns[-1].text.endswith("Q")
    assert len(turns) <= most + 1


def test_a_conversation_goes_in_whole_while_it_fits() -> None:
    assert turns_for("third", [user("first"), model("second")]) == [
        user("first"),
        model("second"),
        user("third"),
    ]


def test_the_oldest_go_first() -> None:
    earlier = [user("a" * 10), model("b" * 10), user("c" * 10), model("d" * 10)]
    assert turns_for("q", earlier, max_characters=25) == [*earlier[2:], user("q")]
    assert turns_for("q", earlier, max_turns=3) == [*earlier[2:], user("q")]


def test_two_questions_in_a_row_become_one() -> None:
    assert turns_for("b", [user("a")]) == [user("a\n\nb")]
