"""A Slack workspace on loopback, strict enough to test a bot against.

::

    with SlackStandIn(manifest=...) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        trainer = slack.person("trainer")
        trainer.slash("/tune", "help", "claims-ai")
        trainer.waits_for_message("claims-ai", lambda message: "validate" in message["text"])

``slack.log`` has everything that happened, ``slack.faults`` takes orders for trouble, ``slack.url`` is the page.
``validate_message(blocks)`` and ``validate_view(view)`` check Block Kit without a server.
"""

from bot.playground.slack.blocks import Finding, validate_message, validate_view
from bot.playground.slack.errors import SeenByPerson
from bot.playground.slack.faults import Faults
from bot.playground.slack.log import Entry, Log
from bot.playground.slack.person import Person, elements_of
from bot.playground.slack.standin import SlackStandIn
from bot.playground.slack.workspace import Unconfirmed

__all__ = [
    "Entry",
    "Faults",
    "Finding",
    "Log",
    "Person",
    "SeenByPerson",
    "SlackStandIn",
    "Unconfirmed",
    "elements_of",
    "validate_message",
    "validate_view",
]
