"""A conversation of roles and content blocks, as Converse and Nova take it, refused in Converse's own words."""

from collections.abc import Sequence
from typing import Any

from bot.playground.bedrock.errors import invalid


def checked_turns(messages: Sequence[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the turns as (role, text). Raises ServiceFault unless they alternate and start with the user."""
    if not messages or messages[0].get("role") != "user":
        raise invalid(
            "A conversation must start with a user message. "
            "Try again with a conversation that starts with a user message."
        )
    turns: list[tuple[str, str]] = []
    for index, message in enumerate(messages):
        role = message.get("role")
        if role not in {"user", "assistant"} or (turns and turns[-1][0] == role):
            raise invalid(
                "A conversation must alternate between user and assistant roles. Make sure the conversation "
                "alternates between user and assistant roles and try again."
            )
        turns.append((role, _text(message.get("content"), index)))
    return tuple(turns)


def _text(content: object, index: int) -> str:
    if not isinstance(content, list) or not content:
        raise invalid(
            f"The content field in the Message object at messages.{index} is empty. "
            "Add a ContentBlock object to the content field and try again."
        )
    texts = []
    for place, block in enumerate(content):
        text = block.get("text") if isinstance(block, dict) else None
        if not isinstance(text, str):
            raise invalid("The playground's models read text only: send text blocks.")
        if not text.strip():
            raise invalid(
                f"The text field in the ContentBlock object at messages.{index}.content.{place} is blank. "
                "Add text to the text field, and try again."
            )
        texts.append(text)
    return "\n".join(texts)
