"""The rule about placeholders, which two look for: the check of a record by their marks, the scan by their words."""

from bot.datasets.rule import warning

PLACEHOLDER = warning(
    "placeholder",
    "A placeholder seems to be left in.",
    "The model learns to answer with it: fill it in, or delete the record.",
)
