"""One module for each form: drawn here, and taken by the one of ``handlers/views`` that it is for.

Some hold the words for what came of it, too.
"""
