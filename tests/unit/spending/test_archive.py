"""What is kept of a plan says what it said, and counts for no other plan."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.jobs.purchase import FORM
from bot.jobs.record import JobSpec
from bot.jobs.terms import offer
from bot.spending.archive import Unreadable
from bot.spending.votes import Vote, Votes
from tests.doubles.clock import START
from tests.unit.jobs.samples import PRICES, SETTINGS, plan

PLAN = plan(system_prompt="You route claims. Grüße, 世界.")
SPEC = JobSpec(
    plan=PLAN,
    asked_at=START,
    thread_ts="1.2",
    round=2,
    votes=Votes(Vote("start", "U1", START), approver=Vote("approve", "UBOSS", START)),
    sweep="s1",
    terms=offer(PLAN, PRICES, SETTINGS),
)


def changed(**members: object) -> bytes:
    return json.dumps(json.loads(FORM.write(SPEC)) | members).encode()


def test_it_comes_back_as_it_was() -> None:
    assert FORM.read(FORM.write(SPEC), PLAN.digest) == SPEC
    assert SPEC.terms is not None
    assert isinstance(SPEC.terms.training.usd, Decimal)


def test_the_same_plan_is_the_same_document() -> None:
    assert FORM.write(SPEC) == FORM.write(SPEC)
    assert json.loads(FORM.write(SPEC))["v"] == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        FORM.write(SPEC)[:-20],
        changed(v=2),
        changed(kind="lease"),
        changed(kept=None),
        changed(kept={"plan": {}}),
        FORM.write(replace(SPEC, plan=replace(PLAN, owner="U9"))),
        FORM.write(replace(SPEC, plan=replace(PLAN, system_prompt=None))),
    ],
)
def test_anything_else_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        FORM.read(content, PLAN.digest)


def test_what_a_document_says_of_its_own_digest_proves_nothing() -> None:
    forged = replace(PLAN, owner="U9", known_as=PLAN.digest)
    assert forged.digest == PLAN.digest
    with pytest.raises(Unreadable, match="its plan has the digest"):
        FORM.read(FORM.write(replace(SPEC, plan=forged)), PLAN.digest)
