"""What was said in a thread, bounded in turns and in time."""

import json

from pydantic import TypeAdapter
from redis import Redis

from bot.controller.damage import Damage
from bot.controller.schema import UNREADABLE, why
from bot.questions.answerer import Turn
from storage import scripts
from storage.keys import KEEP_CONVERSATION, SCHEMA, Keys
from storage.redis_documents import document_in
from storage.redis_errors import translated

TURNS = TypeAdapter(list[Turn])

QUESTIONS = 20
"""How many questions of a thread are kept, with their answers: more than that is more than a model is given."""


class RedisConversations:
    """A ``Conversations`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._damage = damage or Damage()
        self._redis = client
        self._keys = keys or Keys()
        self._append = client.register_script(scripts.text("append_turns"))

    def turns(self, channel: str, thread_ts: str, *, before: str = "") -> list[Turn]:
        """Return the turns so far, or those before a question."""
        with translated():
            entries = self._redis.lrange(self._keys.conversation(channel, thread_ts), 0, -1)
        found: list[Turn] = []
        for entry in entries:
            question, turns = self._turns(channel, thread_ts, str(entry))
            if before and question == before:
                break
            found += turns
        return found

    def _turns(self, channel: str, thread_ts: str, entry: str) -> tuple[str, list[Turn]]:
        """Return the question's ID and its turns; neither of an entry that cannot be read, which is reported."""
        try:
            turns = TURNS.validate_python(document_in(entry, "turns"))
            return str(document_in(entry, "question")), turns
        except UNREADABLE as wrong:
            self._damage.report("conversations", f"{channel}:{thread_ts}", why(wrong))
            return "", []

    def append(self, channel: str, thread_ts: str, question_id: str, *turns: Turn) -> None:
        """Add turns. Repeating it with the same question ID adds nothing."""
        entry = {"v": SCHEMA, "question": question_id, "turns": TURNS.dump_python(list(turns), mode="json")}
        places = [
            self._keys.conversation(channel, thread_ts),
            self._keys.conversation_model(channel, thread_ts),
        ]
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        # Question and answer are one entry: a thread that is cut to its last ones never begins with an answer.
        with translated():
            self._append(keys=places, args=[question_id, text, QUESTIONS, KEEP_CONVERSATION])

    def forget(self, channel: str, thread_ts: str, question_id: str) -> None:
        """Take the turns of a question out again."""
        key = self._keys.conversation(channel, thread_ts)
        with translated():
            for entry in map(str, self._redis.lrange(key, 0, -1)):
                if self._turns(channel, thread_ts, entry)[0] == question_id:
                    self._redis.lrem(key, 0, entry)

    def model_of(self, channel: str, thread_ts: str) -> str | None:
        """Return the model that the thread talks to, or None."""
        with translated():
            model = self._redis.get(self._keys.conversation_model(channel, thread_ts))
        return None if model is None else str(model)

    def bind(self, channel: str, thread_ts: str, model: str) -> None:
        """Remember the model that the thread talks to."""
        with translated():
            self._redis.set(self._keys.conversation_model(channel, thread_ts), model, ex=KEEP_CONVERSATION)
            # The two end together: a thread that still has its model must not lose that replies in it are
            # questions.
            self._redis.expire(self._keys.conversation_root(channel, thread_ts), KEEP_CONVERSATION)

    def begin(self, channel: str, thread_ts: str) -> None:
        """Remember that the thread begins with a question."""
        with translated():
            self._redis.set(self._keys.conversation_root(channel, thread_ts), "1", ex=KEEP_CONVERSATION)

    def began_in(self, channel: str, thread_ts: str) -> bool:
        """Return whether the thread begins with a question."""
        with translated():
            return bool(self._redis.exists(self._keys.conversation_root(channel, thread_ts)))
