"""What a copy of a file is called: each way to make one gives another name, so that no two in a thread share theirs."""

import hashlib
import json

from bot.datasets.service import dataset_name
from bot.uploads.model import UploadSpec

NAMED_ROWS = 3
"""How many rows that were left out stand in a copy's name; of more it has their number."""


def copy_name(original: str, spec: UploadSpec) -> str:
    """Return the name of the copy that is made of the file for this wish: ``claims.repaired.without-row-3.jsonl``."""
    return ".".join([dataset_name(original), *_words(spec), "jsonl"])


def _words(spec: UploadSpec) -> list[str]:
    words = ["repaired"] if spec.repairs is None else [*spec.repairs]
    if spec.edits:
        words.append("edited" if spec.revision <= 1 else f"edited-{spec.revision}")
    if spec.drop:
        words.append(_without(spec.drop))
    return words


def _without(rows: tuple[int, ...]) -> str:
    if len(rows) == 1:
        return f"without-row-{rows[0]}"
    if len(rows) <= NAMED_ROWS:
        return f"without-rows-{'-'.join(map(str, rows))}"
    # Their number alone would give two choices one name.
    which = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:4]
    return f"without-{len(rows)}-rows-{which}"
