from bot.questions.answerer import Question
from bot.questions.model import SCHEMA
from bot.questions.service import QuestionService
from tests.doubles.clock import FakeClock
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory

QUESTION = Question("trigger/1:é", "Where to?", "C1", "U1", "T1", None, "claims-router")


def test_a_question_is_written_down_and_due_at_once() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    QuestionService(resources, directory(resources), InMemoryConversations(), clock).ask(QUESTION)
    [claim] = resources.claim(10, 30)
    spec = SCHEMA.spec_of(claim.resource)
    assert claim.resource.key.kind == "question"
    assert spec.question == QUESTION
    assert spec.asked_at == clock.now()


def test_the_same_question_twice_is_one() -> None:
    clock = FakeClock()
    resources = InMemoryResources(clock)
    service = QuestionService(resources, directory(resources), InMemoryConversations(), clock)
    service.ask(QUESTION)
    service.ask(QUESTION)
    assert len(resources.of_kind("question")) == 1


def test_a_reply_is_said_to_a_model_where_the_thread_begins_with_a_question_and_one_has_answered() -> None:
    clock = FakeClock()
    resources, conversations = InMemoryResources(clock), InMemoryConversations()
    service = QuestionService(resources, directory(resources, here="C1"), conversations, clock)
    for thread in ("1.1", "2.2"):
        conversations.begin("C1", thread)
    for thread in ("1.1", "3.3"):  # one of them belongs to a job, in which somebody once asked
        conversations.bind("C1", thread, "claims-router")
    conversations.begin("C2", "4.4")
    conversations.bind("C2", "4.4", "claims-router")

    partners = [service.partner_in(thread) for thread in ("1.1", "2.2", "3.3", "4.4")]
    assert partners == ["claims-router", None, None, None]
