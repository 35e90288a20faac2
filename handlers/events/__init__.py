"""One module an event; its ``EVENT`` is what is registered, and stands in the manifest.

Every subscribed event has one, if only to be acknowledged: Slack counts what is not as a failure.
"""
