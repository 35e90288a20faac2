"""Meta Llama 3.3 70B Instruct."""

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
    Serving,
)

PROFILE = Profile(
    name="llama-3.3-70b",
    label="Llama 3.3 70B Instruct",
    provider="Meta",
    region="us-west-2",
    training_id="meta.llama3-3-70b-instruct-v1:0:128k",
    inference_id="us.meta.llama3-3-70b-instruct-v1:0",
    record_format=RecordFormat.BEDROCK_CONVERSATION,
    serving=(Serving.ON_DEMAND_DEPLOYMENT,),
    limits=Limits(
        min_records=100,
        max_training_records=10_000,
        max_validation_records=1_000,
        max_total_records=10_000,
        max_tokens_per_record=16_000,
        source=sources.PREPARE,
    ),
    # Ranges are those of Llama 3.1 and 3.2, whose defaults a real run of 3.3 showed too; 3.3 has no own table.
    hyperparameters=(
        Hyperparameter(
            name="epochCount",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(10),
            default=Decimal(5),
            meaning="how often training goes through the whole dataset",
            source=sources.HYPERPARAMETERS,
        ),
        Hyperparameter(
            name="batchSize",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(1),
            default=Decimal(1),
            meaning="records a step; this base takes only 1",
            source=sources.HYPERPARAMETERS,
        ),
        Hyperparameter(
            name="learningRate",
            integer=False,
            minimum=Decimal("0.000005"),
            maximum=Decimal("0.1"),
            default=Decimal("0.0001"),
            meaning="how far each step moves the weights",
            source=sources.HYPERPARAMETERS,
        ),
    ),
    reserved_text=(),
    prices=(
        Price(PriceKind.TRAINING, Decimal("0.0033"), date(2026, 8, 1), sources.OBSERVED_RUN),
        Price(PriceKind.INPUT, Decimal("0.72"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("0.72"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.STORAGE, Decimal("1.95"), date(2026, 8, 1), sources.CUSTODIAN),
    ),
    lifecycle=KnownLifecycle(end_of_life=date(2027, 3, 30), source=sources.LITELLM),
    system_blocks_max=1,
    source=sources.FINE_TUNING,
)
