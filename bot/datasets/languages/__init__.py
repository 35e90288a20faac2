"""Which languages a file is in, and which rows are in another one than the rest.

``naming`` asks the detector about one text; ``spotting`` goes through a whole file and asks only where it must.
"""
