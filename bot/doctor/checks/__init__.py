"""One module a look; its ``LOOK`` is found by its place."""
