"""A job's data as the service reads it: permissions when the job is made, contents when it validates.

That a file which cannot be read is refused at once, and one with wrong contents fails the job, follows from where
these texts were seen (AWS's troubleshooting page; amazon-bedrock-workshop issue 266).
"""

import json
from collections.abc import Callable
from typing import Any

from bot.playground.bedrock.buckets import Buckets, Unreadable, split_uri
from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.foundation import Tuning
from bot.playground.bedrock.records import Exchange


class BadData(Exception):
    """The job fails in validation with this message."""


def fetch(buckets: Buckets, uri: str, region: str) -> bytes:
    """Return the object at ``uri``. Raises ServiceFault in the service's words when it cannot be read."""
    try:
        return buckets.read(uri, region)
    except Unreadable:
        bucket, key = split_uri(uri)
        raise invalid(
            f"Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key {key}"
        ) from None


def check_output(buckets: Buckets, uri: str, region: str) -> None:
    """Write the service's probe under ``uri``. Raises ServiceFault in the service's words when that cannot be."""
    probe = f"{uri.rstrip('/')}/.write_access_check_file.tmp"
    try:
        buckets.check_writable(uri, region)
    except Unreadable:
        bucket, key = split_uri(probe)
        raise invalid(
            "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: "
            f"{bucket} at key {key}"
        ) from None
    buckets.write(probe, b"", "application/octet-stream")


def records(data: bytes, uri: str, tuning: Tuning) -> list[list[Exchange]]:
    """Return each record's exchanges. Raises BadData for the first line that is not a record of the base's format."""
    key = split_uri(uri)[1]
    read = _READERS[tuning.data]
    found = [read(_parsed(line, key), key) for line in _lines(data, key)]
    for record in found:
        _check_texts(record, tuning)
    return found


def check_counts(tuning: Tuning, training: int, validation: int | None) -> None:
    """Raise BadData unless the numbers of records are within the base's limits (own wording: AWS's is not known)."""
    if not tuning.min_records <= training <= tuning.max_records:
        raise BadData(
            f"The training data has {training} records. It must have between {tuning.min_records} and "
            f"{tuning.max_records} records."
        )
    if validation is None:
        return
    if not tuning.min_records <= validation <= tuning.max_validation_records:
        raise BadData(
            f"The validation data has {validation} records. It must have between {tuning.min_records} and "
            f"{tuning.max_validation_records} records."
        )
    if training + validation > tuning.max_total_records:
        raise BadData(
            f"The training and validation data have {training + validation} records together. "
            f"The maximum is {tuning.max_total_records}."
        )


def _check_texts(record: list[Exchange], tuning: Tuning) -> None:
    """Refuse reserved text and too many tokens, both counted and worded as AWS's published validators do."""
    texts = [record[0].system, *(text for turn in record for text in (turn.prompt, turn.answer))]
    for word in tuning.reserved:
        if any(word in text for text in texts):
            raise BadData(f"Reserved keyword {word!r} found in the data.")
    tokens = sum(len(text) // 3 for text in texts)
    if tokens > tuning.max_record_tokens:
        raise BadData(f"Maximum input token count {tokens} exceeds limit of {tuning.max_record_tokens}")


def _lines(data: bytes, key: str) -> list[str]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise _not_jsonl(key) from None
    # One line feed ends the last line; another makes a blank one, which the service does not take.
    return text.removesuffix("\n").split("\n")


def _parsed(line: str, key: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        raise _not_jsonl(key) from None
    if not isinstance(record, dict):
        raise _not_jsonl(key)
    return record


def _claude(record: dict[str, Any], key: str) -> list[Exchange]:
    system, messages = record.get("system", ""), record.get("messages")
    if not isinstance(system, str) or not isinstance(messages, list):
        raise _wrong_shape(key, '{"system": <text>, "messages": [{"role": ..., "content": <text>}]}')
    turns = [m.get("content") if isinstance(m, dict) else None for m in messages]
    return _paired(record, key, system, turns)


def _conversation(record: dict[str, Any], key: str) -> list[Exchange]:
    messages = record.get("messages")
    if not isinstance(record.get("schemaVersion"), str) or not isinstance(messages, list):
        raise _wrong_shape(key, '{"schemaVersion": "bedrock-conversation-2024", "messages": [...]}')
    system = _text_of(record.get("system", []), key)
    turns = [_text_of(m.get("content"), key) if isinstance(m, dict) else None for m in messages]
    return _paired(record, key, system, turns)


def _paired(record: dict[str, Any], key: str, system: str, turns: list[Any]) -> list[Exchange]:
    roles = [m.get("role") if isinstance(m, dict) else None for m in record["messages"]]
    expected = ["user", "assistant"] * (len(roles) // 2)
    if len(roles) < 2 or roles != expected or not all(isinstance(turn, str) for turn in turns):
        raise _wrong_shape(
            key, "alternating user and assistant messages, user first and assistant last, of text"
        )
    pairs = zip(turns[::2], turns[1::2], strict=True)
    return [Exchange(system=system, prompt=prompt, answer=answer) for prompt, answer in pairs]


def _text_of(blocks: object, key: str) -> str:
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
        raise _wrong_shape(key, "content as a list of blocks")
    return "\n".join(str(block["text"]) for block in blocks if "text" in block)


def _not_jsonl(key: str) -> BadData:
    return BadData(f"Unable to parse Amazon S3 file: {key}. Data files must conform to JSONL format.")


def _wrong_shape(key: str, shape: str) -> BadData:
    """Return the failure for a record of another shape; AWS's text for prompt and completion, with this shape."""
    return BadData(f"Input data at {key} must follow '{shape}' format")


_READERS: dict[str, Callable[[dict[str, Any], str], list[Exchange]]] = {
    "claude": _claude,
    "conversation": _conversation,
}
