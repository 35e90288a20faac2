"""The contract of where votes on answers are kept, held against the twin and Redis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from bot.questions.answerer import AnswerVote
from bot.questions.ports import Feedback
from storage.keys import Keys
from storage.redis_feedback import RedisFeedback
from tests.doubles.feedback import InMemoryFeedback

VOTE = AnswerVote("9c9c", "U1", True, "claims-router", "C1", "U1", datetime(2026, 11, 22, 9, tzinfo=UTC))
LATER = VOTE.at + timedelta(hours=1)


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def feedback(request: pytest.FixtureRequest) -> Feedback:
    if request.param == "twin":
        return InMemoryFeedback()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisFeedback(client, keys)


def test_votes_are_found_by_the_model_newest_first(feedback: Feedback) -> None:
    others = [replace(VOTE, user="U2", at=LATER), replace(VOTE, answer="8b8b", at=LATER + timedelta(hours=1))]
    for vote in (VOTE, *others, replace(VOTE, answer="7a7a", version="notes-summary")):
        feedback.save(vote)
    assert feedback.of_version("claims-router") == [*reversed(others), VOTE]
    assert feedback.of_version("nobody") == []


def test_the_last_word_of_a_person_on_an_answer_counts(feedback: Feedback) -> None:
    feedback.save(VOTE)
    feedback.save(VOTE)
    changed = replace(VOTE, good=False, at=LATER)
    feedback.save(changed)
    assert feedback.of_version("claims-router") == [changed]
