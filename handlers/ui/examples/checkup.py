"""How everything stands."""

from bot.checkup import Checkup, bad, good, warning
from handlers.ui.examples import Examples

_WELL = tuple(
    good(about, said)
    for about, said in (
        ("AWS identity", "I am role/tunesmith in the account 123456789012."),
        ("Bucket in us-west-2", "The bucket `northwind-tunes` is in us-west-2."),
        ("Base claude-3-haiku", "Claude 3 Haiku is open for fine-tuning in us-west-2."),
        ("Slack's clock", "It agrees with this machine's."),
        ("Redis: version", "The server is Valkey 9.1.2."),
        ("Redis: eviction", "maxmemory-policy is noeviction."),
        ("Slack token", "I am tunesmith in the workspace Northwind (T0NORTHWIN)."),
    )
)
_WARNED = (
    warning(
        "Bucket's versions in us-west-2",
        "What is replaced or deleted is gone: it keeps no versions.",
        "aws s3api put-bucket-versioning --bucket northwind-tunes --versioning-configuration Status=Enabled",
    ),
    warning(
        "Slack's Stop",
        "No press of it has been heard; Slack does not tell whether the app is subscribed to agent_session_stopped.",
        "Press Stop on an answer.",
    ),
)
_BAD = (
    bad(
        "Slack scopes",
        "The app lacks pins:write, users:read.",
        "Paste what `tunesmith manifest` prints into the app's *App Manifest*, and install it anew.",
    ),
    bad(
        "Role's trust",
        "The role `tunesmith-bedrock` does not trust Bedrock.",
        "Add `bedrock.amazonaws.com` as a service principal to its trust policy, with `sts:AssumeRole`.",
    ),
)

EXAMPLES: Examples = {
    "checkup, all well": Checkup(_WELL),
    "checkup, to look at": Checkup((*_WELL, *_WARNED)),
    "checkup, broken": Checkup((*_BAD, *_WELL, *_WARNED)),
}
