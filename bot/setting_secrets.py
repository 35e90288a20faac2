"""Secrets that stand somewhere else: `NAME_FILE` names a file, `NAME_SECRET` one of AWS Secrets Manager."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.errors import TunesmithError

IN_FILE, IN_MANAGER = "_FILE", "_SECRET"
MOST_BYTES = 64 * 1024
"""The largest secret that Secrets Manager keeps
(docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html); a file that is larger is no secret."""

Fetch = Callable[[str, str], str]
"""Returns the text of a secret, by its ARN or name, and a region for one that is no ARN; raises our errors."""


def forms(name: str) -> tuple[str, str]:
    """Return the other two names under which the setting may be given."""
    return name + IN_FILE, name + IN_MANAGER


def gathered(
    source: Mapping[str, str], names: Sequence[str], fetch: Fetch | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the environment with these secrets put in, and what is wrong by the setting's name.

    Args:
        source: the environment.
        names: the settings that are secrets.
        fetch: asks Secrets Manager; None where nothing may be asked.
    """
    found, wrong = dict(source), dict[str, str]()
    region = _region(source)
    for name in names:
        given = [each for each in (name, *forms(name)) if source.get(each)]
        if len(given) > 1:
            wrong[name] = f"is given {len(given)} times: {', '.join(given)}; keep one of them"
        elif given and given[0] != name:
            where = source[given[0]].strip()
            try:
                found[name] = (
                    _of_file(where) if given[0].endswith(IN_FILE) else _kept(name, where, region, fetch)
                )
            except ValueError as error:
                wrong[name] = f"is not known, since {given[0]} {error}"
    return found, wrong


def _of_file(where: str) -> str:
    path = Path(where)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        text = raw.decode("utf-8-sig").strip()
    except OSError as error:
        raise ValueError(
            f"names the file {where}: {(error.strerror or 'it cannot be read').lower()}"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"names the file {where}, which is no text") from None
    if len(raw) > MOST_BYTES:
        raise ValueError(f"names the file {where}, which is too large for a secret")
    if not text:
        raise ValueError(f"names the file {where}, which is empty")
    return text


def _kept(name: str, where: str, region: str, fetch: Fetch | None) -> str:
    if fetch is None:
        raise ValueError(
            "names a secret of AWS, which is asked for only by `tunesmith run`, `setup` and `doctor`"
        )
    try:
        text = fetch(where, region).strip()
    except TunesmithError as error:
        raise ValueError(f"names the secret {where}: {error.sentence}") from None
    if not text.startswith("{"):
        return _full(text, where)
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"names the secret {where}, which begins like JSON and is none") from None
    value = kept.get(name)
    if not isinstance(value, str):
        raise ValueError(f"names the secret {where}, whose JSON has no text under the key {name}")
    return _full(value.strip(), where)


def _full(text: str, where: str) -> str:
    if not text:
        raise ValueError(f"names the secret {where}, which is empty")
    return text


def _region(source: Mapping[str, str]) -> str:
    """Return where a secret is that is named without its region: the SDK's region, else that of the first bucket."""
    first = source.get("TUNESMITH_BUCKETS", "").partition("=")[0].strip()
    return source.get("AWS_REGION") or source.get("AWS_DEFAULT_REGION") or first or "us-east-1"
