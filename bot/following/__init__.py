"""Durable work: things in a due-set, claimed with a lease and a fence, reconciled level by level.

``model`` and ``ports`` say what a thing, a claim and a message are; ``loop`` claims and runs; ``notices`` posts a
message exactly once as far as anybody can; ``kinds`` has one module for each kind of thing.
"""
