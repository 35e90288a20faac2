"""What the looks are given: the settings, and who is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from redis import Redis
from slack_sdk import WebClient

from bot.adapters.aws_clients import AwsClients
from bot.clock import Clock
from bot.config import Settings
from bot.profiles import registry
from bot.profiles.model import Profile
from storage.keys import Keys

AWS = "AWS"
"""Whose the looks are for which a process needs rights in AWS."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that is looked at."""

    settings: Settings
    slack: WebClient
    """For reading, with the bot's token."""
    aws: AwsClients
    redis: Redis
    """With the patience of somebody who waits."""
    keys: Keys
    clock: Clock
    scopes: Collection[str]
    """Those that the manifest asks for."""
    events: Sequence[str]
    """The names of the events that it subscribes to."""
    optional_scopes: Collection[str] = frozenset()
    """Those that it asks for and does without where they are not granted."""

    @property
    def buckets(self) -> Mapping[str, str]:
        """The bucket of each region."""
        return self.settings.buckets

    @property
    def region(self) -> str:
        """A region that is used: where what has no region of its own is asked."""
        return next(iter(self.settings.buckets))

    @property
    def profiles(self) -> list[Profile]:
        """The bases that can be tuned with these buckets."""
        return [each for each in registry.PROFILES.values() if each.region in self.settings.buckets]
