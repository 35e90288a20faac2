import pytest

from bot.errors import Refused
from bot.questions.answerer import Ending, Question, Turn
from bot.questions.answering import Asking
from tests.doubles.asking import ROUTER, FakeAnswerers, FakeInference
from tests.doubles.conversations import InMemoryConversations

QUESTION = Question("Ev1", "Where to?", "C1", "U1", "T1", "1.0")


@pytest.fixture
def inference() -> FakeInference:
    return FakeInference()


@pytest.fixture
def answerers() -> FakeAnswerers:
    return FakeAnswerers()


@pytest.fixture
def asking(inference: FakeInference, answerers: FakeAnswerers) -> Asking:
    return Asking(inference, InMemoryConversations(), answerers)


def test_a_model_that_was_named_wins(asking: Asking, answerers: FakeAnswerers) -> None:
    asking.remember(QUESTION, "other", "1.0", "There.")
    asking.answerer(Question("Ev2", "And?", "C1", "U1", "T1", "1.0", "claims-router"))
    asking.answerer(Question("Ev3", "And?", "C1", "U1", "T1", "1.0"))
    asking.answerer(Question("Ev4", "And?", "C1", "U1", "T1", None))
    assert answerers.asked_for == [("claims-router", "C1"), ("other", "C1"), (None, "C1")]


def test_a_sleeping_model_refuses(asking: Asking, answerers: FakeAnswerers) -> None:
    answerers.fall_asleep()
    with pytest.raises(Refused):
        asking.answerer(QUESTION)


def test_the_answer_is_harmless_and_the_memory_plain(asking: Asking, inference: FakeInference) -> None:
    inference.line_up(["Tell <", "@U1> no"])
    *pieces, ending = asking.pieces(QUESTION, ROUTER, "1.0")
    assert ending == Ending()
    answer = "".join(map(str, pieces))
    assert answer == "Tell <\u2060@U1> no"
    asking.remember(QUESTION, ROUTER.model_name, "1.0", answer)
    list(asking.pieces(Question("Ev2", "Why?", "C1", "U1", "T1", "1.0"), ROUTER, "1.0"))
    assert inference.asked[-1] == [
        Turn("user", "Where to?"),
        Turn("assistant", "Tell <@U1> no"),
        Turn("user", "Why?"),
    ]


def test_remembering_twice_is_once_and_nothing_is_not_remembered(
    asking: Asking, inference: FakeInference
) -> None:
    asking.remember(QUESTION, ROUTER.model_name, "1.0", " \n")
    for _ in range(2):
        asking.remember(QUESTION, ROUTER.model_name, "1.0", "There.")
    list(asking.pieces(QUESTION, ROUTER, "1.0"))
    assert len(inference.asked[-1]) == 3


def test_hanging_up_closes_the_stream(asking: Asking, inference: FakeInference) -> None:
    pieces = asking.pieces(QUESTION, ROUTER, "1.0")
    next(pieces)
    assert inference.open == 1
    pieces.close()
    assert inference.open == 0
