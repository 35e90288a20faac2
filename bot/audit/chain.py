"""The chain: each entry carries a code over itself and the code of the one before, under a key that Redis has not.

Whoever can write to Redis can compute any plain chain anew; without the key they cannot compute this one
(docs.python.org/3/library/hmac.html). What a chain cannot tell by itself is whether its end was cut off: for that, the
codes of sealed segments are published elsewhere, and held against it here.

==========================  ===========================================================================================
When                        Then ``verify`` tells
==========================  ===========================================================================================
an entry was changed        that its code does not fit
entries were taken out      which numbers are missing
one was put in              that its place has no number, or that it is numbered as another is
two changed places          that the entry in a place has another number
the end was cut off         that the head, or what was published, is further than the last entry
the beginning was cut off   fine where a published segment ends right before it; else from which number it begins
no key was set              how many entries prove nothing
a key is made up            that an entry behind one of this key is under another; all under others prove nothing
==========================  ===========================================================================================
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

UNSEALED = ""
"""The name of no key: such a code shows a mistake, and proves nothing against who can write to Redis."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is kept. ``place`` is its ID in the stream: ``12-0``."""

    place: str
    text: str
    """JSON: its number (``n``), the store's time (``at``), and the decision."""
    code: str
    key: str
    """The name of the key that the code was made with; ``UNSEALED``: none."""

    def document(self) -> dict[str, Any]:
        """Return what it holds; empty for a text that is none of ours."""
        try:
            read = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    @property
    def number(self) -> int:
        """Its number, as it says itself; 0 when it says none."""
        number = self.document().get("n")
        return number if isinstance(number, int) and not isinstance(number, bool) else 0

    def line(self) -> str:
        """Return it as a line of JSON, as it is exported and published."""
        kept = {"place": self.place, "entry": self.text, "code": self.code, "key": self.key}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number of the last entry, and its code. 0 and empty: there is none."""

    number: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: at which number, in one word, and in a sentence."""

    number: int
    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of looking at a chain."""

    breaks: tuple[Break, ...]
    entries: int
    unsealed: int
    """Entries that were written without a key."""
    of_other_keys: int
    """Entries under a key that is not the one given: their codes could not be computed."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.breaks


@dataclass(frozen=True, slots=True)
class Chain:
    """Makes codes. ``secret`` is the key, which is never shown; None: there is none."""

    secret: bytes | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """The name of the key, which tells nothing of it."""
        if self.secret is None:
            return UNSEALED
        return hmac.new(self.secret, b"the name of this key", hashlib.sha256).hexdigest()[:8]

    def code(self, before: str, text: str) -> str:
        """Return the code of an entry that follows one with the code ``before``."""
        return self._code(self.secret, before, text)

    def follow(self, head: Head, at: str, decisions: Iterable[Mapping[str, str]]) -> list[Entry]:
        """Return the entries that follow a head."""
        made, number, code = list[Entry](), head.number, head.code
        for each in decisions:
            number += 1
            text = json.dumps({"n": number, "at": at, **each}, ensure_ascii=False, separators=(",", ":"))
            code = self.code(code, text)
            made.append(Entry(f"{number}-0", text, code, self.key))
        return made

    def verify(
        self, entries: Sequence[Entry], head: Head, published: Mapping[int, str] | None = None
    ) -> Verification:
        """Hold entries against each other, their head, and the codes that were published, by number."""
        published = published or {}
        looked = _Looked(self, published)
        for each in entries:
            looked.at(each)
        looked.at_the_end(head)
        return Verification(tuple(looked.breaks), len(entries), looked.unsealed, looked.others)

    @staticmethod
    def _code(secret: bytes | None, before: str, text: str) -> str:
        whole = f"{before}\n{text}".encode(errors="surrogatepass")
        return (
            hashlib.sha256(whole).hexdigest()
            if secret is None
            else hmac.new(secret, whole, hashlib.sha256).hexdigest()
        )

    def fits(self, entry: Entry, before: str) -> bool | None:
        """Return whether an entry's code is right; None: it is under another key, so nobody here knows."""
        if entry.key not in (UNSEALED, self.key):
            return None
        secret = self.secret if entry.key else None
        return hmac.compare_digest(
            self._code(secret, before, entry.text).encode(), entry.code.encode(errors="surrogatepass")
        )


class _Looked:
    """A chain while it is looked at."""

    def __init__(self, chain: Chain, published: Mapping[int, str]) -> None:
        self.breaks: list[Break] = []
        self.unsealed = self.others = 0
        self._chain, self._published = chain, published
        self._number, self._sealed, self._is_own = 0, False, False
        self._before: str | None = ""

    def at(self, entry: Entry) -> None:
        place, _, part = entry.place.partition("-")
        if part != "0" or not (place.isascii() and place.isdecimal()):
            return self._broken(
                self._number, "inserted", f"an entry was put in after number {self._number} ({entry.place})"
            )
        number = int(place)
        if number != self._number + 1:
            self._skip(number)
        if entry.number != number:
            self._broken(
                number, "reordered", f"the entry in place {number} says that it is number {entry.number}"
            )
        self._check_code(entry, number)
        self._number, self._before = number, entry.code
        return None

    def _skip(self, number: int) -> None:
        """Between the last one and this there are others, or this is the first that is left."""
        first = self._number == 0
        self._before = self._published.get(number - 1)
        if first and self._before is not None:
            return
        missing = f"{self._number + 1} to {number - 1}" if number - self._number > 2 else str(number - 1)
        self._broken(number, "cut" if first else "removed", f"missing: {missing}")

    def _check_code(self, entry: Entry, number: int) -> None:
        if entry.key == UNSEALED:
            self.unsealed += 1
            if self._sealed:
                self._broken(number, "changed", f"number {number} has no seal, and the one before has one")
        elif self._is_own and entry.key != self._chain.key:
            # Keys come one after another, and this one is the last: what is under another is older.
            self._broken(
                number, "changed", f"number {number} is under a key that no bot writes with any more"
            )
        self._sealed = entry.key != UNSEALED
        self._is_own = self._is_own or (self._sealed and entry.key == self._chain.key)
        fits = None if self._before is None else self._chain.fits(entry, self._before)
        if fits is False:
            self._broken(number, "changed", f"number {number} was changed: its code does not fit")
        self.others += entry.key not in (UNSEALED, self._chain.key)
        if self._published.get(number, entry.code) != entry.code:
            self._broken(number, "changed", f"number {number} is not what was published")

    def at_the_end(self, head: Head) -> None:
        last = max([head.number, *self._published])
        if last > self._number:
            self._broken(
                self._number + 1, "cut", f"the end is missing: {self._number + 1} to {last} were there"
            )
        elif (head.number, head.code) != (self._number, self._before or ""):
            self._broken(
                self._number, "inserted", f"the head is at {head.number}, and there is more, or another"
            )

    def _broken(self, number: int, what: str, sentence: str) -> None:
        self.breaks.append(Break(number, what, sentence))


__all__ = ["UNSEALED", "Break", "Chain", "Entry", "Head", "Verification"]
