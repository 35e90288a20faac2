"""A no with its reason, from the form to whoever asked; and an App Home that follows each press in it."""

from pathlib import Path

import pytest

from bot.controller.model import Key
from bot.spending.cards import ApprovalCard, Declined
from bot.spending.votes import LONGEST_REASON, Choice
from bot.sweeps.cards import SweepRefused
from handlers.metadata import Declining
from handlers.ui.forms.decline import decline_form
from handlers.ui.render import render
from tests.attacks.test_deciding import asked, every_kind
from tests.handlers.door import USER, Door, words
from tests.unit.jobs.samples import plan

HOME = {"type": "home", "id": "VHOME", "blocks": []}


@every_kind
def test_whoever_asked_hears_why_and_the_question_says_it(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind).started()
    resource = next(
        each.resource for each in reversed(it.world.renderer.cards) if isinstance(each, ApprovalCard)
    )
    of, _, plan_id = resource.partition(":")
    it.world.votes.vote(Key(of, plan_id), "decline", "UCHIEF", reason="<!channel> *too* `dear` " + "x" * 500)
    assert it.bought == 0

    cards = it.world.renderer.cards
    question = next(each for each in reversed(cards) if isinstance(each, ApprovalCard))
    assert question.declined_for.startswith("<!channel> *too* `dear`")
    assert len(question.declined_for) == LONGEST_REASON
    told = next(
        each
        for each in cards
        if any(isinstance(getattr(each, name, None), Declined) for name in ("event", "no"))
        or isinstance(each, SweepRefused)
    )
    for card in (question, told):
        said = words({"blocks": list(render(card).blocks)})
        assert "too" in said
        assert "<!channel>" not in said, "nobody is called by it"
        assert "*too*" not in said or "`&lt;!channel&gt; *too*" in said, "nor does it format anything"


@pytest.mark.parametrize("choice", ["approve", "cancel", "start"])
def test_other_presses_are_no_reasons_of_a_no(tmp_path: Path, choice: Choice) -> None:
    it = asked(tmp_path, "job")
    it.press("start", "UTRAIN")
    if choice == "approve":
        it.press("approve", "UCHIEF")
    if choice == "cancel":
        it.press("cancel", "UTRAIN")
    it.world.turn()
    found = [each for each in it.world.renderer.cards if isinstance(each, ApprovalCard)]
    assert {each.declined_for for each in found} <= {""}


def test_the_form_promises_nothing_of_what_goes_on(door: Door) -> None:
    """More time of a lease is declined in it, too: that lease goes on, and no plan ends with it."""
    form = words(decline_form(Declining("lease:abc/more", "C1")))
    assert "Nothing is spent on what was asked for" in form
    assert "plan" not in form


def waits(door: Door) -> str:
    """Have a job wait for an approver; return its button's value."""
    job = door.jobs.propose(plan(owner="UTRAIN"))
    return f"job:{job}"


def test_who_is_no_approver_is_told_so_and_gets_no_form(door: Door) -> None:
    door.press("plan.decline", waits(door))

    assert "Only an approver" in door.said
    assert door.client.calls("views.open") == []


@pytest.mark.parametrize("given", ["Not before Thursday.", None])
def test_the_form_counts_a_no_with_the_reason_that_was_given(door: Door, given: str | None) -> None:
    door.user = "UBOSS"
    door.press("plan.decline", "extension:0123456789ab 1")
    view = door.opened
    assert view["callback_id"] == "decline"
    door.submit(view, {"reason": given})

    reason = [given] if given else []
    assert door.extensions.calls == [("press", "0123456789ab 1", "decline", "UBOSS", None, *reason)]


def pressed_at_home(door: Door, action: str, value: str) -> None:
    door.press(action, value, channel=None, message=None, container={"type": "view"}, view=HOME)


@pytest.mark.parametrize(
    ("action", "value"),
    [("lease.release", "0123456789ab"), ("lease.extend", "0123456789ab"), ("plan.cancel", "job:none")],
)
def test_home_is_drawn_anew_after_each_press_there_whatever_came_of_it(
    door: Door, action: str, value: str
) -> None:
    pressed_at_home(door, action, value)

    [published] = door.client.calls("views.publish")
    assert published["user_id"] == USER
    assert published["view"]["type"] == "home"


def test_presses_elsewhere_draw_no_home(door: Door) -> None:
    door.press("lease.release", "0123456789ab")

    assert door.client.calls("views.publish") == []
