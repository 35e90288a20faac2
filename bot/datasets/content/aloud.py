"""What a model thinks aloud before it answers: text between tags, where its service has no place of its own for it."""

import re

_ALOUD = re.compile(r"\s*<(think|thinking)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)


def answer_of(text: str) -> str:
    """Return an answer without what was thought aloud before it: nothing where that never ends."""
    found = _ALOUD.match(text)
    return text[found.end() :] if found else text


def is_asked_for(prompt: str) -> bool:
    """Return whether a prompt speaks of such tags, so that they belong to the answer."""
    said = prompt.casefold()
    return "<think>" in said or "<thinking>" in said
