"""Python's ``str(record)`` as JSON, where JSON can say the same. One pass, nothing is evaluated.

``ast`` would take five hundred times the line's size in memory, and knows more of Python than ``repr`` writes.
"""

import ast
import json
import re
from io import StringIO

_BEGINS = re.compile(r"""(?:\[\s*+)?+\{\s*+(?:'|"[^"]*+"\s*+:\s*+(?:'|None|True|False|\[\s*+\{\s*+'))""")
"""Of the same record in JSON none is a beginning."""

# Possessive, as in `parsing`: nothing is remembered to go back to.
_TOKEN = re.compile(
    r"""\s*+(?:
        (?P<string> '(?:[^'\\]++|\\.)*+' | "(?:[^"\\]++|\\.)*+" )
      | (?P<word> None | True | False )\b
      | (?P<number> -?[0-9]++ (?:\.[0-9]*+)? (?:e[+-]?[0-9]++)? )
      | (?P<comma> , \s*+ (?P<last>(?=[\]})]))?+ )
      | (?P<mark> [\[\]{}():] )
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"""\\[\\'"nrtxuU]""")
"""All that ``repr`` writes; others make Python itself warn."""

_WORDS = {"None": "null", "True": "true", "False": "false"}
_CLOSERS = frozenset("]})")


def as_json(text: str) -> str | None:
    """Return the literal as JSON with the same content, or None when it is none that ``repr`` would write.

    Whether brackets fit is left to whoever reads the JSON, and so are keys: one that stood twice stands twice.
    """
    if not _BEGINS.match(text):
        return None
    out, brackets = StringIO(), _Brackets()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        piece = _written(match, brackets) if match else None
        if match is None or piece is None:
            return None
        out.write(piece)
        position = match.end()
    return out.getvalue()


def text_of(literal: str) -> str | None:
    """Return the text that ``repr`` writes in single quotes, None when the literal is none."""
    match = _TOKEN.match(literal)
    if match is None or match.lastgroup != "string" or match.end() != len(literal):
        return None
    written = _string(literal)
    return None if written is None else str(json.loads(written))


class _Brackets:
    """Tells tuples from brackets around a single value, which are no tuple."""

    def __init__(self) -> None:
        self._open = [""]
        """For each bracket that is open what stands in it: nothing, a ``value``, or a ``comma`` too."""

    def comma(self) -> str:
        self._open[-1] = "comma"
        return ","

    def value(self, piece: str) -> str:
        self._open[-1] = self._open[-1] or "value"
        return piece

    def mark(self, piece: str) -> str | None:
        """Return the bracket or colon as JSON writes it."""
        if piece == ":":
            return piece
        if piece in _CLOSERS:
            held = self._open.pop() if len(self._open) > 1 else ""
            if piece == ")":
                return None if held == "value" else "]"
            return piece
        self.value(piece)
        self._open.append("")
        return "[" if piece == "(" else piece


def _written(token: re.Match[str], brackets: _Brackets) -> str | None:
    """Return a token in JSON, None when there is no such thing."""
    kind, piece = token.lastgroup, token[0].lstrip()
    if kind == "string":
        text = _string(piece)
        return None if text is None else brackets.value(text)
    if kind == "word":
        return brackets.value(_WORDS[piece])
    if kind == "number":
        return brackets.value(piece)
    if kind == "mark":
        return brackets.mark(piece)
    comma = brackets.comma()
    return "" if token["last"] is not None else comma


def _string(literal: str) -> str | None:
    if "\\" not in literal:
        return json.dumps(literal[1:-1])
    if "\\" in _ESCAPE.sub("", literal):
        return None
    try:
        # Of one text alone, which takes little memory; it knows all of Python's escapes.
        return json.dumps(ast.literal_eval(literal))
    except (ValueError, SyntaxError):
        return None
