"""Amazon Nova Micro."""

from datetime import date
from decimal import Decimal

from bot.profiles import nova, sources
from bot.profiles.model import Price, PriceKind, Profile, RecordFormat, Serving

PROFILE = Profile(
    name="nova-micro",
    label="Amazon Nova Micro",
    provider="Amazon",
    region="us-east-1",
    training_id="amazon.nova-micro-v1:0:128k",
    inference_id="amazon.nova-micro-v1:0",
    record_format=RecordFormat.BEDROCK_CONVERSATION,
    serving=(Serving.ON_DEMAND_DEPLOYMENT, Serving.PROVISIONED_THROUGHPUT),
    limits=nova.LIMITS,
    hyperparameters=nova.hyperparameters(records_per_warmup_step=640),
    reserved_text=nova.RESERVED_TEXT,
    prices=(
        Price(PriceKind.TRAINING, Decimal("0.001"), date(2026, 8, 1), sources.OBSERVED_RUN),
        Price(PriceKind.INPUT, Decimal("0.035"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("0.14"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.STORAGE, Decimal("1.95"), date(2026, 8, 1), sources.CUSTODIAN),
    ),
    max_answer_tokens=nova.MAX_ANSWER_TOKENS,
    source=sources.FINE_TUNING,
)
