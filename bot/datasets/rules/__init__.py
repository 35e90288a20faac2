"""The rules: what may be wrong with a file, a line, a record or the whole. Each says its code, source and hint.

A rule about records is one ``Rule``, one small generator and one ``Check`` in its module's ``CHECKS``; ``checks`` puts
these together. Without another word it is run on every row; ``clearance`` says how good rows are known faster.
"""
