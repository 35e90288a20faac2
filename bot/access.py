"""Who may do what. Empty sets mean everybody, but for approvers: with none set, nobody can approve."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Access:
    """Slack user IDs and channel IDs, as the operator set them."""

    trainers: AbstractSet[str] = field(default_factory=frozenset)
    approvers: AbstractSet[str] = field(default_factory=frozenset)
    channels: AbstractSet[str] = field(default_factory=frozenset)

    def check_trainer(self, user: str) -> None:
        """Return when the user may validate, start and serve.

        Raises:
            NotAllowed: they may not; the hint says who can change that.
        """
        if self.trainers and user not in self.trainers:
            raise NotAllowed(
                "This needs a trainer, and you are not on the list.",
                hint="Ask the operator to add you to TUNESMITH_TRAINERS.",
            )

    def check_approver(self, user: str) -> None:
        """Return when the user may approve spending.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        if user not in self.approvers:
            who = (
                ", ".join(f"<@{each}>" for each in sorted(self.approvers))
                or "nobody yet (TUNESMITH_APPROVERS is empty)"
            )
            raise NotAllowed("Only an approver can decide this.", hint=f"Approvers: {who}.")

    def check_channel(self, channel: str) -> None:
        """Return when the bot may work in the channel; direct messages (``D…``) always count.

        Raises:
            NotAllowed: the operator has not allowed it.
        """
        if self.channels and not channel.startswith("D") and channel not in self.channels:
            raise NotAllowed(
                "I am not set up for this channel.",
                hint="Ask the operator to add it to TUNESMITH_ALLOWED_CHANNELS, or write to me directly.",
            )
