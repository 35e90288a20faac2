"""What a base-model profile says: everything that differs from one base model to the next, as frozen values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class RecordFormat(StrEnum):
    """The shape of one line of a training file."""

    CLAUDE_MESSAGES = "claude-messages"
    """``{"system"?: str, "messages": [{"role", "content": str}]}``"""

    BEDROCK_CONVERSATION = "bedrock-conversation-2024"
    """``{"schemaVersion", "system"?: [{"text"}], "messages": [{"role", "content": [{"text"}]}]}``"""


class Serving(StrEnum):
    """How a model that was tuned from this base can be asked."""

    PROVISIONED_THROUGHPUT = "provisioned-throughput"
    """Bought by the model unit and the hour, billed until it is deleted."""

    ON_DEMAND_DEPLOYMENT = "on-demand-deployment"
    """A custom-model deployment: nothing while idle, billed by the token."""


class Term(StrEnum):
    """For how long throughput is bought at once, so that nobody ends it before: AWS sells these two.

    An hour without a term costs more, and is ended at any time.
    """

    ONE_MONTH = "1-month"
    SIX_MONTHS = "6-months"

    @property
    def words(self) -> str:
        """How people call it: ``1 month``, ``6 months``."""
        return self.value.replace("-", " ")

    @property
    def hours(self) -> int:
        """The hours of the longest that it can be: 31 days, and 184, from March on or July.

        AWS says when one ends (``commitmentExpirationTime``) and nowhere how many days a month has in it, so that what
        it costs at most is told by the longest.
        """
        return 24 * (31 if self is Term.ONE_MONTH else 184)


class PriceKind(StrEnum):
    """What a price is for, and so its unit."""

    TRAINING = "training_per_1k_tokens"
    STORAGE = "storage_per_month"
    MODEL_UNIT_HOUR = "model_unit_hour"
    MODEL_UNIT_HOUR_1_MONTH = "model_unit_hour_1_month"
    MODEL_UNIT_HOUR_6_MONTHS = "model_unit_hour_6_months"
    INPUT = "input_per_1m_tokens"
    OUTPUT = "output_per_1m_tokens"
    BATCH_INPUT = "batch_input_per_1m_tokens"
    BATCH_OUTPUT = "batch_output_per_1m_tokens"
    SCREENING = "screening_per_1k_text_units"


@dataclass(frozen=True, slots=True)
class Price:
    """One published price in US dollars; ``as_of`` is when its source showed it."""

    kind: PriceKind
    usd: Decimal
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service takes of a dataset for this base. ``None`` means that no figure is published.

    Counts are records, sizes are bytes. ``advised_records`` is guidance, never an error.
    """

    min_records: int
    max_training_records: int
    max_total_records: int
    max_tokens_per_record: int
    source: str
    max_validation_records: int | None = None
    max_training_bytes: int | None = None
    max_validation_bytes: int | None = None
    advised_records: int | None = None
    validation_allowed: bool = True
    copies_advised_below: int | None = None
    """Below so many records the vendor itself advises to repeat the data."""


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One hyperparameter under the API's own name. Bounds are inclusive; the API takes every value as a string."""

    name: str
    integer: bool
    minimum: Decimal
    maximum: Decimal
    default: Decimal
    meaning: str
    source: str
    needs_validation: bool = False

    def text(self, value: Decimal) -> str:
        """Return ``value`` as the API wants it: plain digits, no exponent, no trailing zeros."""
        return str(int(value)) if self.integer else f"{value.normalize():f}"


@dataclass(frozen=True, slots=True)
class ReservedText:
    """A string that makes the job fail wherever it stands in a record's text."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class KnownLifecycle:
    """The date that was published. It explains a refusal; the gate itself asks Bedrock (``modelLifecycle``)."""

    end_of_life: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Media:
    """What the base takes of pictures and videos in the user's messages; counts are for one record.

    ``homogeneous``: the guide asks for rows of one kind, those of text alone apart from those with media.
    """

    image_formats: tuple[str, ...]
    video_formats: tuple[str, ...]
    images_max: int
    videos_max: int
    source: str
    homogeneous: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """One base model.

    ``training_id`` goes into a customization job and ``inference_id`` into an on-demand call: they differ,
    and neither works in the other's place.
    """

    name: str
    label: str
    provider: str
    region: str
    training_id: str
    inference_id: str
    record_format: RecordFormat
    serving: tuple[Serving, ...]
    limits: Limits
    hyperparameters: tuple[Hyperparameter, ...]
    reserved_text: tuple[ReservedText, ...]
    source: str
    prices: tuple[Price, ...] = ()
    lifecycle: KnownLifecycle | None = None
    system_blocks_max: int | None = None
    further_tuning: bool = True
    """Whether a model made from this base can be trained further: the API takes a custom model in the base's place."""
    max_answer_tokens: int = 4096
    media: Media | None = None
    """None when the base is tuned on text alone."""
    reasoning: bool = False
    """Whether answers may hold ``reasoningContent``."""
    notes: tuple[str, ...] = field(default=())

    def hyperparameter(self, name: str) -> Hyperparameter | None:
        """Return the hyperparameter of that exact API name, or None."""
        return next((each for each in self.hyperparameters if each.name == name), None)

    def price(self, kind: PriceKind) -> Price | None:
        """Return the published price of that kind, or None: unknown prices are never invented."""
        return next((each for each in self.prices if each.kind == kind), None)
