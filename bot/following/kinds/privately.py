"""The last resort when an answer cannot be posted where it was asked: a direct message that says so."""

from datetime import datetime

from bot.following.model import Message
from bot.following.notices import Notices
from bot.following.step import Step


def tell_privately(notices: Notices, step: Step, text: str, *, user: str, since: datetime) -> None:
    """Write to the person, once.

    When that is refused too, nobody can be told: the notice says why, and the log.
    """
    notices.post_once(step, "private", Message(text=text), channel=user, since=since)
