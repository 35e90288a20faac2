"""Statistics in one pass and in memory that does not grow with the file."""

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Bucket, Spread, Statistics, SystemPrompt
from bot.datasets.tokens import least

_KEPT = 1 << 17
"""Values of a number that are kept: more than the most records that any base takes, so their spread is exact."""

_BLOCK = 4096
_KEPT_PROMPTS = 4096
_KEPT_PROMPT_CHARACTERS = 4 << 20
_KEPT_LINES = 10
_SHOWN_PROMPTS = 5
_SHOWN_PROMPT_CHARACTERS = 500

BUCKETS = 12
"""Most bars of a histogram: what can be told apart across a phone, and read line by line in a terminal."""


class Tally:
    """A number for each record. Total, least and most are exact; the quantiles are, up to 131,072 records.

    Beyond, every second value is forgotten and from then on only every second one is kept, and so on.
    """

    def __init__(self) -> None:
        self._values = array("q")
        self._stride = 1
        self._count = 0
        self._total = 0
        self._minimum = 0
        self._maximum = 0

    def extend(self, values: list[int]) -> None:
        """Take more. Many at once: a loop over each would cost more than all the rest of counting."""
        if not values:
            return
        least, most = min(values), max(values)
        self._minimum = min(self._minimum, least) if self._count else least
        self._maximum = max(self._maximum, most) if self._count else most
        self._total += sum(values)
        # Goes on where the last ones ended: every so-manieth of all values, and not of each block.
        self._values.extend(values[-self._count % self._stride :: self._stride])
        self._count += len(values)
        while len(self._values) >= _KEPT:
            self._values = self._values[::2]
            self._stride *= 2

    def spread(self) -> Spread:
        """Return how the numbers are spread."""
        if not self._count:
            return Spread(0, 0, 0, 0, 0)
        ordered = sorted(self._values)
        return Spread(
            total=self._total,
            minimum=self._minimum,
            median=_quantile(ordered, 0.5),
            p95=_quantile(ordered, 0.95),
            maximum=self._maximum,
        )

    def histogram(self) -> tuple[Bucket, ...]:
        """Return how many of the numbers, which must not be negative, are how large.

        The counts add up to all numbers; they are exact up to 131,072 records.
        """
        ordered = sorted(self._values)
        buckets = []
        before = 0
        number = min(BUCKETS, self._count.bit_length())  # as Sturges: few numbers make no shape
        for low, high in _edges(self._minimum, self._maximum, number) if ordered else ():
            share = bisect_left(ordered, high) / len(ordered) if high <= self._maximum else 1
            until = round(share * self._count)
            buckets.append(Bucket(low, high - 1, until - before))
            before = until
        return tuple(buckets)


def _edges(least: int, most: int, number: int) -> list[tuple[int, int]]:
    """Return where buckets begin and the next ones do: each is about so many times wider than the one before."""
    low, high = max(least, 1), most + 1
    inner = (round(low * (high / low) ** (step / number)) for step in range(1, number))
    edges = sorted({least, high, *(edge for edge in inner if least < edge < high)})
    return list(pairwise(edges))


def _quantile(ordered: list[int], share: float) -> int:
    """Return the smallest value that at least ``share`` of the values do not exceed."""
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


@dataclass(slots=True)
class _Prompt:
    count: int = 0
    broken: int = 0
    lines: list[int] = field(default_factory=list)
    text: str | None = None


class SystemPrompts:
    """Which system prompts there are, how often, and where the rare ones stand. None is a prompt of its own."""

    def __init__(self) -> None:
        self._prompts: dict[int, _Prompt] = {}
        self._room = _KEPT_PROMPT_CHARACTERS
        self._records = 0

    def add(self, line: int, prompt: str | None, *, is_sound: bool = True) -> None:
        """Count the prompt of one more record; one that has errors of its own is not called a stray as well."""
        self._records += 1
        key = hash(prompt)
        known = self._prompts.get(key)
        if known is None:
            if len(self._prompts) >= _KEPT_PROMPTS:
                return
            known = self._prompts[key] = _Prompt()
            if prompt is not None and len(prompt) <= self._room:
                known.text = prompt
                self._room -= len(prompt)
        known.count += 1
        if not is_sound:
            known.broken += 1
        elif len(known.lines) < _KEPT_LINES:
            known.lines.append(line)

    @property
    def different(self) -> int:
        """How many different prompts there are; at 4,096 the counting ends."""
        return len(self._prompts) - (hash(None) in self._prompts)

    def common(self) -> tuple[str | None, float]:
        """Return the prompt that most records have, and their share."""
        if not self.different:
            return None, 0.0
        best = max(
            (each for key, each in self._prompts.items() if key != hash(None)), key=lambda each: each.count
        )
        return best.text, best.count / self._records

    def most_common(self) -> tuple[SystemPrompt, ...]:
        """Return the most common ones, masked and clipped; none at all when no record has one."""
        if not self.different:
            return ()
        none = hash(None)
        shown = [(key, each) for key, each in self._prompts.items() if each.text is not None or key == none]
        shown.sort(key=lambda pair: -pair[1].count)
        return tuple(SystemPrompt(_shown(each.text or ""), each.count) for _, each in shown[:_SHOWN_PROMPTS])

    def strays(self, share: float) -> tuple[int, list[int]]:
        """Return how many records lack the prompt that at least ``share`` of them have, and the first lines."""
        if len(self._prompts) < 2:
            return 0, []
        best = max(self._prompts.values(), key=lambda each: each.count)
        if best.count < share * self._records:
            return 0, []
        lines = sorted(line for each in self._prompts.values() if each is not best for line in each.lines)
        broken = sum(each.broken for each in self._prompts.values() if each is not best)
        return self._records - best.count - broken, lines[:_KEPT_LINES]


def _shown(text: str) -> str:
    text, most = SCANNER.masked(text), _SHOWN_PROMPT_CHARACTERS
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


class Measures:
    """Everything that is counted of the records that could be read."""

    def __init__(self) -> None:
        self.prompts = SystemPrompts()
        self._fresh: list[tuple[int, int, int, int]] = []
        self._tallies = (Tally(), Tally(), Tally())
        self._low = Tally()
        self._records = 0

    def add(
        self,
        line: int,
        system: str | None,
        turns: int,
        characters: int,
        tokens: int,
        extra: int = 0,
        *,
        is_sound: bool = True,
    ) -> None:
        """Count one record. ``characters`` and ``tokens`` include the system prompt's, and these the ``extra`` ones.

        ``extra`` are what dense text may take beyond its length: the lower figure is without them. A record with
        errors of its own (not ``is_sound``) is counted all the same and not compared with the others.
        """
        self._fresh.append((turns, characters, tokens, extra))
        if len(self._fresh) == _BLOCK:
            self._take()
        self.prompts.add(line, system, is_sound=is_sound)

    def statistics(self) -> Statistics:
        """Return what was counted."""
        self._take()
        turns, characters, tokens = self._tallies
        prompt, share = self.prompts.common()
        return Statistics(
            records=self._records,
            turns=turns.spread(),
            characters=characters.spread(),
            tokens=tokens.spread(),
            tokens_low=self._low.spread(),
            system_prompts=self.prompts.different,
            common_system_prompt=prompt,
            common_system_share=round(share, 4),
            lengths=tokens.histogram(),
            prompts=self.prompts.most_common(),
        )

    def _take(self) -> None:
        self._records += len(self._fresh)
        self._low.extend(
            [least(characters, tokens - extra, turns + 1) for turns, characters, tokens, extra in self._fresh]
        )
        for tally, values in zip(self._tallies, zip(*self._fresh, strict=True), strict=False):
            tally.extend(list(values))
        self._fresh.clear()
