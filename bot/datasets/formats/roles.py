"""Who speaks, by what people and programs call it. Names are compared without case, spaces and unseen characters."""

import re

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


def folded(name: str) -> str:
    """Return a role's name in small letters, without spaces around it and without characters that nobody sees."""
    return _UNSEEN.sub("", name).strip().lower()


def speaker(name: object) -> str | None:
    """Return ``system``, ``user`` or ``assistant``, or None for a name that may mean something else."""
    return SPEAKERS.get(folded(name)) if isinstance(name, str) else None
