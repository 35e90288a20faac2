"""A guardrail of Amazon Bedrock, asked by itself (ApplyGuardrail): ``bot.datasets.screening.Guardrail``."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.datasets.screening import MASKED
from bot.errors import NotFound

OPERATION = "ApplyGuardrail"
_SIGNS = re.compile(r"[\W_]+")
"""What is not shown of a policy's name, which is anybody's text."""
STOPPED = "GUARDRAIL_INTERVENED"

# Where each policy of an assessment lists what it found, and what is told of a finding. Never the match: it is a text.
_POLICIES: tuple[tuple[str, str, str, str], ...] = (
    ("topicPolicy", "topics", "topic", "name"),
    ("contentPolicy", "filters", "content", "type"),
    ("wordPolicy", "customWords", "word", ""),
    ("wordPolicy", "managedWordLists", "word", "type"),
    ("sensitiveInformationPolicy", "piiEntities", "personal data", "type"),
    ("sensitiveInformationPolicy", "regexes", "pattern", "name"),
    ("contextualGroundingPolicy", "filters", "grounding", "type"),
)


class BedrockGuardrail:
    """One version of one guardrail, in its region."""

    def __init__(self, clients: AwsClients, region: str, guardrail: str, version: str) -> None:
        self._clients = clients
        self._region = region
        self._guardrail = guardrail
        self._version = version

    @property
    def name(self) -> str:
        """Its ID and version."""
        return f"{self._guardrail}:{self._version}"

    def screen(self, text: str, *, is_answer: bool) -> tuple[str, ...]:
        """Return what the guardrail has against the text."""
        try:
            with translated(OPERATION):
                reply = self._clients.guardrails(self._region).apply_guardrail(
                    guardrailIdentifier=self._guardrail,
                    guardrailVersion=self._version,
                    source="OUTPUT" if is_answer else "INPUT",
                    content=[{"text": {"text": text}}],
                )
        except NotFound as error:
            raise _missing(self.name, self._region, error) from error
        if reply["action"] != STOPPED:
            return ()
        return tuple(dict.fromkeys(_reasons(reply.get("assessments", ())))) or ("stopped",)


def status(clients: AwsClients, region: str, guardrail: str, version: str) -> str:
    """Return how that version is by Bedrock: ``READY`` where it can be asked (botocore 1.44.5, GetGuardrail).

    Raises:
        NotFound: there is none.
        Refused, Misconfigured: it may not be looked up.
        Unavailable: Bedrock does not answer.
    """
    try:
        with translated("GetGuardrail"):
            asked = clients.bedrock_interactive(region)
            return asked.get_guardrail(guardrailIdentifier=guardrail, guardrailVersion=version)["status"]
    except NotFound as error:
        raise _missing(f"{guardrail}:{version}", region, error) from error


def _missing(name: str, region: str, error: NotFound) -> NotFound:
    return NotFound(
        f"There is no guardrail `{name}` in {region}.",
        hint="The operator corrects TUNESMITH_GUARDRAILS.",
        detail=error.detail,
    )


def _reasons(assessments: Any) -> Iterator[str]:
    for assessment in assessments:
        for policy, member, kind, told in _POLICIES:
            for found in assessment.get(policy, {}).get(member, ()):
                # NONE is what a policy found and let pass.
                if found.get("action") != "NONE":
                    yield _reason(kind, found, told)


def _reason(kind: str, found: Mapping[str, Any], told: str) -> str:
    name = _SIGNS.sub(" ", str(found.get(told, ""))).strip().lower() if told else ""
    # AWS says that it stepped in of a text, too, of which it only covers something (ApplyGuardrail).
    covered = MASKED if found.get("action") == "ANONYMIZED" else ""
    return f"{covered}{kind}: {name}" if name else f"{covered}{kind}"
