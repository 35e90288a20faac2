"""Keys, tokens and private keys. Only formats that say what they are: a guess at random characters would cry wolf."""

import re

from bot.datasets.content.pattern import Pattern
from bot.datasets.rule import warning

SECRET = warning(
    "secret",
    "A key or token stands in a text.",
    "The model learns it and may tell it to anyone who asks; the file is stored, too. Revoke it, then take it out.",
)


def _is_random(value: str) -> bool:
    """Tell a token from words joined by hyphens, such as the name of a package."""
    return bool(re.search(r"\d", value) and re.search(r"[A-Z]", value))


def _is_password(value: str) -> bool:
    """Tell a password in an address from what documentation writes in its place."""
    password = value.rsplit("@", 1)[0].rsplit(":", 1)[-1]
    return password[0] not in "<{[$*%" and password.lower() not in _STAND_INS


def _scheme(value: str) -> str:
    return f"{value.split(':', 1)[0]}://…"


_STAND_INS = frozenset(
    {"password", "pass", "passwd", "pwd", "secret", "token", "xxx", "xxxx", "yourpassword"}
)

PATTERNS = (
    Pattern(SECRET, "an AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    Pattern(
        SECRET,
        "an AWS secret key",
        r"(?i:secret[_ -]?access[_ -]?key)[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9/+]{40}\b",
        mask=lambda _value: "secret access key: …",
    ),
    Pattern(SECRET, "an Amazon Bedrock key", r"\bABSK[A-Za-z0-9+/]{40}[A-Za-z0-9+/=]*"),
    Pattern(SECRET, "a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40})\w*"),
    Pattern(SECRET, "a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20}[\w-]*"),
    Pattern(
        SECRET, "a Slack token", r"\b(?:xox[abeoprs]-[0-9][0-9A-Za-z-]{18}|xapp-[0-9]-[A-Z0-9]{8})[\w-]*"
    ),
    Pattern(
        SECRET,
        "a Slack webhook",
        r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16}\w*",
        mask=lambda _value: "hooks.slack.com/…",
    ),
    Pattern(SECRET, "a Google API key", r"\bAIza[0-9A-Za-z_-]{35}"),
    Pattern(SECRET, "an OpenAI or Anthropic key", r"\bsk-[A-Za-z0-9_-]{20}[\w-]*", accept=_is_random),
    Pattern(SECRET, "a Stripe key", r"\b[sr]k_live_[0-9A-Za-z]{16}\w*", mask=lambda value: value[:8] + "…"),
    Pattern(SECRET, "a Hugging Face token", r"\bhf_[A-Za-z0-9]{30}\w*"),
    Pattern(SECRET, "an npm token", r"\bnpm_[A-Za-z0-9]{36}\w*"),
    Pattern(SECRET, "a PyPI token", r"\bpypi-AgEIcHlwaS5vcmc[\w-]{20}[\w-]*"),
    Pattern(SECRET, "a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{40}[\w-]*"),
    Pattern(
        SECRET,
        "a private key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\]*",
        mask=lambda _value: "-----BEGIN … PRIVATE KEY-----",
    ),
    Pattern(SECRET, "a signed token (JWT)", r"\beyJ[\w-]{10}[\w-]*\.eyJ[\w-]{10}[\w-]*\.[\w-]{10}[\w-]*"),
    Pattern(
        SECRET, "an Azure storage key", r"AccountKey=[A-Za-z0-9+/]{86}==", mask=lambda _value: "AccountKey=…"
    ),
    Pattern(
        SECRET,
        "an address with its password",
        r"\b[a-z][a-z0-9+]+://[^\s:/@\"'<>\x01]+:[^\s/@\"'\x01]+@[\w.-]+",
        accept=_is_password,
        mask=_scheme,
    ),
)
