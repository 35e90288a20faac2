"""What somebody is to the workspace, as Slack has it."""

from enum import StrEnum
from typing import Protocol

SLACKBOT = "USLACKBOT"
"""Slack's own bot in every workspace, of whom Slack says that it is none (github.com/slackapi/bolt-js/issues/794): it
posts reminders and replies of its own in channels, and can be chosen in a form wherever a person can."""


class Membership(StrEnum):
    """What somebody is to the workspace that the bot is installed in. The value reads in a sentence."""

    MEMBER = "a member"
    GUEST = "a guest"
    """Of one channel or several: Slack's ``is_ultra_restricted`` and ``is_restricted``."""
    PARTNER = "of another workspace"
    """By Slack Connect: ``is_stranger``, or a ``team_id`` that is not ours."""
    DEACTIVATED = "deactivated"
    BOT = "a bot"
    """An app's user: it is in channels, and decides nothing."""
    UNKNOWN = "somebody of whom Slack does not say what they are"


class Memberships(Protocol):
    """What people are, as Slack has it."""

    def membership(self, user: str) -> Membership:
        """Return what somebody is; ``UNKNOWN`` when Slack knows nobody of that ID.

        Raises:
            Throttled, Unavailable: Slack did not say.
            Misconfigured: the bot may not ask.
        """


class NobodyKnown:
    """``Memberships`` without a Slack to ask."""

    def membership(self, user: str) -> Membership:  # noqa: ARG002 -- nobody is known
        """Return that nothing is known."""
        return Membership.UNKNOWN
