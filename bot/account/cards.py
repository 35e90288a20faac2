"""What a look at the account has to tell."""

from dataclasses import dataclass

from bot.controller.model import Message


@dataclass(frozen=True, slots=True)
class ClocksApart:
    """The store's clock and this machine's differ by so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AccountNews:
    """All that one look found for a place. Each line is what was drawn of a feature's card, which knows its words."""

    lines: tuple[Message, ...]
