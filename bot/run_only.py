"""What one process of the bot does, where not everything: any number of each kind work together on one Redis."""

from enum import StrEnum


class Only(StrEnum):
    """``tunesmith run --only``; without it a process does both."""

    SLACK = "slack"
    """Listens to Slack, answers, writes down what people want. It needs no rights in AWS."""
    WORKER = "worker"
    """Does what was written down. It needs neither the app-level token nor the signing secret."""
