"""The file ``.env``: settings for a process that nobody wants to write into its environment.

What cannot be read in it is an error and not left out: a cap on spending that stands in a line with a mistake would be
no cap, and nobody would hear of it.
"""

import os
import re
import tempfile
from collections.abc import MutableMapping
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream
from dotenv.variables import Variable, parse_variables

from bot.errors import Misconfigured


def load(path: Path, environment: MutableMapping[str, str]) -> None:
    """Put what the file says into ``environment``; what stands there already wins. No file is no error.

    Raises:
        Misconfigured: the file is not UTF-8, a line is no ``NAME=VALUE``, a name stands there twice with different
            values, or a value names a variable that is not set. Values are not shown: they may be secret.
    """
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misconfigured(f"The file {path.name} is not UTF-8.", hint="Save it as UTF-8.") from error
    bindings = list(parse_stream(StringIO(text)))
    problems = _problems(bindings, environment)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise Misconfigured(
            f"{len(problems)} line{'s' if len(problems) > 1 else ''} of the file {path.name} cannot be read:\n{listed}",
            hint="Write `NAME=VALUE`, one a line; in quotes where a value holds spaces or `#`.",
        )
    for each in bindings:
        if each.key is not None and each.value is not None:
            value = "".join(part.resolve(environment) for part in parse_variables(each.value))
            environment.setdefault(each.key, value)


def put(path: Path, name: str, value: str) -> None:
    """Write a setting into the file, for its owner's eyes alone. Everything else in it stays, comments included.

    The file is replaced in one step, so that whoever reads it meanwhile, and whoever pulls the plug, has the old one
    or the new one.

    Raises:
        Misconfigured: the value cannot stand in such a file.
        OSError: the file cannot be written.
    """
    if "\n" in value or "${" in value:
        raise Misconfigured(
            f"The value of {name} cannot stand in the file {path.name}.",
            hint=f"Put it into a file of its own, and name that in {name}_FILE.",
        )
    there = path.resolve()  # the file itself, where the name is a link
    before = there.read_text(encoding="utf-8-sig") if there.is_file() else ""
    descriptor, made = tempfile.mkstemp(prefix=f".{there.name}.", dir=there.parent)  # mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_with(before, name, value))
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(there)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def _with(before: str, name: str, value: str) -> str:
    line = f"{name}={_quoted(value)}\n"
    parts: list[str] = []
    is_there = False
    for each in parse_stream(StringIO(before)):
        original = each.original.string
        if each.key != name:
            parts.append(original)
        elif not is_there:
            is_there = True
            parts.append(original[: len(original) - len(original.lstrip())] + line)
    text = "".join(parts)
    if is_there:
        return text
    return text + ("" if not text or text.endswith("\n") else "\n") + line


def _quoted(value: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./?&*~-]+", value, re.ASCII):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _problems(bindings: list[Binding], environment: MutableMapping[str, str]) -> list[str]:
    found: list[str] = []
    seen: dict[str, str] = {}
    for each in bindings:
        name, value = each.key, each.value
        if problem := _problem(each, seen, environment):
            lead = each.original.string[: len(each.original.string) - len(each.original.string.lstrip())]
            found.append(f"line {each.original.line + lead.count(chr(10))}: {problem}")
        if name is not None and value is not None:
            seen[name] = value
    return found


def _problem(binding: Binding, seen: MutableMapping[str, str], environment: MutableMapping[str, str]) -> str:
    name, value = binding.key, binding.value
    if binding.error:
        return "it is no `NAME=VALUE`"
    if name is None:
        return ""  # empty, or a comment
    if value is None:
        return f"`{name}` has no value; is `=` missing?"
    if seen.get(name, value) != value:
        return f"`{name}` stands there twice, with different values"
    missing = [
        each.name
        for each in parse_variables(value)
        if isinstance(each, Variable) and each.default is None and each.name not in {*seen, *environment}
    ]
    return f"`{name}` is to hold `${{{missing[0]}}}`, which is not set" if missing else ""
