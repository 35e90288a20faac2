"""Values that many tests of jobs and leases begin with."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.access import Access
from bot.datasets.model import Dataset, Report, Role, Source, Spread, Statistics, Verdict
from bot.jobs.model import JobPlan, JobSettings
from bot.models.model import CustomModel
from bot.pricing.book import PriceBook
from bot.profiles import registry
from bot.profiles.model import PriceKind
from tests.doubles.memberships import FakeMemberships

ROLE = "arn:aws:iam::123456789012:role/tunesmith-bedrock"
SETTINGS = JobSettings(
    role_arn=ROLE,
    buckets={"us-west-2": "tunesmith-west", "us-east-1": "tunesmith-east"},
    approval_limit=Decimal(25),
)
ACCESS = Access(
    trainers=frozenset({"UTRAIN", "UBOSS"}), approvers=frozenset({"UBOSS"}), people=FakeMemberships()
)
PRICES = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal("0.001"),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal("8.00"),
    }
)
NO_PRICES = PriceBook({})
SYSTEM = "You route insurance claims."


def dataset(
    name: str = "claims",
    *,
    profile: str = "claude-3-haiku",
    records: int = 85,
    tokens: int = 42_000,
    verdict: Verdict = Verdict.READY,
    role: Role = Role.TRAINING,
    sha256: str = "ab" * 32,
) -> Dataset:
    """Return a stored dataset, ready for training unless told otherwise."""
    base = registry.get(profile)
    spread = Spread(tokens, 100, 400, 800, 900)
    report = Report(
        file=f"{name}.jsonl",
        profile=profile,
        role=role,
        format=base.record_format,
        verdict=verdict,
        records=records,
        bytes=100_000,
        sha256=sha256,
        causes=(),
        statistics=Statistics(records, spread, spread, spread, 1, SYSTEM, 1.0),
    )
    uri = f"s3://tunesmith-{base.region[3:7]}/datasets/{sha256}.jsonl"
    return Dataset(
        id=sha256[:12],
        name=name,
        report=report,
        source=Source("F012345", "C1", "1.0", "UTRAIN"),
        stored_at=datetime(2026, 11, 22, 8, tzinfo=UTC),
        locations={base.region: uri},
    )


def plan(**changes: object) -> JobPlan:
    """Return a plan for the dataset ``claims`` on Claude 3 Haiku."""
    made = JobPlan(
        profile="claude-3-haiku",
        base_model_id="anthropic.claude-3-haiku-20240307-v1:0:200k",
        region="us-west-2",
        job_name="claims-20261122-1",
        model_name="claims-router",
        role_arn=ROLE,
        dataset_id="abababababab",
        dataset_name="claims",
        dataset_sha256="ab" * 32,
        training_uri="s3://tunesmith-west/datasets/ab.jsonl",
        output_uri="s3://tunesmith-west/jobs/",
        hyperparameters={
            "epochCount": "2",
            "batchSize": "32",
            "learningRateMultiplier": "1",
            "earlyStoppingThreshold": "0.001",
            "earlyStoppingPatience": "2",
        },
        records=85,
        tokens=42_000,
        owner="UTRAIN",
        channel="C1",
        system_prompt=SYSTEM,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _made_of(name: str) -> str:
    """Return what Bedrock's own ID looks like: that of the one model most tests have, or one that its name makes."""
    return "abcdefabcdef" if name == "claims-router" else hashlib.sha256(name.encode()).hexdigest()[:12]


def model(
    name: str = "claims-router", *, profile: str = "claude-3-haiku", channel: str = "C1"
) -> CustomModel:
    """Return a model that came out of a job."""
    region = registry.get(profile).region
    base = registry.get(profile).training_id
    return CustomModel(
        name=name,
        # A model is known by its ARN, whatever it is called: two names, two ARNs.
        arn=f"arn:aws:bedrock:{region}:123456789012:custom-model/{base}/{_made_of(name)}",
        profile=profile,
        region=region,
        job_id="0123456789ab",
        dataset_id="abababababab",
        dataset_name="claims",
        owner="UTRAIN",
        channel=channel,
        created=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        system_prompt=SYSTEM,
        training_loss=0.42,
    )
