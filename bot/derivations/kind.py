"""The durable kind of what is made of stored datasets."""

from bot.controller.kind import Called, Kind, Schema
from bot.derivations.model import KIND, DerivationSpec

KINDS = (
    Kind(
        schema=Schema(KIND, DerivationSpec),
        called=Called("piece of work on a dataset", "pieces of work on datasets"),
        wanted="a stored dataset split, converted, or compared with another",
        done="fetch from S3, work, keep and share what was made, tell it",
        when_given_up="Ask for it again when that is mended.",
        is_waited_for=True,
        has_own_words=True,
    ),
)
