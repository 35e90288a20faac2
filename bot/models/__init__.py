"""Base models' lifecycle and the custom models that were made."""
