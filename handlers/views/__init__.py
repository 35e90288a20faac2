"""One module a form: how it is opened, and what submitting it does; its ``VIEW`` is what is registered."""
