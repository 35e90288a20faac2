"""The twin of the conversations' port."""

from bot.questions.answerer import Turn

QUESTIONS = 20


class InMemoryConversations:
    """A ``Conversations`` in memory. It forgets nothing with time; tests of that are held against the real one."""

    def __init__(self) -> None:
        self._threads: dict[tuple[str, str], dict[str, tuple[Turn, ...]]] = {}
        self._models: dict[tuple[str, str], str] = {}
        self._roots: set[tuple[str, str]] = set()

    def turns(self, channel: str, thread_ts: str, *, before: str = "") -> list[Turn]:
        kept = self._threads.get((channel, thread_ts), {})
        ids = list(kept)
        end = ids.index(before) if before in kept else len(ids)
        return [turn for each in ids[:end] for turn in kept[each]]

    def append(self, channel: str, thread_ts: str, question_id: str, *turns: Turn) -> None:
        kept = self._threads.setdefault((channel, thread_ts), {})
        kept.setdefault(question_id, turns)
        while len(kept) > QUESTIONS:
            del kept[next(iter(kept))]

    def forget(self, channel: str, thread_ts: str, question_id: str) -> None:
        self._threads.get((channel, thread_ts), {}).pop(question_id, None)

    def model_of(self, channel: str, thread_ts: str) -> str | None:
        return self._models.get((channel, thread_ts))

    def bind(self, channel: str, thread_ts: str, model: str) -> None:
        self._models[channel, thread_ts] = model

    def begin(self, channel: str, thread_ts: str) -> None:
        self._roots.add((channel, thread_ts))

    def began_in(self, channel: str, thread_ts: str) -> bool:
        return (channel, thread_ts) in self._roots
