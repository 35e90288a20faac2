"""What the Nova Micro, Lite and Pro profiles share. Not a profile itself."""

from decimal import Decimal

from bot.profiles import sources
from bot.profiles.model import Hyperparameter, Limits, Media, ReservedText

COPIES_ADVISED_BELOW = 1_000
"""Below so many records Nova's guide advises to repeat the data, since epochs end at 5: ``sources.NOVA_ADVICE``."""

LIMITS = Limits(
    min_records=8,
    max_training_records=20_000,
    max_total_records=20_000,
    max_tokens_per_record=32_000,
    advised_records=100,
    copies_advised_below=COPIES_ADVISED_BELOW,
    source=sources.NOVA_PREPARE,
)

MAX_ANSWER_TOKENS = 5_000
"""Tokens of the longest answer of Nova Micro, Lite and Pro (their model cards, read 2026-11-29)."""

RESERVED_TEXT = tuple(
    ReservedText(text, sources.NOVA_PREPARE)
    for text in ("User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]")
)

MEDIA = Media(
    image_formats=("jpeg", "png", "gif", "webp"),
    video_formats=("mov", "mkv", "mp4", "webm"),
    images_max=10,
    videos_max=1,
    source=sources.NOVA_PREPARE,
)
"""Of Lite and Pro; Micro takes text alone."""


def hyperparameters(
    *, records_per_warmup_step: int | None, source: str = sources.HYPERPARAMETERS
) -> tuple[Hyperparameter, ...]:
    """Return Nova's three hyperparameters; warm-up steps are advised as records divided by the argument, if any."""
    advice = f"; advised: records / {records_per_warmup_step}" if records_per_warmup_step else ""
    return (
        Hyperparameter(
            name="epochCount",
            integer=True,
            minimum=Decimal(1),
            maximum=Decimal(5),
            default=Decimal(2),
            meaning="how often training goes through the whole dataset",
            source=source,
        ),
        Hyperparameter(
            name="learningRate",
            integer=False,
            minimum=Decimal("0.000001"),
            maximum=Decimal("0.0001"),
            default=Decimal("0.00001"),
            meaning="how far each step moves the weights",
            source=source,
        ),
        Hyperparameter(
            name="learningRateWarmupSteps",
            integer=True,
            minimum=Decimal(0),
            maximum=Decimal(100),
            default=Decimal(10),
            meaning=f"steps until the full learning rate{advice}",
            source=source,
        ),
    )
