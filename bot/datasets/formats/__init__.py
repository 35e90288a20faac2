"""The formats that people have: each module says how to recognise its rows and, when nothing is lost, what they say.

``detection.recognise`` names the format of one row; ``conversion.convert`` turns a row into what a base model takes.
Adding a format is one module and its line in ``detection.FORMATS``.
"""
