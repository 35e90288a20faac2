"""Cutting an answer into messages: how much fits into one, and where to cut."""

MESSAGE_BYTES = 9_000
"""UTF-8 bytes in one streamed message. Slack's own ceiling is said to be 12,000 characters and was measured at 9.0
to 11.3 kB (github.com/openclaw/openclaw/issues/143882), so an answer goes on in another message before that."""


def size(text: str) -> int:
    """Return the text's length in UTF-8 bytes."""
    return len(text.encode())


def fitting(text: str, room: int) -> int:
    """Return how many characters of the text fit into ``room`` bytes."""
    if size(text) <= room:
        return len(text)
    return len(text.encode()[: max(0, room)].decode(errors="ignore"))


def split(text: str, room: int = MESSAGE_BYTES) -> list[str]:
    """Cut the text into parts of at most ``room`` bytes, after a paragraph, a line or a word where there is one.

    Joined, the parts are the text. Empty text has no parts.
    """
    parts: list[str] = []
    while text:
        end = fitting(text, room)
        if end < len(text):
            end = _good_cut(text, end)
        parts.append(text[:end])
        text = text[end:]
    return parts


def _good_cut(text: str, end: int) -> int:
    """Return the best place to cut in the second half of what fits."""
    for boundary in ("\n\n", "\n", " "):
        found = text.rfind(boundary, end // 2, end)
        if found >= 0:
            return found + len(boundary)
    return max(1, end)
