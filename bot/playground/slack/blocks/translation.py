"""How many blocks Slack makes of the Markdown in one.

"Passing a single block may result in multiple blocks after translation": of a heading, a rule, a table and a picture
each, and of what stands between (docs.slack.dev/reference/block-kit/blocks/markdown-block). All of them count among the
50 of a message (github.com/archestra-ai/archestra/issues/4724). Where exactly it draws the lines is documented nowhere.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"[ \t]*(?P<run>`{3,}|~{3,})(?P<info>.*)$")
_APART = {
    "heading": re.compile(r" {0,3}#{1,6}(?:[ \t]|$)"),
    "rule": re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$"),
    "picture": re.compile(r" {0,3}!\[[^\]]*\]\([^)]*\)[ \t]*$"),
}
_TABLE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$")


def blocks_of(markdown: str) -> int:
    """Return how many blocks the text becomes."""
    count, in_text = 0, False
    for kind in _kinds(markdown.split("\n")):
        count += kind != "text" or not in_text
        in_text = kind == "text"
    return max(1, count)


def _kinds(lines: list[str]) -> Iterator[str]:
    """Yield what begins with each line: text with every line of it, a table with its first alone."""
    fence, table = "", False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        before, fence = fence, _open_behind(line, fence)
        if before or fence:
            yield "text"
        elif table and "|" in line:
            continue
        elif table := "|" in line and bool(_TABLE.match(following)):
            yield "table"
        elif line.strip():
            yield next((kind for kind, pattern in _APART.items() if pattern.match(line)), "text")


def _open_behind(line: str, fence: str) -> str:
    """Return the fence of the code that is open behind a line; empty: none is."""
    found = _FENCE.match(line)
    if found is None or (not fence and found["run"][0] == "`" and "`" in found["info"]):
        return fence
    if not fence:
        return found["run"]
    return "" if not found["info"].strip() and found["run"].startswith(fence) else fence
