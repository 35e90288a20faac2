"""What anybody would write in a minute: json.loads, pydantic models, order of roles, reserved words, lengths.

``python benchmarks/_plain_check.py FILE`` prints how many records there are and how many are wrong. It is what
``tunesmith validate`` is held against; AWS's own script for Claude 3 Haiku does about as much.
"""

import json
import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

RESERVED = ("\n\nHuman:", "\n\nAssistant:")
MOST_TOKENS = 32_000


class Message(BaseModel):
    """One turn."""

    role: Literal["user", "assistant"]
    content: str


class Record(BaseModel):
    """One line."""

    system: str | None = None
    messages: list[Message]


def is_right(line: bytes) -> bool:
    """Tell whether a line passes."""
    try:
        record = Record.model_validate(json.loads(line))
    except (ValueError, ValidationError):
        return False
    roles = [each.role for each in record.messages]
    texts = [each.content for each in record.messages] + ([] if record.system is None else [record.system])
    return (
        len(roles) >= 2
        and roles == ["user", "assistant"] * (len(roles) // 2)
        and all(text.strip() for text in texts)
        and not any(word in text for text in texts for word in RESERVED)
        and sum(len(text) // 3 for text in texts) <= MOST_TOKENS
    )


def main() -> None:
    """Print the counts."""
    records = wrong = 0
    with Path(sys.argv[1]).open("rb") as file:
        for line in file:
            records += 1
            wrong += not is_right(line)
    print(f"{records} records, {wrong} wrong")


if __name__ == "__main__":
    main()
