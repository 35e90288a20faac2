"""What the cards of distillations say: the price and what may be done about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.digests.cards import DigestCard
from bot.digests.model import DistillationLine, Week
from bot.distillations.cards import (
    DistillationCard,
    DistillationEnded,
    DistillationPlanCard,
    DistillationStalled,
    DistillationView,
)
from bot.distillations.plan import (
    DistillationPhase,
    DistillationPlan,
    DistillationTerms,
    LeftOut,
    Prepared,
    PromptSource,
    Tokens,
)
from bot.jobs.stalls import Settled, SettledBy, Stall
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.models.model import Lifecycle
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from bot.spending.model import Check, Decision
from bot.sweeps.cards import SweepCard
from handlers.ui.render import render
from tests.handlers.fake_services import lease
from tests.handlers.ui.test_words import plan_card, pressable, said
from tests.unit.jobs.samples import plan as job_plan

PLAN = DistillationPlan(
    "abc",
    "distill-p-1",
    "nova-pro",
    "m",
    "us-east-1",
    "nova-lite",
    PromptSource("p"),
    "r",
    "s3://o",
    "U1",
    "C1",
)
FORGOTTEN = LeftOut("the same is asked twice", 12, (3, 4))
PREPARED = Prepared("p.txt", "a", "s3://i", 9, 120, (FORGOTTEN,), Tokens(1000, 2000), Tokens(0, 50_000))
TERMS = DistillationTerms(
    Quote(PriceKind.BATCH_INPUT, Decimal("0.40"), "half of it"),
    Quote(PriceKind.BATCH_OUTPUT, Decimal("1.60"), "half of it"),
    Decimal("0.0004"),
    Decimal("1.23"),
    "",
)
CARD = DistillationPlanCard(PLAN, PREPARED, TERMS, (), Decision.OPEN, None, DistillationPhase.PLANNED)
VIEW = DistillationView(
    "abc", "distill-p-1", "nova-pro", "nova-lite", "us-east-1", "U1", "C1", DistillationPhase.RUNNING, 120,
    "at most $1.23",
    elapsed=timedelta(minutes=40), processed=60, failed=2,
)  # fmt: skip


def test_a_plan_says_its_price_its_tokens_and_what_is_left_out() -> None:
    words = said(render(CARD))
    assert "*at most $1.23*\n" in words
    assert "about 1,000 to 2,000 tokens, $0.40 per million input tokens in batch" in words
    assert "at most 50,000 tokens" in words
    assert "12 rows (3, 4 …): the same is asked twice" in words
    assert "terms of Amazon" in words
    assert pressable(render(CARD)) == [
        ("plan.start", "distillation:abc@1.23"),
        ("plan.change", "distillation:abc"),
        ("plan.cancel", "distillation:abc"),
    ]


def test_an_unknown_price_is_said_to_be_one_and_asks_an_approver() -> None:
    unknown = Quote(PriceKind.BATCH_INPUT, None, "")
    terms = DistillationTerms(unknown, unknown, None, None, "The price is unknown, so it needs approval.")
    message = render(replace(CARD, terms=terms, approvers=("UBOSS",)))
    assert "price unknown" in said(message)
    assert "Ask an approver" in str(message.blocks)
    assert "Ask an approver" not in str(render(replace(CARD, terms=terms)).blocks), "there is none"


def test_a_failing_check_stands_first_with_what_mends_it() -> None:
    checks = (Check("bucket", True, "The bucket is there."), Check("prompts", False, "Too few.", "Add some."))
    words = said(render(replace(CARD, checks=checks)))
    assert words.index("Too few.") < words.index("Add some.") < words.index("The bucket is there.")


def test_a_decided_plan_has_no_buttons_but_one_that_waits_can_be_withdrawn() -> None:
    assert pressable(render(replace(CARD, decision=Decision.APPROVED, decided_by="U1"))) == []
    waiting = render(replace(CARD, decision=Decision.REQUESTED))
    assert pressable(waiting) == [("plan.cancel", "distillation:abc")]


def test_the_live_card_counts_and_can_stop_until_somebody_did() -> None:
    live = render(DistillationCard(VIEW))
    assert "60 of 120" in said(live)
    assert pressable(live) == [("distillation.stop", "abc")]
    stopped = render(DistillationCard(replace(VIEW, stopped_by="U2")))
    assert "<@U2> asked to stop" in said(stopped)
    assert pressable(stopped) == []


@pytest.mark.parametrize(
    ("phase", "answered", "words", "pressed"),
    [
        (DistillationPhase.COMPLETED, 117, "<@U1> Amazon Nova Pro answered 117 of 120 prompts", []),
        (
            DistillationPhase.STOPPED,
            60,
            "stopped after 60 of 120 prompts were answered; `p.jsonl` has them",
            [],
        ),
        (DistillationPhase.STOPPED, 0, "stopped after 0 of 120 prompts were answered.", []),
        (DistillationPhase.FAILED, 0, "no dataset came of it", [("distillation.raw", "abc")]),
    ],
)
def test_the_end_mentions_the_owner_and_says_what_there_is(
    phase: DistillationPhase, answered: int, words: str, pressed: list[tuple[str, str]]
) -> None:
    card = DistillationEnded(replace(VIEW, phase=phase), "p.jsonl", answered, (), "≈ $0.10")
    message = render(card)
    assert words in said(message)
    assert "≈ $0.10" in said(message)
    assert message.text.startswith("<@U1>")
    assert pressable(message) == pressed


def test_a_stall_offers_to_wait_or_stop_until_one_is_pressed() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    open_card = DistillationStalled(VIEW, Stall("Answering", at, True), answers=True)
    settled = replace(open_card, settled=Settled(SettledBy.PATIENCE, "U2"))

    assert pressable(render(open_card)) == [("distillation.wait", "abc"), ("distillation.stop", "abc")]
    assert pressable(render(settled)) == []
    assert "<@U2> keeps waiting." in said(render(settled))


def test_a_week_has_a_line_for_each_batch_of_answers() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    done = DistillationLine("a", "distill-p-1", "nova-pro", "C1", "completed", 120, at, Decimal("1.20"))
    failed = replace(done, id="b", name="distill-p-2", outcome="failed", answered=1, usd=None)
    words = said(render(DigestCard("", at, at, Week(distillations=(done, failed)))))
    assert "121 prompts answered in batch" in words
    assert "`distill-p-1` 120 answers by Amazon Nova Pro · $1.20 · <#C1>" in words
    assert "`distill-p-2` failed, 1 answer by Amazon Nova Pro · price unknown" in words
    assert "$1.20, and 1 price that I do not know" in words
    assert "Answered" not in said(render(DigestCard("C1", at, at, Week())))


def test_no_plan_has_a_button_to_start_what_no_later_look_lets_start() -> None:
    final = (
        Check("prompts", False, "There are 2 prompts.", "Add 98.", final=True),
        Check("role", False, "The role trusts nobody.", "The operator mends it."),
    )
    sweep = SweepCard(
        "s1",
        job_plan(),
        "epochCount",
        (),
        "at most $1.00",
        Decimal(1),
        Lifecycle("ACTIVE"),
        final,
        "",
        Decision.OPEN,
        storage=(),
    )
    for card in (plan_card(preflight=final), sweep, replace(CARD, checks=final)):
        message = render(card)
        assert {action for action, _ in pressable(message)} <= {"plan.cancel", "plan.change"}
        assert "This plan cannot be started: do what is marked, and plan anew." in said(message)
        assert "look again" not in said(message)


@pytest.mark.parametrize("ok", [True, False])
def test_no_plan_invites_to_start_what_a_check_says_cannot_start(ok: bool) -> None:
    checks = (Check("role", ok, "The role trusts Bedrock, or not.", ""),)
    sweep = SweepCard(
        "s1",
        job_plan(),
        "epochCount",
        (),
        "at most $1.00",
        Decimal(1),
        Lifecycle("ACTIVE"),
        checks,
        "",
        Decision.OPEN,
        storage=(),
    )
    for card in (plan_card(preflight=checks), sweep, replace(CARD, checks=checks)):
        message = render(card)
        drawn = [each for block in message.blocks for each in block.get("elements", ())]
        [press] = [each for each in drawn if each.get("action_id") in {"plan.start", "plan.check"}]
        assert (press["action_id"] == "plan.start") is ok
        assert (press.get("style") == "primary") is ok
        assert ("Mend what is marked" in said(message)) is not ok


def test_every_plan_that_waits_says_who_may_approve_it() -> None:
    """A job, a sweep, a lease and a distillation, with some approvers and with none."""
    sweep = SweepCard(
        "s1",
        job_plan(),
        "epochCount",
        (),
        "at most $1.00",
        Decimal(1),
        Lifecycle("ACTIVE"),
        (),
        "Over.",
        Decision.REQUESTED,
        storage=(),
    )
    waiting: tuple[Any, ...] = (
        plan_card(decision=Decision.REQUESTED, needs_approval="Over."),
        sweep,
        LeaseCard(lease(phase=LeasePhase.AWAITING_APPROVAL), Decimal(90), Decision.REQUESTED, "Over."),
        replace(CARD, decision=Decision.REQUESTED, terms=replace(TERMS, needs_approval="Over.")),
    )
    for card in waiting:
        named = said(render(replace(card, approvers=("UBOSS", "UCHIEF"))))
        assert "Waiting for one of these to approve it: <@UBOSS>, <@UCHIEF>. Over." in named, type(card)
        assert "Nobody can decide this yet" in said(render(card)), type(card)
