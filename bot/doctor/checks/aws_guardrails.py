"""The guardrails that read files: whether each is there and ready, before a file is read by none."""

from collections.abc import Iterator

from bot.adapters.bedrock_guardrail import status
from bot.checkup import Line, Look, bad, good, warning
from bot.doctor.surroundings import AWS, Surroundings
from bot.errors import Misconfigured, NoIdentity, NotFound, Refused

ABOUT = "Guardrails"
_MEND = "Correct TUNESMITH_GUARDRAILS; `aws bedrock list-guardrails --region {region}` lists what there is."


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Bedrock for each."""
    guardrails = surroundings.settings.guardrails
    for region, guardrail in guardrails.items():
        yield _line(surroundings, region, guardrail)
    if not guardrails:
        yield good(ABOUT, "None is named: files are read by the bot's own rules alone.")


def _line(surroundings: Surroundings, region: str, guardrail: str) -> Line:
    about, (name, _, version) = f"Guardrail in {region}", guardrail.partition(":")
    try:
        found = status(surroundings.aws, region, name, version)
    except NoIdentity:
        raise
    except NotFound as error:
        return bad(about, str(error), _MEND.format(region=region))
    except (Misconfigured, Refused):
        said = f"I am not allowed to look up the guardrail `{guardrail}` (`bedrock:GetGuardrail`)."
        return warning(about, said, "Paste what `tunesmith iam bot` prints into the bot's policy.")
    if found != "READY":
        said = f"The guardrail `{guardrail}` is {found.lower()}: until it is ready, files are not read by it."
        return bad(about, said, "Look at it in the Bedrock console.")
    return good(about, f"`{guardrail}` is ready.")


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
