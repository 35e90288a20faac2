"""The role that Bedrock takes: whether it is there and trusts Bedrock, may use the buckets, and may be handed over."""

from collections.abc import Iterator

from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.account_permissions import Permissions
from bot.adapters.simulation import caller
from bot.checkup import Level, Line, Look, bad, good, warning
from bot.doctor.surroundings import AWS, Surroundings
from bot.spending.model import Check

ABOUT = "Role"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask IAM, which simulates."""
    caller(
        surroundings.aws, surroundings.region
    )  # without an identity nothing is forbidden: that is raised, and told as that
    role, permissions = surroundings.settings.role_arn, Permissions(surroundings.aws)
    yield line("Role's trust", AwsAccountChecks(surroundings.aws, surroundings.buckets).role(role))
    for region, bucket in surroundings.buckets.items():
        yield line(f"Role's rights in {region}", permissions.use(role, region, bucket))
    yield line("Handing the role over", permissions.pass_role(role, surroundings.region))


def line(about: str, check: Check) -> Line:
    """Return a line of the preflight as one of ours."""
    said = str(check.sentence)
    if not check.checked:
        return warning(about, said, "Paste what `tunesmith iam bot` prints into the bot's policy.")
    return good(about, said) if check.ok else bad(about, said, check.mend)


LOOK = Look(ABOUT, at, seconds=20, unclear=Level.WARNING, of=AWS)
