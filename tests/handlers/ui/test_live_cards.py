"""Cards that change while people look at them: a button of an earlier picture is the same button in the next one.

Slack gives each iteration of a message new ``block_id``s, so a press is known by its ``action_id`` and its ``value``
alone. That a press from an earlier picture arrives at all is held in
``tests/playground/slack/test_earlier_pictures.py``; what it does once others were quicker, in
``tests/attacks/test_pressed_too_late.py`` and ``tests/unit/spending/test_undo.py``.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast

from bot.distillations.cards import DistillationCard
from bot.jobs.cards import JobCard, JobStalled, PlanCard
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.spending.model import Decision
from bot.spending.votes import MadeWay
from handlers.register import all_actions
from handlers.ui.cards.distillations import TOLD_ENDS as ANSWERS_TOLD
from handlers.ui.cards.jobs import TOLD_ENDS as JOBS_TOLD
from handlers.ui.example_values import COLLEAGUE
from handlers.ui.examples import distillations, jobs, jobs_plan, leases, spending, sweeps
from handlers.ui.parts.plans import ends, keep_button
from handlers.ui.parts.settled import TOLD, TOLD_ANEW, TOLD_IN_THREAD
from handlers.ui.render import render
from tests.tables import table

_JOB, _PLAN, _LEASE = jobs.EXAMPLES, jobs_plan.EXAMPLES, leases.EXAMPLES
_SERVED = cast(LeaseCard, _LEASE["lease, in service"])
_TRAINING = cast(JobCard, _JOB["job, training"])
_STALLED = cast(JobStalled, _JOB["job, stalled"])
_PLANNED = cast(PlanCard, _PLAN["plan of a job"])
_ANSWERS, _SWEEP, _QUESTION = distillations.EXAMPLES, sweeps.EXAMPLES, spending.EXAMPLES


def _served(left: int, **more: object) -> LeaseCard:
    view = replace(_SERVED.view, left_minutes=left, **more)  # type: ignore[arg-type]
    return replace(_SERVED, view=view)


def _trains(minute: int, **more: object) -> JobCard:
    view = replace(_TRAINING.view, training_loss=1 / minute, **more)  # type: ignore[arg-type]
    return JobCard(view)


def test_a_lease_that_buys_nothing_more_has_no_figure_of_what_it_could_cost() -> None:
    over = {LeasePhase.CANCELLED, LeasePhase.REFUSED, LeasePhase.RELEASED, LeasePhase.FAILED}
    cards = [each for each in _LEASE.values() if isinstance(each, LeaseCard) and each.view.phase in over]
    assert {each.view.phase for each in cards} == over
    for card in cards:
        said = str(render(card).blocks)
        assert "at most" not in said
        assert "billed by the hour" not in said


LIVE: dict[str, list[object]] = {
    "job": [
        _PLANNED,
        replace(_PLANNED, takes=None),
        _JOB["job, starting"],
        _JOB["job, validating"],
        *(_trains(minute) for minute in range(1, 4)),
        _trains(4, stopped_by=COLLEAGUE, is_undoable=True),
        _trains(5),  # it was kept
        _trains(6, stopped_by=COLLEAGUE, is_undoable=True),
        _trains(7, stopped_by=COLLEAGUE, is_undoable=True),
        _JOB["job, stopping"],
        _JOB["job, completed"],
    ],
    "job's stall": [
        replace(_STALLED, trains=False),
        _STALLED,
        _JOB["job, stall settled"],
    ],
    "lease": [
        _LEASE["lease, plan"],
        _LEASE["lease, being created"],
        *(_served(minutes) for minutes in (59, 58, 57)),
        _served(56, released_by=COLLEAGUE, is_undoable=True),
        _served(55),  # it was kept
        _served(115, minutes=180),
        _LEASE["lease, being released"],
        _LEASE["lease, released"],
    ],
    "sweep": [
        _SWEEP["plan of a sweep"],
        _SWEEP["sweep, two of four done"],
        _SWEEP["sweep, done"],
    ],
    "distillation": [
        _ANSWERS["plan of a distillation"],
        _ANSWERS["distillation, waits"],
        _ANSWERS["distillation, answering"],
        _ANSWERS["distillation, stopping"],
        _ANSWERS["distillation, failed"],
    ],
    "question to the approvers": [
        card for card in _QUESTION.values() if type(card).__name__ == "ApprovalCard"
    ],
}
"""Each card that is edited, in the order in which its states are seen, the time alone among what changes."""

_CHANGES = {"plan.start", "plan.approve", "lease.extend", "details"}
"""Their values name the figure that they agree to, and what is kept behind: another figure is another agreement."""


def _buttons(card: object) -> Iterator[tuple[str, str, str]]:
    """Yield of each button of a card its words, its action and its value."""
    for block in render(card).blocks:
        elements: list[Any] = [*block.get("elements", ()), *filter(None, [block.get("accessory")])]
        for each in elements:
            if each.get("type") == "button":
                yield each["text"]["text"], each["action_id"], each["value"]


def test_a_button_that_is_in_two_pictures_is_one_and_the_same() -> None:
    assert min(len(cards) for cards in LIVE.values()) > 1
    with table() as row:
        for name, cards in LIVE.items():
            for number, (earlier, later) in enumerate(pairwise(cards)):
                with row(name, number):
                    now = {text: (action, value) for text, action, value in _buttons(later)}
                    for text, action, value in _buttons(earlier):
                        if text in now and action not in _CHANGES:
                            assert now[text] == (action, value)


def test_no_picture_has_a_button_that_nothing_listens_to_or_two_that_are_alike() -> None:
    known = {each.action_id for each in all_actions()}
    with table() as row:
        for name, cards in LIVE.items():
            for number, card in enumerate(cards):
                with row(name, number):
                    found = [(action, value) for _, action, value in _buttons(card)]
                    assert {action for action, _ in found} <= known
                    assert len(found) == len(set(found))


def test_what_was_started_or_called_off_has_nothing_to_decide_left() -> None:
    """A plan's buttons go with the plan; for a moment there is *Keep*."""
    over = {
        name: card
        for examples in (_PLAN, _LEASE, _SWEEP, _ANSWERS, _JOB)
        for name, card in examples.items()
        if name.endswith(
            ("cancelled", "declined", "started", "starting", "being created", "two of four done")
        )
    }
    assert len(over) > 5
    left = {
        name: action
        for name, card in over.items()
        for _, action, _ in _buttons(card)
        if action.startswith("plan.")
    }
    assert left == {}
    just = [card for card in _LEASE.values() if getattr(card, "is_undoable", False)]
    assert [[action for _, action, _ in _buttons(card)] for card in just] == [["plan.keep", "details"]]


def test_a_lease_that_ends_in_a_moment_offers_to_keep_it_and_nothing_else() -> None:
    card = _served(56, released_by=COLLEAGUE, is_undoable=True)
    assert [text for text, *_ in _buttons(card)] == ["Keep", "Details"]
    assert "releasing in 10 s" in str(render(card).blocks)
    assert [text for text, *_ in _buttons(_JOB["job, stopping in 10 s"])] == ["Keep", "Details"]


def test_the_live_card_of_what_is_over_says_how_it_ended_and_leaves_the_rest_to_its_thread() -> None:
    """What it cost, why it failed and what is next stood twice on one screen, in nearly the same words."""
    over: dict[str, object] = {
        **{
            name: replace(card, is_live=True)
            for examples in (_JOB, _ANSWERS)
            for name, card in examples.items()
            if isinstance(card, (JobCard, DistillationCard))
            and card.view.phase in (*JOBS_TOLD, *ANSWERS_TOLD)
        },
        **{
            name: card
            for name, card in _LEASE.items()
            if isinstance(card, LeaseCard) and card.view.phase in (LeasePhase.RELEASED, LeasePhase.FAILED)
        },
    }
    assert len(over) > 6
    with table() as row:
        for name, card in over.items():
            with row(name):
                face = str(render(card).blocks)
                view = cast(JobCard, card).view
                told = {JobCard: TOLD_ANEW, LeaseCard: TOLD}
                assert told.get(type(card), TOLD_IN_THREAD) in face
                assert view.phase.value in face
                assert not view.explanation or view.explanation[:20] not in face
                assert "$" not in face
                assert "its thread" not in face, "a job of a sweep has none of its own"


def test_a_plan_that_made_way_says_for_what_and_by_whom() -> None:
    plans: list[Any] = [
        _PLANNED,
        _LEASE["lease, plan"],
        _ANSWERS["plan of a distillation"],
        _SWEEP["plan of a sweep"],
    ]
    with table() as row:
        for card in plans:
            with row(type(card).__name__):
                over = replace(card, decision=Decision.CANCELLED, decided_by=COLLEAGUE, made_way=MadeWay.PLAN)
                assert f"Replaced by <@{COLLEAGUE}> with a new plan." in str(render(over).blocks)


def test_keep_stands_on_the_card_alone_where_there_is_a_link_to_it() -> None:
    """Slack changes no answer that one person alone sees: a *Keep* there was dead ten seconds later."""
    keep = keep_button("job.keep", "x")
    there = ends("Stopping it", 10, COLLEAGUE, "", keep, "https://northwind.slack.com/archives/C1/p1")
    assert [each["type"] for each in there.blocks] == ["section"]
    assert "*Keep* on its card takes that back: <https://northwind" in there.text
    assert len(ends("Stopping it", 10, COLLEAGUE, "", keep).blocks) == 2
