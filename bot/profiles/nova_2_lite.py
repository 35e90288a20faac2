"""Amazon Nova 2 Lite."""

from datetime import date
from decimal import Decimal

from bot.profiles import nova, sources
from bot.profiles.model import Hyperparameter, Limits, Media, Price, PriceKind, Profile, RecordFormat, Serving

PROFILE = Profile(
    name="nova-2-lite",
    label="Amazon Nova 2 Lite",
    provider="Amazon",
    region="us-east-1",
    training_id="amazon.nova-2-lite-v1:0:256k",
    # It is invoked by a cross-Region inference profile, not by its bare ID (its model card, copy of 2026-10-11).
    inference_id="us.amazon.nova-2-lite-v1:0",
    record_format=RecordFormat.BEDROCK_CONVERSATION,
    serving=(Serving.ON_DEMAND_DEPLOYMENT,),
    limits=Limits(
        min_records=200,
        max_training_records=20_000,
        max_total_records=20_000,
        max_tokens_per_record=32_000,
        advised_records=2_000,
        copies_advised_below=nova.COPIES_ADVISED_BELOW,
        validation_allowed=False,
        source=sources.NOVA_2_SFT,
    ),
    # No table is published for this base; these are what AWS's own SDK sends.
    hyperparameters=(
        *nova.hyperparameters(records_per_warmup_step=None, source=sources.NOVA_FORGE),
        Hyperparameter(
            name="batchSize",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(64),
            default=Decimal(1),
            meaning="records that each step learns from together",
            source=sources.NOVA_FORGE,
        ),
    ),
    reserved_text=nova.RESERVED_TEXT,
    # Its guide names no counts; AWS's own SDK takes those of Nova 1.
    media=Media(
        image_formats=("png", "jpeg", "gif"),
        video_formats=("mov", "mkv", "mp4"),
        images_max=nova.MEDIA.images_max,
        videos_max=nova.MEDIA.videos_max,
        source=sources.NOVA_2_SFT,
        homogeneous=True,
    ),
    reasoning=True,
    prices=(
        Price(PriceKind.TRAINING, Decimal("0.00378"), date(2026, 8, 1), sources.OBSERVED_RUN),
        Price(PriceKind.INPUT, Decimal("0.33"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.OUTPUT, Decimal("2.75"), sources.LITELLM_READ, sources.LITELLM),
        Price(PriceKind.STORAGE, Decimal("1.95"), date(2026, 8, 1), sources.CUSTODIAN),
    ),
    max_answer_tokens=64_000,  # its model card
    source=sources.NOVA_2_SFT,
    notes=("The service has been seen to accept 189 records, fewer than its guide asks for.",),
)
