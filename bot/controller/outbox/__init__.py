"""Messages to Slack that are posted once, whatever dies: entries, fallbacks, turns, files, replies."""
