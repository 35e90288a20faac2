"""Slack on one side, the bot's values on the other; nothing is decided here that money or data depend on."""
