"""Settings: read once from the environment by the command line, frozen, and passed on. No feature imports this."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr, ValidationError

from bot import setting_addresses, setting_names, setting_secrets
from bot.errors import Misconfigured
from bot.names import nearest
from bot.rosters import people_of
from bot.run_only import Only
from bot.setting_values import no_cluster
from bot.settings import Settings

__all__ = ["Outside", "SettingRow", "Settings", "against_redis", "load", "rows", "secret_names"]

OURS = "TUNESMITH_"
"""How the names of our own settings begin: one that we do not know is a mistake."""
_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)
_BEARER = "AWS_BEARER_TOKEN_BEDROCK"
"""botocore prefers this token to any credentials, for Bedrock alone."""
NOT_SETTINGS = frozenset({"TUNESMITH_PYTHON", "TUNESMITH_FAST_TESTS", "TUNESMITH_THOROUGH_TESTS"})
"""What the launcher and the tests read."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, as docs/reference/settings.md and the start's complaint show it."""

    name: str
    required: bool
    default: str
    description: str


def rows() -> list[SettingRow]:
    """Return every setting in the order in which it is declared."""
    return [
        SettingRow(
            name=str(each.validation_alias),
            required=each.is_required(),
            default=_default_text(each.get_default(call_default_factory=True, validated_data={})),
            description=each.description or "",
        )
        for each in Settings.model_fields.values()
    ]


def _default_text(value: Any) -> str:
    return "" if value in (None, frozenset(), {}) or repr(value) == "PydanticUndefined" else str(value)


@dataclass(frozen=True, slots=True)
class Outside:
    """Who is asked what a setting only names."""

    secrets: setting_secrets.Fetch
    """AWS Secrets Manager."""
    names: setting_names.Open
    """Slack, of its channels and people."""
    found: dict[str, str] = field(default_factory=dict)
    """Which ID each name has that was looked up, for the log."""


def load(
    environment: Mapping[str, str] | None = None,
    *,
    http: bool = False,
    only: Only | None = None,
    outside: Outside | None = None,
) -> Settings:
    """Read the settings from the environment, or from the mapping given.

    ``only`` is what the process does: a worker needs no door's secret. Without ``outside`` nothing is asked of anybody:
    secrets may stand in files, and channels and people have IDs.

    Raises:
        Misconfigured: everything that is missing or wrong, in one text: the name, what is wrong, where to get it.
    """
    by_name = {row.name: row for row in rows()}
    given = os.environ if environment is None else environment
    problems = _open_ways(given, outside)
    source, wrong = _whole(given, outside)
    problems += [_problem(by_name[name], "", words) for name, words in wrong.items()]
    settings: Settings | None = None
    try:
        settings = Settings.model_validate({name: source[name] for name in by_name if source.get(name)})
    except ValidationError as error:
        for each in error.errors():
            row = by_name[str(each["loc"][0])]
            if row.name not in wrong:
                problems.append(_problem(row, each["type"], each["msg"]))
    problems.extend(_unknown(name, by_name) for name in sorted(source) if _is_unknown(name, by_name))
    if source.get("SLACK_CLIENT_ID") and source.get("SLACK_CLIENT_SECRET"):
        # Bolt looks at these by itself, and would then ignore the bot token.
        problems.append(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are for apps in many workspaces; take them away"
        )
    door = by_name["SLACK_SIGNING_SECRET" if http else "SLACK_APP_TOKEN"]
    if only is not Only.WORKER and not source.get(door.name) and door.name not in wrong:
        problems.append(_problem(door, "missing", ""))
    if settings:
        problems.extend(against_redis(settings))
    if settings:
        problems.extend(_against_role(settings, source))
    if settings and settings.trainers and not (settings.operator or people_of(settings.approvers)):
        problems.append(_problem(by_name["TUNESMITH_OPERATOR"], "missing", "") + _NOBODY_HEARS)
    if problems or settings is None:
        raise _wrong_settings(problems)
    return settings


def _open_ways(given: Mapping[str, str], outside: Outside | None) -> list[str]:
    """Return what would send a secret over a way that others can read.

    Raises:
        Misconfigured: there is such a way, and somebody would be asked: whoever is, is shown a secret.
    """
    found = setting_addresses.against(given)
    if found and outside:
        raise _wrong_settings(found)
    return found


def _wrong_settings(problems: Sequence[str]) -> Misconfigured:
    listed = "\n".join(f"  {problem}" for problem in problems)
    return Misconfigured(
        f"{len(problems)} setting{'s are' if len(problems) > 1 else ' is'} missing or wrong:\n{listed}",
        hint="Set them in the environment or in a file `.env` in this folder; `tunesmith setup` asks for them.",
    )


def against_redis(settings: Settings) -> list[str]:
    """Return why this Redis is not to be connected to at all, before a password is sent there."""
    url, found = settings.redis_url.get_secret_value(), list[str]()
    open_way = setting_addresses.unprotected(url)
    if open_way and settings.redis_tls == "required":
        found.append(
            f"REDIS_URL {open_way}: write `rediss://…`, or set TUNESMITH_REDIS_TLS=optional where the way is private"
        )
    if settings.redis_form == "cluster" and (reason := no_cluster(url)):
        found.append(f"REDIS_URL {reason}, which a cluster has not; or set TUNESMITH_REDIS_FORM=server")
    return found


def _against_role(settings: Settings, source: Mapping[str, str]) -> list[str]:
    """Return what would have the bot act as somebody else than the role that it is to take."""
    found = list[str]()
    if settings.assume_role_external_id and not settings.assume_role:
        found.append("TUNESMITH_ASSUME_ROLE_EXTERNAL_ID is for a role, and TUNESMITH_ASSUME_ROLE names none")
    if settings.assume_role and source.get(_BEARER):
        found.append(
            f"{_BEARER} would be used in place of the role in TUNESMITH_ASSUME_ROLE; take one of them away"
        )
    return found


def secret_names() -> tuple[str, ...]:
    """Return the settings that are secrets: each may stand in a file or in Secrets Manager instead."""
    return tuple(
        str(each.validation_alias)
        for each in Settings.model_fields.values()
        if SecretStr.__name__ in str(each.annotation)
    )


def _whole(given: Mapping[str, str], outside: Outside | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the environment with secrets from elsewhere and IDs for names, and what is wrong, by setting."""
    source, odd = _legible(given)
    source, wrong = setting_secrets.gathered(source, secret_names(), outside.secrets if outside else None)
    source, kept_odd = _legible(source)
    text, unresolved, known = setting_names.resolved(source, outside.names if outside else None)
    if outside:
        outside.found.update(known)
    return text, odd | kept_odd | wrong | unresolved


def _legible(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what can be read as it is, and what is wrong with those of our settings that cannot.

    That is bytes that are no UTF-8, and quotes, which a shell or Compose takes off a line of `.env` and others leave.
    """
    text, wrong = dict(given), dict[str, str]()
    ours = {row.name: row.name for row in rows()}
    ours |= {form: name for name in secret_names() for form in setting_secrets.forms(name)}
    for name, value in given.items():
        try:
            value.encode()
        except UnicodeEncodeError:
            del text[name]
            if name in ours:
                wrong[ours[name]] = "is no text in UTF-8"
        else:
            if name in ours and _QUOTED.fullmatch(value):
                del text[name]
                wrong[ours[name]] = (
                    "stands in quotes, which whoever set it left around the value; take them away"
                )
    return text, wrong


_NOBODY_HEARS = (
    "\n      TUNESMITH_TRAINERS may spend, and nobody would hear when that goes wrong: set it to a person or a "
    "channel, or name an approver themselves in TUNESMITH_APPROVERS: in a group there may be nobody"
)


def _is_unknown(name: str, known: Collection[str]) -> bool:
    return name.upper().startswith(OURS) and name not in known and name not in NOT_SETTINGS


def _unknown(name: str, known: Collection[str]) -> str:
    ours = {each.removeprefix(OURS): each for each in known if each.startswith(OURS)}
    near = nearest(name.upper().removeprefix(OURS), ours)
    hint = f"Did you mean `{ours[near]}`?" if near else "docs/reference/settings.md lists them all."
    return f"{name} is no setting. {hint}"


_FORMS = {
    "TUNESMITH_ASSUME_ROLE_EXTERNAL_ID": "should have two letters, digits and `_+=,.@:/-` or more",
    "TUNESMITH_BUCKET_OWNER": "should be twelve digits",
    "TUNESMITH_REDIS_PREFIX": "should have letters, digits, `-` and `_` alone",
}
"""What is told instead of a pattern, which is for machines."""


def _plain(words: str) -> str:
    """Return pydantic's words as somebody says them who has never heard of it."""
    said = (
        words.removeprefix("Value error, ")
        .replace("Input should be", "should be")
        .partition(", unable to")[0]
    )
    return (
        said.replace("a valid boolean", "true or false")
        .replace("a valid ", "a ")
        .replace("a integer", "a whole number")
    )


def _problem(row: SettingRow, kind: str, words: str) -> str:
    said = (
        "is not set"
        if kind == "missing"
        else _FORMS.get(row.name, words)
        if kind == "string_pattern_mismatch"
        else _plain(words)
    )
    return f"{row.name} {said}\n      {row.description}"
