"""A little flag for each job, the same in all its messages, so that jobs in one channel are told apart at a glance."""

import hashlib

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "brown", "black", "white")
"""Slack has a large square in each (the emoji of Unicode)."""
_SQUARES = {"black": ":black_large_square:", "white": ":white_large_square:"}


def flag(job_id: str) -> str:
    """Return two squares, of two colours: one of 72 flags, chosen by the job's ID alone."""
    number = int.from_bytes(hashlib.sha256(job_id.encode("utf-8", "surrogatepass")).digest()[:4], "big")
    first = number % len(COLOURS)
    second = (first + 1 + number // len(COLOURS) % (len(COLOURS) - 1)) % len(COLOURS)
    return _square(COLOURS[first]) + _square(COLOURS[second])


def _square(colour: str) -> str:
    return _SQUARES.get(colour, f":large_{colour}_square:")
