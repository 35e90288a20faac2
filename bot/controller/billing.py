"""What is billed while something of ours does not work, in words: nobody should have to guess that from a reference."""

from collections.abc import Mapping

_BILLED: Mapping[str, str] = {
    "lease": (
        "If its throughput was bought, AWS bills it by the hour until it is deleted. I still release it at its "
        "deadline: that is done apart from this."
    ),
    "release": (
        "AWS bills this throughput by the hour until it is deleted, and I cannot do that for now: delete it in the "
        "Bedrock console if it must not run on."
    ),
    "job": "AWS bills what it trains there meanwhile.",
    "distillation": "AWS bills what is answered there meanwhile.",
    "account": (
        "What was forgotten and still runs in the AWS account is not found meanwhile, and is billed: look for it in "
        "the Bedrock console."
    ),
}


def billed(kind: str) -> str:
    """Return what is billed while things of that kind do not work; empty for a kind that costs nothing by itself."""
    return _BILLED.get(kind, "")
