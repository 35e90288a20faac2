"""What a Web API method declares, and how its arguments are read.

A method is one decorated function in a module of this package; adding one touches nothing else::

    @method("chat.delete", tier=TIER_3, scopes=("chat:write",), args=(Arg("channel", required=True), ...), errors=...)
    def delete(call: Call) -> Json: ...
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bot.playground.slack.errors import SlackError
from bot.playground.slack.rates import Tier
from bot.playground.slack.state import Json
from bot.playground.slack.workspace import Workspace

Kind: TypeAlias = Literal["string", "boolean", "integer", "json", "list", "raw"]


@dataclass(frozen=True)
class Arg:
    """One argument of a method.

    ``json`` may come as JSON text or as a value, ``list`` also separated by commas; ``raw`` is left to the method,
    which has errors of its own for it.
    """

    name: str
    kind: Kind = "string"
    required: bool = False


@dataclass
class Call:
    """One call of a method: its arguments by name (those given, with their types), and where it happens."""

    ws: Workspace
    args: Json
    warnings: list[str]

    def text(self, name: str, default: str = "") -> str:
        """Return a string argument."""
        return str(self.args.get(name, default))

    def maybe(self, name: str) -> str | None:
        """Return a string argument, or None when it is absent or empty."""
        value = self.args.get(name)
        return str(value) if value not in (None, "") else None

    def flag(self, name: str) -> bool:
        """Return a boolean argument; absent is false."""
        return bool(self.args.get(name, False))

    def warn(self, warning: str) -> None:
        """Add a warning to the answer."""
        self.warnings.append(warning)

    def require_scope(self, *scopes: str) -> None:
        """Refuse with ``missing_scope`` unless one of the scopes was granted."""
        if not self.ws.manifest.has_any(scopes):
            provided = ",".join(self.ws.manifest.scopes)
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)


Run: TypeAlias = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A Web API method: what Slack's reference says of it, and the function that does it."""

    name: str
    run: Run
    tier: Tier
    scopes: tuple[str, ...]
    args: tuple[Arg, ...]
    declined: tuple[str, ...]
    errors: frozenset[str]
    token: Literal["bot", "app", "none"]
    missing: str

    def read(self, raw: Json) -> Json:
        """Return the arguments with their types; what Slack would not know is left out.

        Raises:
            SlackError: a required argument is missing, one has the wrong type, or the stand-in cannot honour it.
        """
        given = {key: value for key, value in raw.items() if value is not None}
        missing = [arg.name for arg in self.args if arg.required and given.get(arg.name) in (None, "")]
        if missing:
            messages = [f"[ERROR] missing required field: {name}" for name in missing]
            raise SlackError(self.missing, messages=messages, arg=missing[0])
        for name in self.declined:
            if name in given:
                raise SlackError(
                    "invalid_arg_name", messages=[f"[ERROR] not supported by this stand-in: {name}"]
                )
        return {arg.name: convert(arg, given[arg.name]) for arg in self.args if arg.name in given}

    def unknown(self, raw: Json) -> list[str]:
        """Return the names of arguments that Slack would silently ignore."""
        known = {arg.name for arg in self.args} | {"token", "team_id"} | set(self.declined)
        return sorted(raw.keys() - known)


REGISTRY: dict[str, Method] = {}


def method(
    name: str,
    *,
    tier: Tier,
    scopes: Sequence[str] = (),
    args: Sequence[Arg] = (),
    declined: Sequence[str] = (),
    errors: Sequence[str] = (),
    token: Literal["bot", "app", "none"] = "bot",  # noqa: S107 - a kind of token, not one
    missing: str = "invalid_arguments",
) -> Callable[[Run], Run]:
    """Register a method. ``declined`` are arguments of Slack's that the stand-in refuses aloud."""

    def register(run: Run) -> Run:
        declared = frozenset(errors)
        REGISTRY[name] = Method(
            name, run, tier, tuple(scopes), tuple(args), tuple(declined), declared, token, missing
        )
        return run

    return register


def convert(arg: Arg, value: Any) -> Any:
    """Return an argument's value as its kind, whether it came in a form or as JSON.

    Raises:
        SlackError: ``invalid_arguments`` when it cannot be read as that kind.
    """
    try:
        return _CONVERTERS[arg.kind](value)
    except (ValueError, TypeError, KeyError):
        messages = [f"[ERROR] must be a valid {arg.kind} [json-pointer:/{arg.name}]"]
        raise SlackError("invalid_arguments", messages=messages) from None


def _string(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise TypeError
    return str(value)


def _boolean(value: Any) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}[str(value).lower()]


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        value = (
            json.loads(value)
            if value.lstrip().startswith("[")
            else [v.strip() for v in value.split(",") if v.strip()]
        )
    if not isinstance(value, list):
        raise TypeError
    return value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_CONVERTERS: dict[Kind, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": lambda value: int(str(value)),
    "json": _json,
    "list": _list,
    "raw": lambda value: value,
}
