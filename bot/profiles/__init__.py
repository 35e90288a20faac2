"""Base models as data: one module a base model, each figure with its source.

``registry.get("claude-3-haiku")`` gives a ``Profile``; adding a base model is one new module here.
"""
