"""Which encodings the lines may be in that are not UTF-8, and the words that each reading of them gives.

Nothing is read in one of these by itself: the bytes do not say which was meant, so the readings that make sense are
told with their words, and a person chooses. What makes sense is judged by the words with such bytes in them: their
letters are of one script and of a case that people write, and signs stand where signs do.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.datasets.model import Cause
from bot.datasets.reading.streams import Buffered, Piecewise
from bot.wording import quoted

CODECS: dict[str, str] = {
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859-2",
    "windows-1254": "cp1254",
    "windows-1257": "cp1257",
    "mac-roman": "mac_roman",
    "cp850": "cp850",
    "cp437": "cp437",
    "windows-1251": "cp1251",
    "koi8-r": "koi8_r",
    "cp866": "cp866",
    "iso-8859-5": "iso8859-5",
    "windows-1253": "cp1253",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "shift-jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gb18030": "gb18030",
    "big5": "big5",
}
"""What people call an encoding, and Python's name of it. Of several that read all the same, the first is offered."""

OFFERED = 4
"""Readings at most: more cannot be told apart on a phone."""
SHOWN_WORDS = 3
"""Words of each reading that are shown."""
LONGEST_WORD = 24
LEAST_SENSE = 0.8
"""Of the words with such bytes, as many make sense in a reading that is offered."""

_MOST_LINES = 500
_MOST_BYTES = 4 << 10
_MOST_JUDGED = 600
"""Lines that are looked at, bytes of each from its first odd word on, and words: the readings are clear long before."""

_THREE_ACCENTS = re.compile(r"[^\W\d_\x00-\x7f]{3}")
_PRIVATE = re.compile(r"@|\d{4}")
"""What is in words that are not shown: they may be somebody's address or number."""
_THRICE = re.compile(r"([^\W\d_])\1\1")
_CONTROLS = re.compile("[\x80-\x9f]")
_BOUNDARIES = (b" ", b'"', b",", b"\n", b"\t")
_MOST_WORDS = 300
_BETWEEN_WORDS = re.compile(r"""[\x00-\x20"\\{}\[\]:,]+""")
_JOINING = frozenset("\u2019\u2018\u00b4\u2013\u2014\u2010\u2011\u00b7\u2026")
_BEHIND_LETTERS = frozenset("\u2122\u00ae\u00b0\u00b2\u00b3\u00ba\u00aa\u00a0\u060c\u061b\u061f\u066a\u2030")
_BEFORE_LETTERS = frozenset("\u00a0\u00bf\u00a1\u2116\u00a7\u00a9\u2022")
_HANGUL = "HANGUL"
_KANA = frozenset({"HIRAGANA", "KATAKANA"})
_WIDE = frozenset({"CJK", _HANGUL, *_KANA, "IDEOGRAPHIC", "FULLWIDTH"})
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC"}) | _WIDE
_SIGNS = frozenset({"Pi", "Pf", "Pd", "Po", "Ps", "Pe", "Sc"})
_OTHER_SIGNS = frozenset(
    "\u00a0\u00b0\u00a9\u00ae\u2122\u00d7\u00f7\u00bd\u00bc\u00be\u00b2\u00b3\u00b9\u00b5\u00ba\u00aa\u2116\u00b1\u02dc"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read such lines: what the encoding is called, and some words of them read so."""

    encoding: str
    words: tuple[str, ...]


@dataclass(slots=True)
class _Trial:
    """How one codec did so far. ``seen`` is a digest of all that it read."""

    codec: str
    sense: int = 0
    words: int = 0
    seen: int = 0
    odd: list[str] = field(default_factory=list)
    has_kana: bool = False

    @property
    def share(self) -> float:
        return self.sense / self.words if self.words else 0.0


class Readings:
    """Collects lines that are not UTF-8. Memory does not grow with them."""

    def __init__(self) -> None:
        self._trials = {name: _Trial(codec) for name, codec in CODECS.items()}
        self._lines = 0

    def add(self, line: bytes) -> None:
        """Take one more line."""
        self._lines += 1
        if self._lines > _MOST_LINES or all(each.words >= _MOST_JUDGED for each in self._trials.values()):
            return
        piece = _odd_piece(line)
        for name, trial in tuple(self._trials.items()):
            text = _read(piece, trial.codec, is_cut=len(piece) == _MOST_BYTES)
            # No text has controls of that range (C1): one of them disproves the encoding.
            if text is None or _CONTROLS.search(text):
                del self._trials[name]
            else:
                _try(trial, text)

    def offers(self) -> tuple[Reading, ...]:
        """Return the readings that make sense, the likeliest first; of those that read all alike, one."""
        found: dict[int, tuple[str, _Trial]] = {}
        for name, trial in self._trials.items():
            if trial.share >= LEAST_SENSE and not _lacks_kana(trial):
                found.setdefault(trial.seen, (name, trial))
        # Rounded, so that of those that do about as well the order of CODECS decides.
        best = sorted(found.values(), key=lambda each: -round(each[1].share, 2))
        telling = _telling([trial.odd for _, trial in best[:OFFERED]])
        return tuple(
            Reading(name, tuple(_around(trial.odd[place]) for place in telling if place < len(trial.odd)))
            for name, trial in best[:OFFERED]
        )


class Reread(Piecewise):
    """``source`` with every line that is not UTF-8 read in ``encoding``, and written as UTF-8.

    ``on_line`` is told of each: its number, its bytes before, and after. A line that cannot be read in that encoding
    either stays as it is. Lines are taken in pieces of at most ``longest`` bytes.
    """

    def __init__(
        self,
        source: Buffered,
        encoding: str,
        on_line: Callable[[int, bytes, bytes], None],
        longest: int = 16 << 20,
    ) -> None:
        super().__init__()
        self._source = source
        self._encoding = encoding
        self._on_line = on_line
        self._longest = longest
        self._number = 0

    def _next(self) -> bytes | None:
        line = self._source.readline(self._longest)
        if not line:
            return None
        self._number += 1
        fixed = line if is_utf8(line) else reread(line, self._encoding)
        if fixed is not None and fixed is not line:
            self._on_line(self._number, line, fixed)
        line = line if fixed is None else fixed
        self.size += len(line)
        return line


def repair_name(encoding: str) -> str:
    """Return what the repair is called that reads such lines in the encoding."""
    return f"read-as-{encoding}"


def reread(line: bytes, encoding: str) -> bytes | None:
    """Return the line, which is not UTF-8, as UTF-8; None when it cannot be read in the encoding either."""
    text = _read(line, CODECS[encoding])
    return None if text is None else text.encode("utf-8")


def is_utf8(line: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _odd_piece(line: bytes) -> bytes:
    """Return the line from its first word that is not UTF-8 on."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        start = max(line.rfind(each, 0, error.start) + 1 for each in _BOUNDARIES)
        return line[start : start + _MOST_BYTES]
    return b""


def _read(line: bytes, codec: str, *, is_cut: bool = False) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)().decode(line, final=not is_cut)
    except UnicodeDecodeError:
        return None


def _try(trial: _Trial, text: str) -> None:
    if trial.words >= _MOST_JUDGED:
        return
    words = [word for word in _BETWEEN_WORDS.split(text) if not word.isascii()]
    # Compared within this process only: the hash of a text is another one in each.
    trial.seen = hash((trial.seen, *words))
    for word in words[: max(0, _MOST_JUDGED - trial.words)]:
        core = word.strip("'.;!?()")
        if not any(map(str.isalpha, core)):
            continue
        trial.words += 1
        trial.sense += _makes_sense(core, trial.codec)
        trial.has_kana = trial.has_kana or any(_script(each) in _KANA for each in core)
        if len(trial.odd) < _MOST_WORDS and not _PRIVATE.search(core):
            trial.odd.append(core)


def _lacks_kana(trial: _Trial) -> bool:
    # What is Japanese has kana in it: without any it is another language's bytes read wrongly.
    return trial.codec in ("cp932", "euc_jp") and not trial.has_kana


def _telling(readings: list[list[str]]) -> list[int]:
    """Return the places of the words to show: first those that the readings do not agree in, each word once."""
    first = readings[0] if readings else []
    places = {word: place for place, word in reversed([*enumerate(first)])}
    agreed = {
        place: len({tuple(each[place : place + 1]) for each in readings}) == 1 for place in places.values()
    }
    return sorted(sorted(agreed, key=lambda place: (agreed[place], place))[:SHOWN_WORDS])


def _around(word: str) -> str:
    """Return the word, or of a long one what stands around its first odd character."""
    if len(word) <= LONGEST_WORD:
        return word
    at = next(index for index, each in enumerate(word) if each > "\x7f")
    start = max(0, min(at - LONGEST_WORD // 2, len(word) - LONGEST_WORD))
    return word[start : start + LONGEST_WORD]


def _makes_sense(word: str, codec: str) -> bool:
    """Whether people write such words: letters of one script, in one case but for the first, signs between words."""
    letters = [each for each in word if each.isalpha()]
    scripts = {_script(each) for each in word if each.isalpha() or unicodedata.combining(each)} - {
        "COMBINING"
    }
    if not scripts <= _SCRIPTS or not all(each <= "\x7f" or _is_known(each) for each in word):
        return False
    if scripts & _WIDE:
        return _is_common(word, codec)
    return len(scripts) <= 1 and _is_spelt(word, letters) and not any(map(_clash, word, word[1:]))


def _is_spelt(word: str, letters: list[str]) -> bool:
    """Whether Latin letters with accents stand among plain ones, and no mark stands without its letter."""
    if unicodedata.combining(word[:1] or " "):
        return False
    if _THRICE.search(word):
        return False
    is_latin = bool(letters) and _script(letters[0]) == "LATIN"
    plain = [each for each in letters if each <= "\x7f"]
    return not is_latin or len(letters) < 3 or (bool(plain) and _THREE_ACCENTS.search(word) is None)


def _is_known(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LM" or kind in _SIGNS or character in _OTHER_SIGNS


def _clash(before: str, after: str) -> bool:
    """Whether two characters do not stand so beside each other: a capital behind a small letter, a sign in a word."""
    if before <= "\x7f" and after <= "\x7f":
        return False
    if before.isalpha() and after.isalpha():
        return before.islower() and after.isupper()
    if before.isalpha() and after > "\x7f":
        return not (_closes(after) or unicodedata.combining(after))
    if after.isalpha() and before > "\x7f":
        return not (_opens(before) or unicodedata.combining(before))
    return bool(unicodedata.combining(before) and unicodedata.combining(after))


def _closes(sign: str) -> bool:
    return sign in _JOINING or sign in _BEHIND_LETTERS or unicodedata.category(sign) in ("Pf", "Pe", "Pd")


def _opens(sign: str) -> bool:
    return (
        sign in _JOINING or sign in _BEFORE_LETTERS or unicodedata.category(sign) in ("Pi", "Ps", "Pd", "Sc")
    )


def _is_common(word: str, codec: str) -> bool:
    """Whether the signs of an East Asian reading are ones that its texts are made of."""
    wide = [each for each in word if each > "\x7f"]
    if len(wide) == 1 and any(each.isascii() and each.isalpha() for each in word):
        return False
    return all(_is_frequent(each, codec) for each in wide)


def _is_frequent(character: str, codec: str) -> bool:
    """Whether it stands in the part of its standard for what is used most."""
    try:
        first = character.encode(codec)[0]
    except UnicodeEncodeError:
        return False
    script = _script(character)
    if codec == "cp949":
        # Korean is hardly written with Chinese characters any more, which the codec has all the same.
        return script != "CJK"
    return _FREQUENT[codec](first) if script == "CJK" else script not in ("HALFWIDTH", "CYRILLIC", "GREEK")


_FREQUENT: dict[str, Callable[[int], bool]] = {
    "gb18030": lambda first: 0xB0 <= first <= 0xD7,
    "euc_jp": lambda first: 0xB0 <= first <= 0xCF,
    "cp932": lambda first: 0x88 <= first <= 0x98,
    "big5": lambda first: 0xA4 <= first <= 0xC6,
}
"""By the first byte: level 1 of GB 2312, of JIS X 0208 and of Big5."""


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    if character <= "\x7f":
        return "LATIN" if character.isalpha() else ""
    return unicodedata.name(character, "").partition(" ")[0]


def with_readings(cause: Cause, readings: Sequence[Reading]) -> Cause:
    """Return the cause about lines that are not UTF-8 with the readings that make sense, for a person to choose."""
    if not readings:
        return cause
    said = "; ".join(
        f"as {each.encoding}: {', '.join(quoted(word) for word in each.words)}" for each in readings
    )
    hint = (
        f"Which encoding was meant is yours to say, by the words that it gives. {said}. Choose the right one, or export"
        " the file again as UTF-8."
    )
    return replace(cause, hint=hint, decisions=tuple(repair_name(each.encoding) for each in readings))
