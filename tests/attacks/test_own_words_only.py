"""Words of one conversation in another's prompt, however many are answered in the same moment."""

from uuid import NAMESPACE_OID, uuid5

import pytest
from redis import Redis

from bot.controller.model import Message
from bot.questions.answerer import Question, Turn
from storage.keys import Keys
from storage.redis_conversations import RedisConversations
from tests.unit.questions.test_question import World

THREADS = ("alder", "birch", "cedar")
"""A word that only one of three threads ever says."""


def conversation(world: World, word: str, channel: str) -> list[Question]:
    root = world.slack.post(channel, Message(f"thread of {word}"), marker=str(uuid5(NAMESPACE_OID, word)))
    return [
        Question(f"Ev-{word}-{turn}", f"{word} question {turn}?", channel, f"U{word}", "T1", root)
        for turn in (1, 2, 3)
    ]


def test_three_threads_at_once_are_asked_with_their_own_words_only() -> None:
    world = World()

    def meanwhile(_: int) -> None:
        world.clock.advance(1)
        world.one_turn()  # another process takes up what else is due, in the middle of this answer

    world.inference.between = meanwhile
    talks = [conversation(world, word, "C1") for word in THREADS]
    for turn in range(3):
        for talk in talks:
            world.ask(talk[turn])
        world.run()

    prompts = [" ".join(turn.text for turn in asked) for asked in world.inference.asked]
    for prompt in prompts:
        assert len({word for word in THREADS if word in prompt}) == 1, prompt
    longest = {word: max((each for each in prompts if word in each), key=len) for word in THREADS}
    for word, prompt in longest.items():
        assert [f"{word} question {turn}?" in prompt for turn in (1, 2, 3)] == [True] * 3


@pytest.mark.redis_server
def test_threads_of_one_time_in_two_channels_are_two_conversations(
    redis_client: Redis, redis_keys: Keys
) -> None:
    kept = RedisConversations(redis_client, redis_keys)
    for channel in ("C1", "C2"):
        kept.append(channel, "1.0", f"of {channel}", Turn("user", f"said in {channel}"))
    assert [turn.text for turn in kept.turns("C1", "1.0")] == ["said in C1"]
    assert [turn.text for turn in kept.turns("C2", "1.0")] == ["said in C2"]
