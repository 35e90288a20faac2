"""Addresses that secrets are sent to: none is reached over a way on which others could read them."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qs, urlsplit

HTTPS: Final = "TUNESMITH_HTTPS"
"""The setting that says whether an address on another machine must begin with `https://`."""
OPTIONAL: Final = "optional"
"""What it says when it need not."""
_SLACK: Final = "SLACK_API_URL"
_AWS: Final = "AWS_ENDPOINT_URL"
"""botocore's name of the address of all services, and the beginning of those of one (`AWS_ENDPOINT_URL_S3`)."""
_SPANS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""OpenTelemetry's names; the first goes before the second."""
_KEYS_OF_SPANS: Final = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
"""Where the collector's key stands; spans themselves hold no secret, so without these any way is good enough."""


def unprotected(url: str) -> str:
    """Return why what is sent to that Redis could be read or changed on its way; empty when it could not.

    What stays on this machine needs no TLS: a socket, or an address of the machine's own.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "unix" or _is_here(host):
        return ""
    if parts.scheme != "rediss":
        return _without_tls(host)
    options = {name: values[-1].lower() for name, values in parse_qs(parts.query).items()}
    if options.get("ssl_cert_reqs", "required") != "required":
        return f"leads to `{host}` without checking its certificate (`ssl_cert_reqs`)"
    if options.get("ssl_check_hostname", "true") in ("false", "no", "0"):
        return f"leads to `{host}` without checking whose certificate it is (`ssl_check_hostname`)"
    return ""


def unencrypted(url: str) -> str:
    """Return why what is sent to that web address could be read or changed on its way; empty when it could not."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""  # no address at all, which whoever would use it says
    return _without_tls(host) if parts.scheme == "http" and not _is_here(host) else ""


def must_be_encrypted(environment: Mapping[str, str]) -> bool:
    """Return whether secrets go by `https://` alone, as the environment stands before it is read as settings."""
    return environment.get(HTTPS, "").strip() != OPTIONAL


def against(environment: Mapping[str, str]) -> list[str]:
    """Return what would send a secret over a way that others can read, as the environment stands; best asked first."""
    if not must_be_encrypted(environment):
        return []
    return [
        f"{name} {open_way}: write `https://…`, or set {HTTPS}={OPTIONAL} where the way is private"
        for name in _addresses(environment)
        if (open_way := unencrypted(environment[name]))
    ]


def _addresses(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that hold an address at which a secret is shown.

    Slack's address gets the tokens and AWS's the session's token or a bearer token, and what a model is taught.
    Queues of events are refused without `https://` by their own form, and Redis has a setting of its own.
    """
    yield from (name for name in (_SLACK,) if environment.get(name))
    if environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true":
        yield from sorted(name for name in environment if name == _AWS or name.startswith(f"{_AWS}_"))
    if any(environment.get(each) for each in _KEYS_OF_SPANS):
        yield from [name for name in _SPANS if environment.get(name, "").strip()][:1]


def _without_tls(host: str) -> str:
    return f"leads to `{host}` without TLS"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
