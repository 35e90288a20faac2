"""Cutting an answer into messages: how much fits into one, and where to cut.

Code in a fence that is cut ends with its message, and begins anew in the next one: else that one would show the rest of
it as text, and the text behind it as code.
"""

import re
from collections.abc import Iterable, Iterator

MESSAGE_BYTES = 9_000
"""UTF-8 bytes in one streamed message. Slack's own ceiling is said to be 12,000 characters and was measured at 9.0
to 11.3 kB (github.com/openclaw/openclaw/issues/143882), so an answer goes on in another message before that."""
MESSAGE_BLOCKS = 40
"""Blocks that the Markdown of one message may become. Slack takes 50 in a message, what stands under the answer among
them, and "passing a single block may result in multiple blocks after translation"
(docs.slack.dev/reference/block-kit/blocks/markdown-block)."""
CARRY = 64
"""Bytes that are left free for the end of code that goes on, and the most that its first line may have for that."""
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^[ \t]*(?P<run>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")


def size(text: str) -> int:
    """Return the text's length in UTF-8 bytes."""
    return len(text.encode())


def blocks(text: str) -> int:
    """Return how many blocks Slack may make of the text, at most."""
    return 2 * sum(1 for _ in _apart(text)) + 1


def fitting(text: str, room: int, most: int = MESSAGE_BLOCKS) -> int:
    """Return how many characters of the text fit into ``room`` bytes and become at most so many blocks."""
    end = len(text)
    if size(text) > room:
        end = len(text.encode()[: max(0, room)].decode(errors="ignore"))
    for number, begins in enumerate(_apart(text[:end]), start=1):
        if 2 * number + 1 > most:
            return begins
    return end


def beginning(text: str, room: int, most: int = MESSAGE_BLOCKS) -> str:
    """Return as much of the text as fits, up to a paragraph, a line or a word where there is one.

    Of text in which there is code, there is room left for the end of that.

    Args:
        text: what is said.
        room: bytes that fit.
        most: blocks that do, three at least.
    """
    if size(text) <= room and blocks(text) <= most:
        return text
    spare = CARRY if any(each in text for each in _FENCES) else 0
    return text[: _good_cut(text, fitting(text, max(room - spare, room // 2), most))]


def split(text: str, room: int = MESSAGE_BYTES) -> list[str]:
    """Cut the text into parts that fit a message of ``room`` bytes, each after a paragraph, a line or a word if it can.

    ``joined``, the parts are the text. Empty text has no parts.
    """
    parts: list[str] = []
    while text:
        head = beginning(text, room)
        ends, text = going_on(head, text[len(head) :], room) if len(head) < len(text) else ("", "")
        parts.append(head + ends)
    return parts


def going_on(head: str, rest: str = "", room: int = MESSAGE_BYTES) -> tuple[str, str]:
    """Return what ends the code that is open behind ``head``, and the rest with what opens it anew in another message.

    Where none is open, or a message would have no room for it, that is nothing and the rest. What ends it in the rest
    ends it here.
    """
    fence = open_fence(head)
    if not fence or size(fence) > CARRY - 2 or room < 4 * CARRY:
        return "", rest
    own = re.match(rf"\n?[ \t]*{re.escape(_end(fence))}[ \t]*+(?:\s*\Z|(?=\n))", rest)
    if own and size(own[0]) <= CARRY and (head.endswith("\n") or rest.startswith("\n")):
        return own[0], rest[own.end() :]
    # A blank behind the fence, which Markdown does not see, tells that the line went on.
    return (
        (_end(fence), f"{fence}\n{rest}")
        if head.endswith("\n")
        else (f"\n{_end(fence)}", f"{fence} \n{rest}")
    )


def joined(parts: Iterable[str]) -> str:
    """Return the text that was cut into these parts, without what ends code and opens it anew between them."""
    text, reopened, known = "", "", list(parts)
    for part, after in zip(known, [*known, ""][1:], strict=True):
        ends, reopens = _between(part, after)
        text += part.removeprefix(reopened).removesuffix(ends)
        reopened = reopens
    return text


def open_fence(text: str) -> str:
    """Return the line that opens the code in which the text ends, without its blanks; empty where it ends in none."""
    opened = ""
    for found in _FENCE.finditer(text):
        opened = _behind(found, opened)
    return opened


def _behind(found: re.Match[str], opened: str) -> str:
    """Return the line that opens the code in which what follows a fence stands; ``opened``: what is open before it."""
    run, info = found["run"], found["info"].strip()
    if opened:
        return "" if not info and run.startswith(_end(opened)) else opened
    return "" if run[0] == "`" and "`" in info else run + info  # else it is a code span


def _apart(text: str) -> Iterator[int]:
    """Yield where lines begin that become blocks of their own: in code there are none."""
    at, opened = 0, ""
    for line in text.split("\n"):
        if fence := _FENCE.match(line):
            opened = _behind(fence, opened)
        elif not opened and _is_apart(line):
            yield at
        at += len(line) + 1


def _is_apart(line: str) -> bool:
    """Whether it is a heading, a rule or the second line of a table.

    Each becomes a block of its own, and so does what stands between. Without a pattern for what may have spaces
    anywhere, which takes its time from a line of nothing else.
    """
    if _HEADING.match(line):
        return True
    marks = line.replace(" ", "").replace("\t", "").replace("\r", "")
    if len(marks) >= len("---") and marks[0] in "-*_" and not marks.strip(marks[0]):
        return True
    aligned = marks.removeprefix("|").removeprefix(":")
    behind = aligned.lstrip("-")
    return behind != aligned and behind.removeprefix(":").startswith("|")


def code_end(text: str) -> str:
    """Return what ends the code in which the text ends, so that what follows stands outside; empty where in none."""
    fence = open_fence(text)
    return f"\n{_end(fence)}" if fence else ""


def _between(part: str, after: str) -> tuple[str, str]:
    """Return what ends the code of a part, and what opens it anew in the one after; both empty where none goes on."""
    body, _, last = part.rpartition("\n")
    fence, first = open_fence(body), after.partition("\n")[0]
    if not fence or last != _end(fence) or first.rstrip() != fence or first == after:
        return "", ""
    return f"\n{last}" if first.endswith(" ") else last, f"{first}\n"


def _end(fence: str) -> str:
    return fence[: len(fence) - len(fence.lstrip(fence[0]))]


def _good_cut(text: str, end: int) -> int:
    """Return the best place to cut in the second half of what fits."""
    for boundary in ("\n\n", "\n", " "):
        found = text.rfind(boundary, end // 2, end)
        if found >= 0:
            return found + len(boundary)
    return max(1, end)
