"""One module a topic; its ``ACTIONS`` are the buttons and selects that are registered."""
