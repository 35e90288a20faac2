"""The shorter conversations that one begins with: a log that is exported turn by turn holds each of them as well.

All answers of a record are learned, so whoever trains on a conversation has learned the answers of its openings too.
"""

from collections.abc import Sequence

GREETING = 60
"""Characters up to which an opening tells nothing: "Hi" and "How can I help?" begin many that differ in all else."""


def openings(said: Sequence[str], system: str | None = None) -> list[int]:
    """Return digests of what a conversation is up to each of its answers; the last is of all of it.

    Those of few characters are left out. Equal only for equal turns under an equal system prompt, in one process.
    """
    found: list[int] = []
    digest, length = hash(system), 0
    for asked, answered in zip(said[::2], said[1::2], strict=False):
        # Each from the one before: a conversation may have thousands of turns.
        digest = hash((digest, asked, answered))
        length += len(asked) + len(answered)
        if length > GREETING:
            found.append(digest)
    return found
