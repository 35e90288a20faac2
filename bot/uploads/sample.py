"""A dataset to try everything with, for whoever has none at hand: notes on health-insurance claims, made up."""

from importlib.resources import files

NAME = "claims.jsonl"
"""What it is called in Slack."""


def content() -> bytes:
    """Return its bytes, which are ready to train on."""
    return files("bot.uploads").joinpath("sample.jsonl").read_bytes()
