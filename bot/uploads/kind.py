"""The durable kind of uploads."""

from bot.controller.kind import Called, Kind, Schema, Sources
from bot.controller.model import Document
from bot.uploads.model import KIND, UploadSpec
from bot.visibility import Origin


def _sources(spec: Document) -> Sources:
    return Sources(Origin(spec["channel"], spec["user"]))


KINDS = (
    Kind(
        schema=Schema(KIND, UploadSpec),
        called=Called("upload", "uploads"),
        wanted="this file judged for that base, or repaired first",
        done="download, (repair, share the corrected copy,) validate, keep on S3, post the verdict",
        when_given_up="Send the file again when that is mended.",
        is_waited_for=True,
        has_own_words=True,
        sources=_sources,
    ),
)
