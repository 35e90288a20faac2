"""Cutting an answer into messages: how much fits into one, and where to cut.

Code in a fence that is cut ends with its message, and begins anew in the next one: else that one would show the rest of
it as text, and the text behind it as code.
"""

import re
from collections.abc import Iterable

MESSAGE_BYTES = 9_000
"""UTF-8 bytes in one streamed message. Slack's own ceiling is said to be 12,000 characters and was measured at 9.0
to 11.3 kB (github.com/openclaw/openclaw/issues/143882), so an answer goes on in another message before that."""
CARRY = 64
"""Bytes that are left free for the end of code that goes on, and the most that its first line may have for that."""
_FENCES = ("```", "~~~")
_FENCE = re.compile(r"^[ \t]*(?P<run>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)


def size(text: str) -> int:
    """Return the text's length in UTF-8 bytes."""
    return len(text.encode())


def fitting(text: str, room: int) -> int:
    """Return how many characters of the text fit into ``room`` bytes."""
    if size(text) <= room:
        return len(text)
    return len(text.encode()[: max(0, room)].decode(errors="ignore"))


def beginning(text: str, room: int) -> str:
    """Return as much of the text as fits into ``room`` bytes, up to a paragraph, a line or a word where there is one.

    Of text in which there is code, there is room left for the end of that.
    """
    if size(text) <= room:
        return text
    spare = CARRY if any(each in text for each in _FENCES) else 0
    return text[: _good_cut(text, fitting(text, max(room - spare, room // 2)))]


def split(text: str, room: int = MESSAGE_BYTES) -> list[str]:
    """Cut the text into parts of at most ``room`` bytes, after a paragraph, a line or a word where there is one.

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
    own = re.match(rf"\n?[ \t]*{re.escape(_end(fence))}[ \t]*(?:\s*\Z|(?=\n))", rest)
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
        run, info = found["run"], found["info"].strip()
        if opened and not info and run.startswith(_end(opened)):
            opened = ""
        elif not opened and not (run[0] == "`" and "`" in info):  # that is a code span
            opened = run + info
    return opened


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
