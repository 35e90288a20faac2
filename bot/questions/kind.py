"""The durable kind of questions."""

from typing import Protocol

from bot.access import Access
from bot.clock import Clock
from bot.controller.context import Reconciler
from bot.controller.kind import Called, Kind, Lane
from bot.controller.outbox.effects import OUTBOX
from bot.controller.outbox.files import FILES, ThreadFiles
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, RateLimiter, Renderer, ResourceStore, Thinking
from bot.controller.shared_files import SharedFiles
from bot.pricing.book import PriceBook
from bot.questions import kept
from bot.questions.answering import Asking
from bot.questions.effects import ANSWERING
from bot.questions.kept import KeptSpec, KeptStatus
from bot.questions.model import SCHEMA, QuestionSpec, QuestionStatus, sources_of
from bot.questions.ports import Answerers, Conversations, DirectReaders, Inference, Sessions, Streams, Wakes
from bot.questions.rate_limits import PacedStreams
from bot.questions.reconciler.budget import Billing
from bot.questions.reconciler.dependencies import Meanwhile, QuestionDependencies
from bot.questions.reconciler.keeping import KeptDependencies, KeptReconciler
from bot.questions.reconciler.question import QuestionReconciler
from bot.spending.budget_service import BudgetService
from bot.spending.reservation import SPENDING, Approvers
from bot.visibility import ChannelMemberships


class AskingPorts(Protocol):
    """What models are asked with."""

    inference: Inference
    conversations: Conversations
    answerers: Answerers


class BillingPorts(Protocol):
    """What answers are paid with that are billed by the token."""

    budget_service: BudgetService
    prices: PriceBook
    access: Access
    store: ResourceStore
    renderer: Renderer
    clock: Clock


class QuestionPorts(AskingPorts, BillingPorts, Protocol):
    """What questions are answered with: beside what asks and pays, what an answer is told with."""

    streams: Streams
    messages: Messages
    files: SharedFiles
    outbox: Outbox
    thinking: Thinking
    sessions: Sessions
    rate_limiter: RateLimiter
    meanwhile: Meanwhile
    direct_readers: DirectReaders


class KeptPorts(Protocol):
    """What kept questions wait with."""

    answerers: Answerers
    wakes: Wakes
    outbox: Outbox
    renderer: Renderer
    store: ResourceStore
    access: Access
    memberships: ChannelMemberships


def _kept(ports: KeptPorts) -> Reconciler[KeptSpec, KeptStatus]:
    return KeptReconciler(
        KeptDependencies(
            ports.answerers,
            ports.wakes,
            ports.outbox,
            ports.renderer,
            ports.store,
            ports.access,
            ports.memberships,
        )
    )


def _asking(ports: AskingPorts) -> Asking:
    return Asking(ports.inference, ports.conversations, ports.answerers)


def _billing(ports: BillingPorts) -> Billing:
    approvers = Approvers(ports.access, ports.store, ports.renderer)
    return Billing(ports.budget_service, ports.prices, approvers, ports.clock, ports.access)


def _question(ports: QuestionPorts) -> Reconciler[QuestionSpec, QuestionStatus]:
    return QuestionReconciler(
        QuestionDependencies(
            asking=_asking(ports),
            streams=PacedStreams(ports.streams, ports.rate_limiter),
            messages=ports.messages,
            outbox=ports.outbox,
            renderer=ports.renderer,
            store=ports.store,
            thinking=ports.thinking,
            sessions=ports.sessions,
            clock=ports.clock,
            rate_limiter=ports.rate_limiter,
            billing=_billing(ports),
            files=ThreadFiles(ports.files),
            meanwhile=ports.meanwhile,
            readers=ports.direct_readers,
        )
    )


KINDS = (
    Kind(
        schema=SCHEMA,
        build=_question,
        unaudited="what it costs stands in the ledger, and what is asked is nobody's business",
        called=Called("question", "questions"),
        wanted="this answered",
        done="stream the answer into the thread; settle what a crash left",
        effects=(*OUTBOX, *ANSWERING, *SPENDING, *FILES),
        when_given_up="Ask again when that is mended.",
        is_waited_for=True,
        lane=Lane.ANSWERS,
        shared_by=("question", "channel"),
        sources=lambda spec: sources_of(spec.question),
    ),
    Kind(
        schema=kept.SCHEMA,
        build=_kept,
        unaudited="what it wakes is a lease, which stands there",
        called=Called("kept question", "kept questions"),
        wanted="this answered by the model that it is for, once that is awake",
        done="wait until the model is in service, whatever wakes it; have the question asked again in its thread",
        effects=OUTBOX,
        when_given_up="Ask it again when that is mended.",
        sources=lambda spec: sources_of(spec.question),
    ),
)
