"""What is said when a picture cannot be sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureNotSent:
    """A picture could not be drawn or sent, and why; ``alt_text`` says what it would have shown."""

    alt_text: str
    why: str
