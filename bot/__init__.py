"""Tunesmith: a Slack app through which a team fine-tunes models on Amazon Bedrock."""

__version__ = "0.1.0"
