"""Failures to order: for the next calls of an operation, or for the next job, throughput or deployment."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from bot.playground.bedrock.errors import ServiceFault

EVERY = "*"
S3_EVERY = "s3:*"


@dataclass(frozen=True)
class Kind:
    """A kind of failure; ``code`` and ``message`` are set for those that are plain service errors.

    ``operations`` are those for which it makes sense; ``("*",)`` means any. A message may name ``{who}`` calls, and
    the ``{action}`` that the call needs.
    """

    kind: str
    label: str
    operations: tuple[str, ...] = (EVERY,)
    code: str | None = None
    message: str = ""

    def error(self, who: str = "", action: str = "") -> ServiceFault:
        """Return the service error this kind stands for, as whoever calls for that action is told it."""
        assert self.code is not None
        return ServiceFault(self.code, self.message.format(who=who, action=action))


_JOB = ("CreateModelCustomizationJob",)
_STREAMS = ("ConverseStream", "InvokeModelWithResponseStream")
_ANSWERS = ("ConverseStream", "Converse")

KINDS: dict[str, Kind] = {
    kind.kind: kind
    for kind in (
        Kind("throttle", "Throttled (429)", code="ThrottlingException", message="Rate exceeded"),
        Kind(
            "internal_error",
            "Internal server error (500)",
            code="InternalServerException",
            message="The system encountered an unexpected error during processing. Try your request again.",
        ),
        Kind(
            "access_denied",
            "Access denied (403)",
            code="AccessDeniedException",
            # docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
            message="User: {who} is not authorized to perform: {action} on resource: * because no identity-based "
            "policy allows the {action} action",
        ),
        Kind(
            "quota_exceeded",
            "Service quota exceeded (400)",
            code="ServiceQuotaExceededException",
            message="Your request exceeds the service quota for your account.",
        ),
        Kind(
            "wrong_clock",
            "Signed by a clock that is wrong",
            code="InvalidSignatureException",
            message="Signature expired: 20261122T093000Z is now earlier than 20261122T094000Z (20261122T094500Z - 5 "
            "min.)",
        ),
        Kind("drop_before", "Connection dropped before the call takes effect"),
        Kind("lose_reply", "Call takes effect, its reply is lost"),
        Kind("html_502", "A proxy answers 502 in HTML"),
        Kind("delay", "Answers after three seconds"),
        Kind("cut_stream", "The stream breaks off half-way", _STREAMS),
        Kind("stream_error", "The stream ends with a model error", _STREAMS),
        Kind("stop_length", "The answer reaches its limit of tokens", _ANSWERS),
        Kind("stop_context", "The answer fills the model's context", _ANSWERS),
        Kind("stop_filter", "A content filter stops the answer", _ANSWERS),
        Kind("stop_guardrail", "A guardrail stops the answer", _ANSWERS),
        Kind("fail_validation", "Next job fails in validation with an internal error", _JOB),
        Kind("fail_training", "Next job fails in training", _JOB),
        Kind("stall_training", "Next job never starts training", _JOB),
        Kind("fail_throughput", "Next throughput fails to start", ("CreateProvisionedModelThroughput",)),
        # AWS says that a term renews by itself, and nowhere when, nor from when on it can be deleted at its end: so
        # either is ordered, and without an order a term just ends and can be deleted from then on.
        Kind("renew_term", "Next term that ends is renewed", ("DeleteProvisionedModelThroughput",)),
        Kind("hold_term", "A term that is over can't be deleted yet", ("DeleteProvisionedModelThroughput",)),
        Kind("fail_deployment", "Next deployment fails to start", ("CreateCustomModelDeployment",)),
        Kind("fail_update", "Next change of a deployment's model fails", ("UpdateCustomModelDeployment",)),
        Kind("fail_batch", "Next batch job fails in validation", ("CreateModelInvocationJob",)),
        Kind("fail_records", "Three records of the next batch job fail", ("CreateModelInvocationJob",)),
    )
}
# These shape what a call leaves behind and are taken by the operation itself; the others are taken on the wire.
OUTCOMES = frozenset(
    {"fail_validation", "fail_training", "stall_training", "fail_throughput", "fail_deployment"}
    | {"fail_update", "renew_term", "hold_term"}
    | {"cut_stream", "stream_error", "fail_batch", "fail_records"}
    | {"stop_length", "stop_context", "stop_filter", "stop_guardrail"}
)


@dataclass
class Order:
    """A failure ordered for the next ``times`` calls of ``operation``."""

    operation: str
    kind: str
    times: int
    seconds: float = 3.0

    def as_dict(self) -> dict[str, Any]:
        """Return the order as the page shows it."""
        return {"operation": self.operation, "kind": self.kind, "times": self.times}


class Faults:
    """The failures that are ordered; each call takes the oldest that fits it."""

    def __init__(self, known: Callable[[], Collection[str]]) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._orders: list[Order] = []

    def order(self, kind: str, operation: str = "", times: int = 1, *, seconds: float = 3.0) -> None:
        """Order ``kind`` for the next ``times`` calls of ``operation`` ; absent: those the kind is for.

        ``*`` is any operation of Bedrock, ``s3:*`` any of S3, STS and IAM; the operations of S3 can be named too.
        ``seconds`` is the real length of a ``delay``. Raises ValueError for a kind or operation that does not fit.
        """
        known = KINDS.get(kind)
        if known is None:
            raise ValueError(f"There is no failure {kind!r}. Choose one of: {', '.join(KINDS)}.")
        chosen = operation or known.operations[0]
        if known.operations != (EVERY,) and chosen not in {*known.operations, EVERY}:
            raise ValueError(f"{known.label!r} can be ordered for {' or '.join(known.operations)} only.")
        if chosen not in {EVERY, S3_EVERY, *self._known()}:
            raise ValueError(f"There is no operation {chosen!r} to fail.")
        if times < 1:
            raise ValueError("Order a failure for one call or more.")
        with self._lock:
            self._orders.append(Order(chosen, kind, times, seconds))

    def clear(self) -> None:
        """Forget every order."""
        with self._lock:
            self._orders.clear()

    def take_for_wire(self, operation: str, every: str = EVERY) -> Order | None:
        """Use up and return the failure that hits this call on the wire, if one is ordered."""
        return self._take({operation, every}, lambda kind: kind not in OUTCOMES)

    def take_outcome(self, operation: str, *kinds: str) -> str | None:
        """Use up and return the first of ``kinds`` that is ordered for what this call leaves behind."""
        taken = self._take({operation, EVERY}, lambda kind: kind in kinds)
        return taken.kind if taken else None

    def orders(self) -> list[Order]:
        """Return what is still to come."""
        with self._lock:
            return list(self._orders)

    def _take(self, names: set[str], fits: Callable[[str], bool]) -> Order | None:
        with self._lock:
            for order in self._orders:
                if order.operation in names and fits(order.kind):
                    order.times -= 1
                    if order.times == 0:
                        self._orders.remove(order)
                    return order
        return None
