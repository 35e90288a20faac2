"""An answer's text as a message that is posted or edited whole: the same Markdown that a stream shows."""

from bot.controller.model import Message

TEXT = 3_000
"""Characters of an answer that notifications and screen readers are given beside its blocks."""


def message_of(text: str, under: Message | None = None) -> Message:
    """Return the message that says the text, with what stands under it."""
    said = {"type": "markdown", "text": text}
    if under is None:
        return Message(text=text[:TEXT], blocks=(said,))
    return Message(text[:TEXT], (said, *under.blocks), under.details, under.details_id)
