"""Amazon Nova Lite."""

from datetime import date
from decimal import Decimal

from bot.profiles import nova, sources
from bot.profiles.model import Price, PriceKind, Profile, RecordFormat, Serving

PROFILE = Profile(
    name="nova-lite",
    label="Amazon Nova Lite",
    provider="Amazon",
    region="us-east-1",
    training_id="amazon.nova-lite-v1:0:300k",
    inference_id="amazon.nova-lite-v1:0",
    record_format=RecordFormat.BEDROCK_CONVERSATION,
    serving=(Serving.ON_DEMAND_DEPLOYMENT, Serving.PROVISIONED_THROUGHPUT),
    limits=nova.LIMITS,
    hyperparameters=nova.hyperparameters(records_per_warmup_step=160),
    reserved_text=nova.RESERVED_TEXT,
    media=nova.MEDIA,
    prices=(
        Price(PriceKind.INPUT, Decimal("0.06"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("0.24"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.STORAGE, Decimal("1.95"), date(2026, 8, 1), sources.CUSTODIAN),
    ),
    max_answer_tokens=nova.MAX_ANSWER_TOKENS,
    source=sources.FINE_TUNING,
)
