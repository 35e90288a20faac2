"""Tells bookkeeping from content: the one rule by which a key of a dataset may be dropped without asking a person.

A key is bookkeeping when nothing is in it, or when its name is on the closed list below *and* its value has a shape
that nobody learns from: ``"id": 4711`` is, ``"id": "The answer is no."`` is not, and a key that nobody has heard of
never is. Names are compared without case, and camelCase, spaces and hyphens count as underscores.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

LONGEST_IDENTIFIER = 200
"""Characters: digests, URLs and composed keys fit; a picture in base64 does not."""
LONGEST_LABEL = 60
MOST_LABEL_WORDS = 4

Shape = Callable[[Any], bool]

_IDENTIFIER = re.compile(r"[!-~]+")
_MEDIA = re.compile(
    r"data:|.*\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|heic|mp4|mov|mkv|webm|avi|wav|mp3|flac|ogg|m4a|pdf)(?:[?#].*)?$",
    re.IGNORECASE,
)
_TIME = re.compile(r"[0-9][0-9TZ:+\-./, ]{0,39}")
_LABEL = re.compile(r"[\w\-./:@&+,() ]+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_UNNAMED = re.compile(r"(?:column|unnamed|index_level)_\d+")
"""What the columns of a table without a name are called here, by pandas, and by Arrow."""


def folded(key: str) -> str:
    """Return the key as the lists have it: ``createdAt``, ``Created-At`` and ``created at`` are ``created_at``."""
    return _NO_WORD.sub("_", _CAMEL.sub("_", key.strip()[:80]).lower()).strip("_")


def is_empty(value: Any) -> bool:
    """Tell a value that says nothing: null, only spaces, or lists and objects of such; an object in a list counts."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list | tuple):
        return all(is_empty(each) and not isinstance(each, dict) for each in value)
    if isinstance(value, dict):
        return all(map(is_empty, value.values()))
    return value is None


def is_number(value: Any) -> bool:
    """Tell a number, or a text that is one, as tables have them."""
    if isinstance(value, str):
        return _NUMBER.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_identifier(value: Any) -> bool:
    if not isinstance(value, str):
        return is_number(value)
    text = value.strip()
    return len(text) <= LONGEST_IDENTIFIER and bool(_IDENTIFIER.fullmatch(text)) and not _MEDIA.match(text)


def _is_time(value: Any) -> bool:
    return bool(_TIME.fullmatch(value.strip())) if isinstance(value, str) else is_number(value)


def _is_label(value: Any) -> bool:
    if not isinstance(value, str):
        return is_number(value)
    text = value.strip()
    if len(text) > LONGEST_LABEL or len(text.split()) > MOST_LABEL_WORDS or _MEDIA.match(text):
        return False
    return _LABEL.fullmatch(text) is not None


def _is_setting(value: Any) -> bool:
    return isinstance(value, bool) or is_number(value)


def _is_usage(value: Any) -> bool:
    """Tell counts by name, however deep: what a service says that a call took."""
    if isinstance(value, dict):
        return all(map(_is_usage, value.values()))
    return value is None or _is_setting(value)


def _one_of(*allowed: str) -> Shape:
    return lambda value: isinstance(value, str) and value.strip().lower() in allowed


def _is_only(expected: Any) -> Shape:
    return lambda value: bool(value == expected)


_OWNERS = (
    "conversation", "conv", "dialog", "dialogue", "thread", "message", "msg", "session", "chat", "user", "customer",
    "account", "ticket", "case", "request", "response", "completion", "prompt", "question", "sample", "example",
    "record", "item", "data", "dataset", "doc", "document", "source", "parent", "log", "trace", "run", "job", "batch",
    "post", "message_tree", "tree", "group", "turn", "annotator", "task", "instance", "entry", "row", "org",
    "organization", "project", "channel", "external", "original", "unique",
)  # fmt: skip

SPLITS = ("split", "partition", "data_split")
"""Names under which a row says which part of a dataset it belongs to."""
NOT_TRAINING = frozenset(
    {
        "test", "testing", "eval", "evaluation", "val", "valid", "validation", "dev", "development", "holdout",
        "hold_out", "held_out",
    }
)  # fmt: skip
"""Parts that are not trained on."""

_LISTS: tuple[tuple[Shape, tuple[str, ...]], ...] = (
    (
        _is_identifier,
        (
            "id", "uid", "uuid", "guid", "pk", "idx", "index", "row", "row_number", "row_num", "line", "line_number",
            "line_no", "no", "nr", "serial", "hash", "md5", "sha1", "sha256", "checksum", "digest", "etag",
            "fingerprint", "system_fingerprint", "revision", "shard", "batch", "url", "uri",
            *(f"{each}_id" for each in _OWNERS), *(f"{each}_hash" for each in _OWNERS),
            *(f"{each}_index" for each in _OWNERS), *(f"{each}_idx" for each in _OWNERS),
        ),
    ),
    (
        _is_time,
        (
            "created", "created_at", "created_on", "created_time", "creation_date", "create_time", "updated",
            "updated_at", "updated_on", "update_time", "modified", "modified_at", "last_modified", "date", "time",
            "datetime", "timestamp", "ts", "started_at", "ended_at", "exported_at", "added_at", "inserted_at",
        ),
    ),
    (
        _is_label,
        (
            "source", "origin", "dataset", "dataset_name", "data_source", "source_dataset", "subset", "file",
            "filename", "file_name", "source_file", "license", "licence", "version", "schema_version", "model",
            "model_name", "engine", "generator", "category", "language", "lang", "locale", "created_by", "updated_by",
            "object", "service_tier",
        ),
    ),
    (
        is_number,
        (
            "tokens", "num_tokens", "n_tokens", "token_count", "total_tokens", "prompt_tokens", "completion_tokens",
            "input_tokens", "output_tokens", "length", "char_count", "word_count", "num_turns", "n_turns", "latency",
            "latency_ms", "duration", "duration_ms", "elapsed", "cost", "turn",
        ),
    ),
    (
        _is_setting,
        (
            "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "max_output_tokens", "seed", "n",
            "presence_penalty", "frequency_penalty", "stream", "logprobs", "top_logprobs", "store",
            "parallel_tool_calls",
        ),
    ),
    (_is_usage, ("usage",)),
    (_one_of("train", "training"), SPLITS),
    (_one_of("stop", "end_turn", "stop_sequence", "eos"), ("finish_reason", "stop_reason")),
    (_one_of("none", "auto"), ("tool_choice", "function_call_mode")),
    (_is_only({"type": "text"}), ("response_format",)),
    (_is_only({"type": "ephemeral"}), ("cache_control",)),
)  # fmt: skip
"""Which shapes are bookkeeping under which names. Services' settings are there for logs of calls."""

SHAPES: Mapping[str, Shape] = {name: shape for shape, names in _LISTS for name in names}
"""The closed list: by the name of the key, the shape that its value must have."""

CONTAINERS = frozenset({"metadata", "meta", "meta_data", "provenance"})
"""Objects that are bookkeeping when all within them is."""

LEARN_FLAGS = frozenset(
    {
        "weight",
        "loss_weight",
        "sample_weight",
        "train",
        "training",
        "trainable",
        "loss",
        "learn",
        "train_on_turn",
    }
)
"""Flags by which a trainer learns a turn (1, true) or passes over it (0, false): Axolotl, ms-swift, OpenAI."""
SKIP_FLAGS = frozenset({"mask", "masked", "loss_mask", "ignore", "skip", "exclude", "excluded"})
"""Flags by which it is the other way round."""

_TRUE = ("true", "yes", "1", "1.0")
_FALSE = ("false", "no", "0", "0.0")


def is_inert(key: str, value: Any, role: str = "") -> bool:
    """Tell a key that may be dropped: nothing is in it that was written to be read or learned from.

    ``role`` is whose turn it stands in, empty outside of turns. A flag that says what every training does anyway
    (learn the assistant's turns, pass over the user's) says nothing.
    """
    if is_empty(value):
        return True
    name = folded(key)
    if name in LEARN_FLAGS or name in SKIP_FLAGS:
        return _says_the_usual(name, value, role)
    if name in CONTAINERS and isinstance(value, dict):
        return all(is_inert(each, inner) for each, inner in value.items())
    shape = is_number if _UNNAMED.fullmatch(name) else SHAPES.get(name)
    return shape is not None and shape(value)


def excludes(key: str, value: Any, role: str = "") -> bool:
    """Tell a key that says of its row, or of the assistant's turn that it stands in, that it is not for training.

    ``split: test`` does, ``weight: 0``, ``train: false``, ``mask: true``; a weight between 0 and 1 does not, and no
    flag in the turn of a user or a system does, since these are never learned.
    """
    name = folded(key)
    if name in SPLITS:
        return isinstance(value, str) and folded(value) in NOT_TRAINING
    if role in ("user", "system") or (name not in LEARN_FLAGS and name not in SKIP_FLAGS):
        return False
    said = _truth(value)
    return said is not None and said is (name in SKIP_FLAGS)


def _says_the_usual(name: str, value: Any, role: str) -> bool:
    learned = _truth(value)
    if learned is None:
        return False
    return (learned is (name in LEARN_FLAGS)) is (role not in ("user", "system"))


def _truth(value: Any) -> bool | None:
    """Return what a flag says, None when it says more than yes or no: a weight of 0.5, say."""
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    return False if text in _FALSE else None
