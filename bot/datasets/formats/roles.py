"""Who speaks, by what people and programs call it. Names are compared without case, spaces and unseen characters."""

import re
from collections.abc import Iterable

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

SPEAKERS: dict[str, str] = {
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(
        ("assistant", "gpt", "chatgpt", "bing", "bard", "chatbot", "bot", "ai", "model", "claude", "llm"),
        "assistant",
    ),
}
"""The role that a name stands for. ShareGPT's and FastChat's names, OASST's, Cohere's, Gemini's."""


_USUAL = frozenset({"system", "user", "assistant", "human", "gpt"})
"""Names that a reader of such rows knows; what others are taken for is said."""


def folded(name: str) -> str:
    """Return a role's name in small letters, without spaces around it and without characters that nobody sees."""
    return _UNSEEN.sub("", name).strip().lower()


def speaker(name: object) -> str | None:
    """Return ``system``, ``user`` or ``assistant``, or None for a name that may mean something else."""
    return SPEAKERS.get(folded(name)) if isinstance(name, str) else None


def unusual(turns: Iterable[object]) -> dict[str, str]:
    """Return the names in a list of turns that are taken for a role though few people use them, and the role."""
    names = [
        each.get(key)
        for each in turns
        if isinstance(each, dict)
        for key in ("from", "role", "speaker")
        if key in each
    ]
    told = {name: speaker(name) for name in names if isinstance(name, str) and folded(name) not in _USUAL}
    return {name: role for name, role in told.items() if role is not None}
