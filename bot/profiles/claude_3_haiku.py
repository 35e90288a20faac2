"""Claude 3 Haiku, the base model that Tunesmith was made for."""

from datetime import date
from decimal import Decimal

from bot.profiles import sources
from bot.profiles.model import (
    Hyperparameter,
    KnownLifecycle,
    Limits,
    Price,
    PriceKind,
    Profile,
    RecordFormat,
    ReservedText,
    Serving,
)

PROFILE = Profile(
    name="claude-3-haiku",
    label="Claude 3 Haiku",
    provider="Anthropic",
    region="us-west-2",
    training_id="anthropic.claude-3-haiku-20240307-v1:0:200k",
    inference_id="anthropic.claude-3-haiku-20240307-v1:0",
    record_format=RecordFormat.CLAUDE_MESSAGES,
    serving=(Serving.PROVISIONED_THROUGHPUT,),
    limits=Limits(
        min_records=32,
        max_training_records=10_000,
        max_validation_records=1_000,
        max_total_records=10_000,
        max_tokens_per_record=32_000,
        max_training_bytes=10 * 1024**3,
        max_validation_bytes=1024**3,
        source=sources.PREPARE,
    ),
    hyperparameters=(
        Hyperparameter(
            name="epochCount",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(10),
            default=Decimal(2),
            meaning="how often training goes through the whole dataset, at most",
            source=sources.CLAUDE_HYPERPARAMETERS,
        ),
        Hyperparameter(
            name="batchSize",
            integer=True,
            minimum=Decimal(4),
            maximum=Decimal(256),
            default=Decimal(32),
            meaning="records a step",
            source=sources.CLAUDE_HYPERPARAMETERS,
        ),
        Hyperparameter(
            name="learningRateMultiplier",
            integer=False,
            minimum=Decimal("0.1"),
            maximum=Decimal(2),
            default=Decimal(1),
            meaning="scales the base model's own learning rate",
            source=sources.CLAUDE_HYPERPARAMETERS,
        ),
        Hyperparameter(
            name="earlyStoppingThreshold",
            integer=False,
            minimum=Decimal(0),
            maximum=Decimal("0.1"),
            default=Decimal("0.001"),
            meaning="the least fall of the validation loss that counts as progress",
            source=sources.CLAUDE_HYPERPARAMETERS,
            needs_validation=True,
        ),
        Hyperparameter(
            name="earlyStoppingPatience",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(10),
            default=Decimal(2),
            meaning="epochs without progress after which training stops",
            source=sources.CLAUDE_HYPERPARAMETERS,
            needs_validation=True,
        ),
    ),
    reserved_text=(
        ReservedText("\nHuman:", sources.CLAUDE_VALIDATOR),
        ReservedText("\nAssistant:", sources.CLAUDE_VALIDATOR),
    ),
    prices=(
        # Training and provisioned throughput: no published figure was found, so there is none here.
        Price(PriceKind.INPUT, Decimal("0.25"), date(2026, 6, 9), sources.OPENROUTER),
        Price(PriceKind.OUTPUT, Decimal("1.25"), date(2026, 6, 9), sources.OPENROUTER),
        Price(PriceKind.STORAGE, Decimal("1.95"), date(2026, 8, 1), sources.CUSTODIAN),
    ),
    lifecycle=KnownLifecycle(end_of_life=date(2026, 9, 10), source=sources.LIFECYCLE),
    source=sources.FINE_TUNING,
    notes=("On-demand prices may be higher since extended access began on 2026-06-10.",),
)
