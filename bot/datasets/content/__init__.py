"""What the texts of a record hold that should not be learnt: secrets, personal data, what was left in by mistake.

All patterns are looked for in one pass (``scan.py``); a family is one small module with its rules and patterns.
"""
