"""One module a shortcut; its ``SHORTCUT`` is what is registered, and stands in the manifest."""
