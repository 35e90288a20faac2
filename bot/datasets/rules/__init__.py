"""The rules: what may be wrong with a file, a line, a record or the whole. Each says its code, source and hint.

Adding a rule is one ``Rule`` and one small generator in the list of its family (``checks.py`` holds the lists).
"""
