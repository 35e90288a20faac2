"""The base models that the stand-in serves, as data of its own.

These figures are entered a second time on purpose (the bot has its own in ``bot.profiles``): a stand-in that shared
the bot's table could never catch a mistake in it. Sources are AWS's pages as of 2026-11: the fine-tuning table
(bedrock/latest/userguide/custom-model-fine-tuning.html), hyperparameters (custom-models-hp.html), data preparation
(model-customization-prepare.html), deployments (deploy-custom-model-on-demand.html).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Parameter:
    """A hyperparameter: its type, its inclusive range (None where none is published) and its default."""

    whole: bool
    low: float | None
    high: float | None
    default: str


@dataclass(frozen=True)
class Tuning:
    """How a base is fine-tuned: the ID to train with, its data and its hyperparameters."""

    train_id: str
    region: str
    data: Literal["claude", "conversation"]
    min_records: int
    max_records: int
    max_validation_records: int
    max_total_records: int
    parameters: Mapping[str, Parameter]
    batch: int
    max_record_tokens: int
    reserved: tuple[str, ...] = ()
    takes_validation: bool = True
    perplexity: bool = True
    deployable: bool = False
    provisionable: bool = True


@dataclass(frozen=True)
class BaseModel:
    """A foundation model: the ID for on-demand inference, where it is, and how it may be tuned, if at all.

    ``profile_only`` models are invoked through an inference profile (``us.`` or ``global.`` before the ID).
    """

    model_id: str
    name: str
    provider: str
    regions: tuple[str, ...]
    body: Literal["claude", "nova", "llama"]
    max_output_tokens: int
    tuning: Tuning | None = None
    profile_only: bool = False
    counts_tokens: bool = False
    inputs: tuple[str, ...] = field(default=("TEXT",))


_CLAUDE_PARAMETERS = {
    "epochCount": Parameter(True, 1, 10, "2"),
    "batchSize": Parameter(True, 4, 256, "32"),
    "learningRateMultiplier": Parameter(False, 0.1, 2, "1"),
    "earlyStoppingThreshold": Parameter(False, 0, 0.1, "0.001"),
    "earlyStoppingPatience": Parameter(True, 1, 10, "2"),
}
_NOVA_PARAMETERS = {
    "epochCount": Parameter(True, 1, 5, "2"),
    "learningRate": Parameter(False, 1e-6, 1e-4, "0.00001"),
    "learningRateWarmupSteps": Parameter(True, 0, 100, "10"),
}
_NOVA_RESERVED = ("User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]")
# No table is published for Nova 2 Lite; these are what AWS's own SDK (aws/nova-forge-sdk, sft_lora.json) sends.
_NOVA_2_PARAMETERS = _NOVA_PARAMETERS | {"batchSize": Parameter(True, 1, 64, "1")}
# The page for Llama 3.3 has no table of its own: names and defaults as seen in a real run, ranges as for Llama 3.1.
_LLAMA_PARAMETERS = {
    "epochCount": Parameter(True, 1, 10, "5"),
    "batchSize": Parameter(True, 1, 1, "1"),
    "learningRate": Parameter(False, 5e-6, 0.1, "0.0001"),
}


def _nova(size: str, context: str, batch: int) -> BaseModel:
    return BaseModel(
        model_id=f"amazon.nova-{size}-v1:0",
        name=f"Nova {size.title()}",
        provider="Amazon",
        regions=("us-east-1",),
        body="nova",
        max_output_tokens=5_000,
        inputs=("TEXT",) if size == "micro" else ("TEXT", "IMAGE"),
        tuning=Tuning(
            train_id=f"amazon.nova-{size}-v1:0:{context}",
            region="us-east-1",
            data="conversation",
            min_records=8,
            max_records=20_000,
            max_validation_records=20_000,
            max_total_records=20_000,
            parameters=MappingProxyType(_NOVA_PARAMETERS),
            batch=batch,
            max_record_tokens=32_000,
            reserved=_NOVA_RESERVED,
            deployable=True,
        ),
    )


def _sonnet(model_id: str, name: str) -> BaseModel:
    return BaseModel(
        model_id=model_id,
        name=name,
        provider="Anthropic",
        regions=("us-east-1", "us-west-2"),
        body="claude",
        max_output_tokens=64_000,
        profile_only=True,
        inputs=("TEXT", "IMAGE"),
    )


CLAUDE_3_HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"

BASES: tuple[BaseModel, ...] = (
    BaseModel(
        model_id=CLAUDE_3_HAIKU,
        name="Claude 3 Haiku",
        provider="Anthropic",
        regions=("us-west-2",),
        body="claude",
        max_output_tokens=4096,
        inputs=("TEXT", "IMAGE"),
        tuning=Tuning(
            train_id=f"{CLAUDE_3_HAIKU}:200k",
            region="us-west-2",
            data="claude",
            min_records=32,
            max_records=10_000,
            max_validation_records=1_000,
            max_total_records=10_000,
            parameters=MappingProxyType(_CLAUDE_PARAMETERS),
            batch=32,
            max_record_tokens=32_000,
            reserved=("\nHuman:", "\nAssistant:"),
            perplexity=False,
        ),
    ),
    _nova("micro", "128k", 8),
    _nova("lite", "300k", 8),
    _nova("pro", "300k", 8),
    BaseModel(
        model_id="amazon.nova-2-lite-v1:0",
        name="Nova 2 Lite",
        provider="Amazon",
        regions=("us-east-1",),
        body="nova",
        max_output_tokens=64_000,
        inputs=("TEXT", "IMAGE"),
        tuning=Tuning(
            train_id="amazon.nova-2-lite-v1:0:256k",
            region="us-east-1",
            data="conversation",
            # The guide says 200 at least; one real run took 189, so the service's own floor is lower and not known.
            min_records=8,
            max_records=20_000,
            max_validation_records=0,
            max_total_records=20_000,
            parameters=MappingProxyType(_NOVA_2_PARAMETERS),
            batch=32,
            max_record_tokens=32_000,
            reserved=_NOVA_RESERVED,
            takes_validation=False,
            deployable=True,
            provisionable=False,
        ),
    ),
    BaseModel(
        model_id="meta.llama3-3-70b-instruct-v1:0",
        name="Llama 3.3 70B",
        provider="Meta",
        regions=("us-west-2",),
        body="llama",
        max_output_tokens=8192,
        tuning=Tuning(
            train_id="meta.llama3-3-70b-instruct-v1:0:128k",
            region="us-west-2",
            data="conversation",
            min_records=100,
            max_records=10_000,
            max_validation_records=1_000,
            max_total_records=10_000,
            parameters=MappingProxyType(_LLAMA_PARAMETERS),
            batch=1,
            max_record_tokens=16_000,
            deployable=True,
            provisionable=False,
        ),
    ),
    BaseModel(
        model_id="anthropic.claude-haiku-4-5-20251001-v1:0",
        name="Claude Haiku 4.5",
        provider="Anthropic",
        regions=("us-east-1", "us-west-2"),
        body="claude",
        max_output_tokens=64_000,
        profile_only=True,
        counts_tokens=True,
        inputs=("TEXT", "IMAGE"),
    ),
    _sonnet("anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5"),
    _sonnet("anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6"),
)


def by_train_id(identifier: str) -> BaseModel | None:
    """Return the base that is trained under ``identifier`` (with its context suffix), or None."""
    return next((b for b in BASES if b.tuning and b.tuning.train_id == identifier), None)


def by_model_id(identifier: str) -> BaseModel | None:
    """Return the base that is invoked on demand under ``identifier`` (without a suffix), or None."""
    return next((b for b in BASES if b.model_id == identifier), None)


def deployable_in(region: str) -> list[str]:
    """Return the bases of which custom models are deployed there, as quotas name them: ``Amazon Nova Lite``."""
    return [
        f"{base.provider} {base.name}"
        for base in BASES
        if base.tuning and base.tuning.deployable and base.tuning.region == region
    ]
