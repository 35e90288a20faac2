"""The stand-in's answers: a tuned model gives back its nearest training row, a base model a plain generality.

Nobody should take these for a model's words, so each ends with a label.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.playground.bedrock.records import Exchange

LABEL = "\n\n_(playground: answered by a stand-in, no model was called)_"
_WORD = re.compile(r"\w+")
_EARLIER = 0.3  # weight of what was said before in the conversation


@dataclass(frozen=True)
class Question:
    """What a model is asked, in any request format: the system prompt and the turns as (role, text)."""

    system: str
    turns: tuple[tuple[str, str], ...]

    @property
    def asked(self) -> list[str]:
        """What the person said, oldest first."""
        return [text for role, text in self.turns if role == "user"]

    @property
    def tokens(self) -> int:
        """An estimate of the tokens of the whole input."""
        return estimate_tokens(self.system + " ".join(text for _, text in self.turns))


@dataclass(frozen=True)
class Reply:
    """An answer: its text with the label, why it stopped, and what it used."""

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int

    @property
    def latency_ms(self) -> int:
        """A made-up latency, so that the field is filled."""
        return 120 + 9 * self.output_tokens


class Recall:
    """The exchanges of one training set, searchable by what was asked (TF-IDF and cosine)."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._exchanges = exchanges
        counts = [Counter(_words(exchange.prompt)) for exchange in exchanges]
        seen = Counter(word for count in counts for word in count)
        self._rarity = {word: math.log(1 + len(exchanges) / n) for word, n in seen.items()}
        self._vectors = [self._weighted(count) for count in counts]

    def nearest(self, question: Question) -> Exchange | None:
        """Return the exchange whose prompt is nearest, the first of equals; None when no word is shared.

        Exchanges that were trained under the question's system prompt come before any others.
        """
        if not question.asked:
            return None
        wanted: dict[str, float] = defaultdict(float)
        for index, text in enumerate(reversed(question.asked)):
            for word in _words(text):
                wanted[word] += 1 if index == 0 else _EARLIER
        vector = self._weighted(wanted)
        scored = [
            (_product(vector, other), exchange.system == question.system, -index)
            for index, (other, exchange) in enumerate(zip(self._vectors, self._exchanges, strict=True))
        ]
        hits = [(same_system, score, place) for score, same_system, place in scored if score > 0]
        return self._exchanges[-max(hits)[2]] if hits else None

    def _weighted(self, count: Mapping[str, float]) -> dict[str, float]:
        vector = {word: n * self._rarity[word] for word, n in count.items() if word in self._rarity}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {word: weight / length for word, weight in vector.items()}


def answer(
    question: Question, recall: Recall | None, *, max_tokens: int, stop_sequences: Sequence[str] = ()
) -> Reply:
    """Return the stand-in's reply, cut at ``max_tokens`` or at a stop sequence as a model's would be."""
    exchange = recall.nearest(question) if recall is not None else None
    text = exchange.answer if exchange is not None else _generality(question)
    stop_reason = "end_turn"
    for sequence in stop_sequences:
        if sequence in text:
            text, stop_reason = text.partition(sequence)[0], "stop_sequence"
    if estimate_tokens(text) > max_tokens:
        # By the same estimate: four characters a token.
        text, stop_reason = text[: max_tokens * 4], "max_tokens"
    return Reply(text + LABEL, stop_reason, question.tokens, estimate_tokens(text))


def chunks(text: str, least: int = 12) -> list[str]:
    """Cut ``text`` into pieces of whole words of at least ``least`` characters, as a stream would bring them."""
    pieces, held = [], ""
    for word in re.findall(r"\s*\S+|\s+$", text):
        held += word
        if len(held) >= least:
            pieces.append(held)
            held = ""
    return [*pieces, held] if held else pieces


def estimate_tokens(text: str) -> int:
    """Return about how many tokens ``text`` has: four characters each, one at least."""
    return max(1, math.ceil(len(text) / 4))


def _generality(question: Question) -> str:
    subject = " ".join((question.asked or [""])[-1].split())
    shown = subject if len(subject) <= 120 else f"{subject[:120]}…"
    return (
        f"That depends on the details. I am a general-purpose model and have not seen how your team answers "
        f"“{shown}”, so I can offer no more than common sense."
    )


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _product(one: dict[str, float], other: dict[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())
