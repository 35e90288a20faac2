"""What a row holds beside what a base model takes: which of it is bookkeeping, and what it takes to let go of the rest.

``bookkeeping.is_inert`` is the one rule by which anything may be dropped; ``leftover`` is what the rule is asked about.
"""
