"""What a setting may hold: each kind of value is read from text and checked whole, and no refusal shows a secret."""

import re
from collections.abc import Callable
from functools import cache
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode
from redis import ConnectionPool, RedisError
from redis.connection import parse_url

from bot.errors import TunesmithError
from bot.names import did_you_mean
from bot.profiles import registry, service_patterns

PERSON = re.compile(r"[UW][A-Z0-9]+")
CHANNEL = re.compile(r"[CG][A-Z0-9]+")
ROLE = re.compile(r"[CGSUW][A-Z0-9]+")
ANYWHERE = re.compile(r"[CDGUW][A-Z0-9]+")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""

_PERSONS_ID = "in Slack, open the person's profile, ⋮, *Copy member ID*"
_CHANNELS_ID = "in Slack, open the channel's details; the ID stands at their end"
_ROLES_ID = "or a name: `@tess`, `@ml-team`, `#claims-ai`"
_IDS = re.compile(r"[CDGSUWTEAB][A-Z0-9]{6,}")


def words(value: Any) -> Any:
    """Return the words of a list that is written with commas.

    Raises:
        ValueError: there are commas or blanks, and no word.
    """
    if not isinstance(value, str):
        return value
    found = [word.strip() for word in value.split(",") if word.strip()]
    if not found:
        raise ValueError("holds nothing; take it away, or write its values with commas between them")
    return found


def pairs(value: Any) -> Any:
    """Return the pairs of a list like ``a=1,b=2``.

    Raises:
        ValueError: one is no pair, or a name stands there twice.
    """
    if not isinstance(value, str):
        return value
    split = [word.partition("=") for word in words(value)]
    broken = next((key for key, equals, text in split if not (key.strip() and equals and text.strip())), None)
    if broken is not None:
        raise ValueError(f"write it as NAME=VALUE,NAME=VALUE; `{broken}` is not such a pair")
    names = [key.strip() for key, _, _ in split]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"`{twice}` stands there twice")
    return {key.strip(): text.strip() for key, _, text in split}


def _ids(pattern: re.Pattern[str], what: str, example: str, where: str) -> Callable[[Any], Any]:
    """Return what reads a list of IDs of one kind."""

    def read(value: Any) -> Any:
        found = words(value)
        for word in found:
            if not pattern.fullmatch(word):
                raise ValueError(_no_id(word, what, example, where))
        return found

    return read


def _no_id(word: str, what: str, example: str, where: str) -> str:
    """Return why a word is no ID of the kind that is wanted."""
    if word.startswith("#") or re.fullmatch(r"<#.*>", word):
        seen = "a channel's name"
    elif word.startswith("@"):
        seen = "somebody's name"
    elif "@" in word:
        seen = "an e-mail address"
    elif _IDS.fullmatch(word):
        seen = "the ID of something else"
    elif _IDS.fullmatch(word.upper()) and re.search(r"\d", word):
        seen = "written in small letters"
    else:
        seen = "no ID"
    return f"`{word}` is {seen}; wanted is the ID of {what}, like `{example}` ({where})"


def _id(value: Any) -> Any:
    """Check the one ID of whoever is told."""
    if isinstance(value, str) and value and not ANYWHERE.fullmatch(value):
        raise ValueError(_no_id(value, "a person or a channel", "U0OPERATOR", _PERSONS_ID))
    return value


def _buckets(value: Any) -> Any:
    """Return buckets by region."""
    found = pairs(value)
    for region, bucket in found.items():
        check_region(region)
        if not BUCKET.fullmatch(bucket):
            mend = " without `s3://` and without a folder" if bucket.startswith("s3:") else ""
            raise ValueError(
                f"`{bucket}` is no name of a bucket; write the name alone{mend}, like `my-bucket`"
            )
    return found


def check_region(region: str) -> None:
    """Return when the region is one of AWS's.

    Raises:
        ValueError: it is not, with the nearest one.
    """
    known = _regions()
    if region not in known:
        raise ValueError(
            f"AWS has no region `{region}`. {did_you_mean(region, sorted(known), 'For instance')}".strip()
        )


@cache
def _regions() -> frozenset[str]:
    """Return AWS's regions, by botocore's data, and those of our profiles."""
    from botocore.session import get_session  # noqa: PLC0415 -- most commands read no settings, and need not wait

    session, known = get_session(), {profile.region for profile in registry.PROFILES.values()}
    for partition in session.get_available_partitions():
        for service in ("bedrock", "s3"):
            known.update(session.get_available_regions(service, partition_name=partition))
    return frozenset(known)


def _redis_url(value: Any) -> Any:
    """Check an address of Redis without showing it: it may hold a password."""
    if not isinstance(value, str):
        return value
    try:
        parse_url(value)  # type: ignore[no-untyped-call] # redis-py leaves it without types
        parts = urlsplit(value)
        database = parts.path.strip("/")
        if parts.scheme != "unix" and not parts.hostname:
            raise ValueError("host")
        if parts.scheme != "unix" and database and not database.isdigit():
            raise ValueError("database")
    except ValueError:
        raise ValueError(
            "is no address of Redis; write `redis://HOST:6379/0`, or with a password and TLS"
            " `rediss://USER:PASSWORD@HOST:6379/0` (signs like `@`, `/` and `#` in the password as %40, %2F, %23)"
        ) from None
    try:
        ConnectionPool.from_url(
            value
        ).make_connection()  # made and not opened: what stands behind `?` is looked at
    except (TypeError, ValueError, RedisError):
        raise ValueError(
            "has an option behind its `?` that the Redis client does not know, or with a wrong value"
        ) from None
    return value


def no_cluster(url: str) -> str:
    """Return what of that address is none of a cluster; empty when it may be one's."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return "is a socket"
    return f"names the database {parts.path.strip('/')}" if parts.path.strip("/") not in ("", "0") else ""


def _guardrails(value: Any) -> Any:
    """Return the guardrails by region (botocore 1.44.5, ApplyGuardrail: an ID, and a version or ``DRAFT``)."""
    found = pairs(value)
    for region, guardrail in found.items():
        if not re.fullmatch(r"[a-z0-9]+:(?:[1-9][0-9]{0,7}|DRAFT)", guardrail):
            raise ValueError(
                f"`{guardrail}` is no guardrail; write its ID and its version, `{region}=abc123def456:1`"
            )
    return found


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no web address; write it as `https://slack.com/api/`")
    return value if value.endswith("/") else f"{value}/"


def _ip_address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError(
            f"`{value}` is no IP address; write it as `127.0.0.1`, or `0.0.0.0` for all"
        ) from None


_TOKENS = {
    "xoxb-": "the bot token (SLACK_BOT_TOKEN)",
    "xoxe.xoxb-": "a rotating bot token (SLACK_BOT_TOKEN)",
    "xapp-": "the app-level token (SLACK_APP_TOKEN)",
    "xoxp-": "a person's token, which nothing here takes",
    "xoxe-": "a refresh token, which nothing here takes",
}


def _token(*beginnings: str) -> Callable[[SecretStr], SecretStr]:
    """Return what checks how a secret begins, without showing it. No beginning: any but that of a token."""

    def check(value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        seen = next((begin for begin in _TOKENS if text.startswith(begin)), "")
        if re.search(r"\s", text):
            raise ValueError("has a blank or a line break in it")
        if not text.isascii():
            raise ValueError(
                "has a letter in it that no token has, such as `…`: copy the whole of it from the page"
            )
        if seen in beginnings or not (seen or beginnings):
            return value
        wanted = (
            f"; it begins with `{beginnings[0]}`" if beginnings else "; the signing secret is another value"
        )
        raise ValueError((f"holds {_TOKENS[seen]}" if seen else "holds something else") + wanted)

    return check


def _model_keys(value: Any) -> Any:
    """Return keys of KMS by region; a key encrypts only in its own (botocore 1.44.5, customModelKmsKeyId)."""
    found = pairs(value)
    for region, key in found.items():
        check_region(region)
        if not re.fullmatch(rf"arn:aws[a-z-]*:(kms):{region}:[0-9]{{12}}:key/[A-Za-z0-9-]{{1,36}}", key):
            raise ValueError(
                f"`{key}` is no key of {region}; write its ARN, like `arn:aws:kms:{region}:123456789012:key/…`"
            )
    return found


def _event_queues(value: Any) -> Any:
    """Return queues by region; EventBridge reaches only those of its own."""
    found = pairs(value)
    for region, url in found.items():
        check_region(region)
        if not re.fullmatch(rf"https://sqs\.{region}\.[a-z0-9.-]+/[0-9]{{12}}/[A-Za-z0-9_-]{{1,80}}", url):
            raise ValueError(
                f"`{url}` is no queue of {region}; write its URL as SQS shows it, like "
                f"`https://sqs.{region}.amazonaws.com/123456789012/tunesmith-events`"
            )
    return found


UserIds = Annotated[
    frozenset[str], NoDecode, BeforeValidator(_ids(PERSON, "a person", "U0TRAINER1", _PERSONS_ID))
]
"""IDs of people."""
RoleIds = Annotated[
    frozenset[str],
    NoDecode,
    BeforeValidator(_ids(ROLE, "a person, a user group or a channel", "U0TRAINER1", _ROLES_ID)),
]
"""IDs of people, and of user groups and channels whose members have a role."""
ChannelIds = Annotated[
    frozenset[str], NoDecode, BeforeValidator(_ids(CHANNEL, "a channel", "C0CLAIMSAI", _CHANNELS_ID))
]
"""IDs of channels."""
RecipientId = Annotated[str, BeforeValidator(_id)]
"""The ID of whoever can be written to: a person or a channel; empty: nobody."""
Buckets = Annotated[dict[str, str], NoDecode, BeforeValidator(_buckets)]
"""A bucket for each region."""
RedisUrl = Annotated[SecretStr, BeforeValidator(_redis_url)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SHORTEST_KEY = 32
"""Characters of a key: as many bytes as its code has (RFC 2104, section 3)."""


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value().strip()) < SHORTEST_KEY:
        raise ValueError(
            f"is shorter than {SHORTEST_KEY} characters; `openssl rand -hex 32` prints one that is not"
        )
    return key


BotToken = Annotated[SecretStr, AfterValidator(_token("xoxb-", "xoxe.xoxb-"))]
AppToken = Annotated[SecretStr, AfterValidator(_token("xapp-"))]
AuditKey = Annotated[SecretStr, AfterValidator(_long_enough)]
SigningSecret = Annotated[SecretStr, AfterValidator(_token())]
ModelKeys = Annotated[dict[str, str], NoDecode, BeforeValidator(_model_keys)]
"""A key of KMS for each region."""
EventQueues = Annotated[dict[str, str], NoDecode, BeforeValidator(_event_queues)]
"""The URL of a queue for each region."""
Guardrails = Annotated[dict[str, str], NoDecode, BeforeValidator(_guardrails)]
"""A guardrail for each region, as ID and version."""


def _role(value: str) -> str:
    try:
        return service_patterns.ROLE_ARN.check(value)
    except TunesmithError as error:
        raise ValueError(error.sentence) from None


def _profile(value: str) -> str:
    try:
        return registry.get(value).name
    except TunesmithError as error:
        raise ValueError(error.sentence) from None


RoleArn = Annotated[str, AfterValidator(_role)]
OptionalRoleArn = Annotated[str, AfterValidator(lambda value: _role(value) if value else value)]
BaseName = Annotated[str, AfterValidator(_profile)]
