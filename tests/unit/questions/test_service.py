from bot.questions.answerer import Question
from bot.questions.model import load
from bot.questions.service import QuestionDesk
from tests.doubles.clock import FakeClock
from tests.doubles.things import InMemoryThings
from tests.doubles.visibility import directory

QUESTION = Question("trigger/1:é", "Where to?", "C1", "U1", "T1", None, "claims-router")


def test_a_question_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    things = InMemoryThings(clock)
    QuestionDesk(things, directory(things), clock).ask(QUESTION)
    [claim] = things.claim(10, 30)
    spec = load(claim.thing.spec)
    assert claim.thing.key.kind == "question"
    assert spec.question == QUESTION
    assert spec.asked_at == clock.now()


def test_the_same_question_twice_is_one() -> None:
    clock = FakeClock()
    things = InMemoryThings(clock)
    desk = QuestionDesk(things, directory(things), clock)
    desk.ask(QUESTION)
    desk.ask(QUESTION)
    assert len(things.of_kind("question")) == 1
