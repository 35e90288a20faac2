"""Whether the bot itself may do what it does: IAM simulates each statement of the policy that it should have."""

from collections.abc import Iterator

from bot.adapters.event_templates import arn_of
from bot.adapters.iam_policies import Account, bot_policy
from bot.adapters.own_rights import OwnRights
from bot.checkup import Line, Look, bad, good, warning
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "My rights at AWS"
ONLY_TELL = {"LooksAtRoles", "LooksAtKeys", "Figures", "Guardrails", "ModelKeys", "Events"}
"""The statements without which the bot works, and knows less."""


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask IAM about each statement."""
    settings, rights = surroundings.settings, OwnRights(surroundings.aws)
    ourselves = rights.ourselves(surroundings.region)
    if ourselves is None:
        yield warning(
            ABOUT,
            "I run as the account's root, who may do everything.",
            "Give the bot a role of its own, with what `tunesmith iam bot` prints.",
        )
        return
    account = Account(
        number=settings.role_arn.split(":")[4],
        regions=tuple(settings.buckets),
        buckets=tuple(settings.buckets.values()),
        role_arn=settings.role_arn,
        bot_arn=ourselves,
        queues=tuple(
            arn_of(each, settings.role_arn.split(":")[1]) for each in settings.event_queues.values()
        ),
    )
    missing = {
        each["Sid"]: rights.missing(ourselves, each, surroundings.region)
        for each in bot_policy(account)["Statement"]
    }
    needed = sorted({action for sid, some in missing.items() if sid not in ONLY_TELL for action in some})
    told = sorted({action for sid, some in missing.items() if sid in ONLY_TELL for action in some})
    mend = "Paste what `tunesmith iam bot` prints into the policy of " + ourselves.rpartition("/")[2] + "."
    if needed:
        yield bad(ABOUT, f"I am not allowed {', '.join(needed)}.", mend)
    if told:
        yield warning(f"{ABOUT}, to look", f"I am not allowed {', '.join(told)}, so I tell less.", mend)
    if not missing or not (needed or told):
        yield good(ABOUT, "I am allowed all that I do, as far as IAM's simulation tells.")


LOOK = Look(ABOUT, at, seconds=25, of=AWS)
