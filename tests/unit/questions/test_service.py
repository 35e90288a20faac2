from bot.questions.answerer import Question
from bot.questions.model import load
from bot.questions.service import QuestionService
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory

QUESTION = Question("trigger/1:é", "Where to?", "C1", "U1", "T1", None, "claims-router")


def test_a_question_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    QuestionService(resources, directory(resources), clock).ask(QUESTION)
    [claim] = resources.claim(10, 30)
    spec = load(claim.resource.spec)
    assert claim.resource.key.kind == "question"
    assert spec.question == QUESTION
    assert spec.asked_at == clock.now()


def test_the_same_question_twice_is_one() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    service = QuestionService(resources, directory(resources), clock)
    service.ask(QUESTION)
    service.ask(QUESTION)
    assert len(resources.of_kind("question")) == 1
