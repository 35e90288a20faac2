"""Pure builders: a card, a list or a form becomes Block Kit as plain dictionaries."""
