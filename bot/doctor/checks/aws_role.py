"""The role that Bedrock takes: whether it is there and trusts Bedrock, may use the buckets, and may be handed over."""

from collections.abc import Iterator

from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.account_permissions import Permissions
from bot.adapters.simulation import caller
from bot.checkup import Level, Line, Look, bad, good, warning
from bot.doctor.around import AWS, Around
from bot.spending.model import Check

ABOUT = "Role"


def at(around: Around) -> Iterator[Line]:
    """Ask IAM, which simulates."""
    caller(
        around.aws, around.region
    )  # without an identity nothing is forbidden: that is raised, and told as that
    role, permissions = around.settings.role_arn, Permissions(around.aws)
    yield line("Role's trust", AwsAccountChecks(around.aws, around.buckets).role(role))
    for region, bucket in around.buckets.items():
        yield line(f"Role's rights in {region}", permissions.use(role, region, bucket))
    yield line("Handing the role over", permissions.pass_role(role, around.region))


def line(about: str, check: Check) -> Line:
    """Return a line of the preflight as one of ours."""
    said = str(check.sentence)
    if not check.checked:
        return warning(about, said, "Paste what `tunesmith iam bot` prints into the bot's policy.")
    return good(about, said) if check.ok else bad(about, said, check.mend)


LOOK = Look(ABOUT, at, seconds=20, unclear=Level.WARNING, of=AWS)
