"""The front door: what a person in Slack can do. The page's calls and ``Person`` go through the same functions."""
