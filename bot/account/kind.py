"""The durable kind that holds the account against what is known."""

from bot.account.reconciler import KIND, registration
from bot.controller.kind import Called, Kind
from bot.controller.schema import schema_of_region

KINDS = (
    Kind(
        schema=schema_of_region(KIND),
        called=Called("look at the AWS account", "looks at the AWS account"),
        wanted="nothing left running, or forgotten, by accident",
        done=(
            "list by tags; follow again what Redis forgot, by the plan that S3 has of it; release what is overdue, "
            "tell it"
        ),
        billed=(
            "What was forgotten and still runs in the AWS account is not found meanwhile, and is billed: look for it "
            "in the Bedrock console."
        ),
        ends_spending=lambda _spec, _status: True,
        standing=lambda regions: [registration(region) for region in regions],
    ),
)
