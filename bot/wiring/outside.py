"""Who is asked, before there is a bot, what its settings only name."""

import os

from bot.adapters.aws_clients import AwsClients
from bot.adapters.secrets_manager import SecretsManager
from bot.adapters.slack_clients import reading_client
from bot.adapters.slack_name_book import SlackNameBook
from bot.config import Outside
from bot.setting_addresses import must_be_encrypted


def outside() -> Outside:
    """Return AWS Secrets Manager and Slack. Nothing is called yet."""
    return Outside(
        secrets=SecretsManager(AwsClients(https=must_be_encrypted(os.environ))).text,
        names=lambda token, address: SlackNameBook(reading_client(token, address)),
    )
