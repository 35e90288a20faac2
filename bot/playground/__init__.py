"""Local stand-ins for Slack and Bedrock, a private Redis, and the page in the browser.

Used by ``tunesmith demo`` and by the tests. The bot itself knows nothing of it: it is only given other addresses.
"""
