"""What the examples of many cards have in common: one team, its dataset, its job, its model and its prices."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.datasets.model import (
    Bucket,
    Cause,
    Dataset,
    Label,
    LabelTable,
    Report,
    Role,
    Severity,
    Source,
    Spread,
    Statistics,
    Verdict,
)
from bot.jobs.cards import CurvePicture, JobView
from bot.jobs.model import JobPlan, Phase, Stage, StageState
from bot.leases.cards import LeaseView
from bot.leases.endpoint import LeasePhase
from bot.models.model import Lifecycle
from bot.pricing.model import Quote, TrainingEstimate
from bot.profiles.model import PriceKind, RecordFormat, Serving
from bot.spending.model import Check

TRAINER, APPROVER, COLLEAGUE = "U1", "U2", "U3"
CHANNEL, OTHER_CHANNEL = "C1", "C2"
NOW = datetime(2026, 11, 22, 17, 8, tzinfo=UTC)
LONG_NAME = "prior-authorization-denials-2026-q3-with-appeals-reviewed-v2"
"""As long as names of files get: 60 characters, and more than a line of a phone."""

SYSTEM_TURN = Cause(
    "system-turn", Severity.ERROR, 5, (4, 12, 20, 29, 44), "messages[0].role",
    "The system prompt stands among the messages, as in OpenAI's format.",
    "It belongs in `system`, beside `messages`.", "lift-system-turn",
)  # fmt: skip
BLANK_LINE = Cause(
    "blank-line", Severity.ERROR, 2, (21, 46), "", "The line is blank; Bedrock takes no blank lines.",
    "Remove it.", "drop-blank-lines",
)  # fmt: skip
UNKNOWN_KEY = Cause(
    "unknown-key", Severity.ERROR, 1, (8,), "source",
    'The key `source` is not part of the format and would be dropped: it is bookkeeping, such as `"intake-2026-10"`.',
    "Only `system` and `messages` with `role` and `content` are allowed.", "drop-unknown-keys",
)  # fmt: skip
ROLE = Cause(
    "role-spelling", Severity.ERROR, 1, (35,), "messages[0].role", "Write the role `USER` as `user`.",
    "The service takes exactly `user` and `assistant`.", "lower-roles",
)  # fmt: skip
MARK = Cause(
    "byte-order-mark", Severity.ERROR, 1, (1,), "",
    "The text begins with a byte-order mark, which breaks the JSON of its line.", "Save as UTF-8 without a mark.",
    "strip-byte-order-mark",
)  # fmt: skip
EMPTY = Cause(
    "empty-text", Severity.ERROR, 12, (5, 17, 23, 31, 38, 40, 44, 51, 57, 60), "messages[1].content",
    "A text is empty.", "Fill it or delete the record; an empty answer teaches the model to say nothing.", None,
)  # fmt: skip
TOO_FEW = Cause(
    "too-few-records", Severity.ERROR, 1, (), "", "12 records; Claude 3 Haiku needs at least 32.",
    "Add records of real cases; copies do not help.", None,
)  # fmt: skip
PERSONAL = Cause(
    "personal-data", Severity.WARNING, 3, (6, 18, 41), "messages[0].content",
    "What looks like a date of birth and a policy number stands in the text.",
    "Whoever may ask the model may get it told. Take it out, unless it has to be learned.", None,
)  # fmt: skip
CONTENT_KEY = Cause(
    "content-key", Severity.ERROR, 40, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "rationale",
    "The key `rationale` has text that would be dropped.", "Move it into an answer, or choose to drop it.", None,
    ("drop-content-keys",),
)  # fmt: skip

_LENGTHS = (
    (136, 140, 3),
    (141, 146, 4),
    (147, 151, 14),
    (152, 157, 21),
    (158, 163, 15),
    (164, 169, 3),
    (170, 176, 4),
)
_QUEUES = (
    "prior-authorization",
    "appeals-oncology",
    "member-services",
    "pharmacy",
    "enrollment",
    "provider-payments",
)
STATISTICS = Statistics(
    64, Spread(128, 2, 2, 2, 2), Spread(27_769, 375, 434, 488, 505), Spread(9_921, 136, 155, 170, 176), 1,
    "You route health-insurance claims.", 1.0,
    lengths=tuple(Bucket(*each) for each in _LENGTHS),
    labels=(
        LabelTable("queue", 64, 16, tuple(Label(each, 4) for each in _QUEUES)),
        LabelTable("priority", 64, 4, (Label("normal", 24), Label("high", 16), Label("urgent", 12), Label("low", 12))),
    ),
    languages={"English": 60, "Spanish": 4},
    tokens_low=Spread(5_528, 75, 86, 97, 101),
)  # fmt: skip


def report(
    verdict: Verdict = Verdict.READY,
    *causes: Cause,
    name: str = "claims",
    role: Role = Role.TRAINING,
    records: int = 64,
) -> Report:
    """Return the judgement of a file."""
    return Report(
        f"{name}.jsonl", "claude-3-haiku", role, RecordFormat.CLAUDE_MESSAGES, verdict, records, 35_878, "5f" * 32,
        causes, STATISTICS,
    )  # fmt: skip


def dataset(name: str = "claims", *causes: Cause, role: Role = Role.TRAINING, records: int = 64) -> Dataset:
    """Return a stored dataset that is ready."""
    return Dataset(
        "5f5f5f5f5f5f",
        name,
        report(Verdict.READY, *causes, name=name, role=role, records=records),
        Source("F1", CHANNEL, "1763831280.000100", TRAINER),
        NOW,
        {"us-west-2": "s3://tunesmith-west/datasets/5f.jsonl"},
    )


TRAINING_PRICE = Quote(
    PriceKind.TRAINING,
    Decimal("0.004"),
    "https://aws.amazon.com/bedrock/pricing (fine-tuning), as of 2026-11-01",
)
STORAGE_PRICE = Quote(PriceKind.STORAGE, Decimal("1.95"), TRAINING_PRICE.source)
HOUR = Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(22), "set by the operator")
UNKNOWN_PRICE = Quote(PriceKind.TRAINING, None, "")
ESTIMATE = TrainingEstimate(9_921, 4, TRAINING_PRICE, Decimal("0.16"))

LIFECYCLE = Lifecycle("ACTIVE", end_of_life=datetime(2027, 3, 10, tzinfo=UTC))
ENDED = Lifecycle("ENDED", end_of_life=datetime(2026, 9, 10, tzinfo=UTC))
HELD = tuple(
    Check(name, True, said)
    for name, said in (
        ("bucket", "The bucket `tunesmith-west` is in us-west-2."),
        ("training data", "The training data is there and unchanged."),
        ("role", "The role trusts Bedrock and reads the bucket."),
        ("pass role", "I can hand the role `tunesmith-bedrock` to Bedrock."),
        ("model name", "The model's name is free."),
        ("job name", "The job's name is free."),
        ("records", "The number of records is within the quota."),
        ("size", "The file's size is within the quota."),
        ("encryption", "The bucket is encrypted."),
        ("lifecycle", "No rule of the bucket deletes the data before the end."),
        ("overlap", "No record stands in both sets."),
    )
)
BUDGET = Check(
    "budget",
    True,
    "That leaves $161.64 of this channel's $200.00 for November.",
    apart=True,
)
NO_ROOM = Check(
    "budget",
    False,
    "Training costs at most $25.00, and only $9.00 of this channel's $200.00 for November is left. "
    "Most went to `claims-router`: $126.36.",
    "Make it smaller, wait until 1 December, or have it raised: `/tune budget` says by whom.",
)
NO_FIGURE = Check(
    "budget",
    True,
    "Training has an unknown price, so it counts as nothing in this channel's $200.00 for November.",
    "The operator can set it in TUNESMITH_PRICES; then ask again.",
    notice=True,
    apart=True,
)
BASE_ENDED = Check(
    "base model",
    False,
    "Claude 3 Haiku has been closed to most accounts since 10 September 2026, the end of its life on Bedrock: no new "
    "job and no new throughput starts on it, unless yours has a private arrangement with its provider.",
    "Open now: `nova-micro` (us-east-1), `llama-3.3-70b` (us-west-2). Its records have another shape: "
    "`/tune convert DATASET for nova-micro` writes them so.",
    instead="nova-micro",
)
NO_TRUST = Check(
    "role", False, "The role `tunesmith-bedrock` does not trust Bedrock in this account.",
    "Let `bedrock.amazonaws.com` assume it: `./tunesmith iam` prints the policy.",
)  # fmt: skip
QUOTA = Check(
    "quota", True, "9 of the account's 10 training jobs are under way in us-west-2.", "", notice=True
)
HIDDEN = Check(
    "pass role",
    True,
    "I am not allowed to look up whether I can hand the role `tunesmith-bedrock` to Bedrock "
    "(`iam:SimulatePrincipalPolicy`); Bedrock will check it.",
    checked=False,
)

PLAN = JobPlan(
    profile="claude-3-haiku",
    base_model_id="anthropic.claude-3-haiku-20240307-v1:0:200k",
    region="us-west-2",
    job_name="claims-20261122-1",
    model_name="claims-router",
    role_arn="arn:aws:iam::123456789012:role/tunesmith-bedrock",
    dataset_id="5f5f5f5f5f5f",
    dataset_name="claims",
    dataset_sha256="5f" * 32,
    training_uri="s3://tunesmith-west/datasets/5f.jsonl",
    output_uri="s3://tunesmith-west/jobs/",
    hyperparameters={
        "epochCount": "4",
        "batchSize": "32",
        "learningRateMultiplier": "1",
        "earlyStoppingThreshold": "0.001",
        "earlyStoppingPatience": "6",
    },
    records=58,
    tokens=9_921,
    owner=TRAINER,
    channel=CHANNEL,
    system_prompt="You route health-insurance claims.",
    validation_dataset_id="7a7a7a7a7a7a",
    validation_records=6,
)


CURVE = CurvePicture("F0CURVE01", "Line chart of the losses over 4 epochs: training loss from 2.1 to 0.312.")


_COSTS = {
    Phase.COMPLETED: "≈ $0.15, less than estimated",
    Phase.FAILED: "up to $0.16, by what was trained",
    Phase.STOPPED: "up to $0.16, by what was trained",
}
"""What a job cost by its end, as the bot says it."""


def job(phase: Phase, *states: StageState, **more: object) -> JobView:
    """Return a job in that phase; ``states`` are those of its stages."""
    begins = (0, 3, 9)
    stages = tuple(
        Stage(
            name,
            state,
            NOW + timedelta(minutes=begin) if state is not StageState.NOT_STARTED else None,
            NOW + timedelta(minutes=begin + 3) if state is not StageState.NOT_STARTED else None,
        )
        for name, state, begin in zip(
            ("Validation", "Data processing", "Training"), states, begins, strict=False
        )
    )
    values: dict[str, object] = {
        "stages": stages,
        "hyperparameters": tuple(PLAN.hyperparameters.items()),
        "created": NOW,
        "seen_at": NOW + timedelta(minutes=14),
        "as_of": NOW + timedelta(minutes=14),
        "cost": _COSTS.get(phase, "at most $0.16"),
    }
    return JobView(
        "3c3c3c3c3c3c", PLAN.job_name, PLAN.model_name, PLAN.profile, PLAN.dataset_name, TRAINER, phase,
        **(values | more),  # type: ignore[arg-type]
    )  # fmt: skip


DONE = StageState.COMPLETED


def lease(phase: LeasePhase, **more: object) -> LeaseView:
    """Return a lease of two hours on Provisioned Throughput, in that phase."""
    runs = phase is LeasePhase.IN_SERVICE
    values: dict[str, object] = {
        "hour_more": "at most $66.00",
        "hour_more_usd": Decimal(66),
        "release_at": NOW + timedelta(minutes=75) if runs else None,
        "left_minutes": 75 if runs else None,
        "spent": "$16.50" if runs else "",
    }
    return LeaseView(
        "9d9d9d9d9d9d", PLAN.model_name, PLAN.profile, TRAINER, Serving.PROVISIONED_THROUGHPUT, phase, 120, HOUR,
        "at most $44.00", **(values | more),  # type: ignore[arg-type]
    )  # fmt: skip
