"""The buttons of every plan: whose votes they are, and what a value gets that is forged or of another time."""

import typing
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.spending.offers import Shown
from bot.spending.votes import Choice
from handlers.register import all_actions
from handlers.ui.parts.plans import read_vote, vote_value
from tests.handlers.door import USER, Door, make_door
from tests.tables import table
from tests.unit.jobs.samples import ACCESS

CHOICES: tuple[Choice, ...] = typing.get_args(Choice)
WHO: dict[Choice, str] = {"start": USER, "cancel": USER, "approve": "UBOSS", "decline": "UBOSS"}
WHO["override"] = "UOPER"
"""Who may press it."""
WHY = "nobody can be reached"
FORGED = (
    *(
        "",
        ":",
        "job",
        "job:",
        ":abc",
        "x",
        "0123456789ab",
        "release:0123456789ab",
        "poll:us-west-2",
        "plan:x",
    ),
    *(
        "job:x:y",
        "JOB:0123456789ab",
        " job:0123456789ab",
        "job: ",
        "job:" + "x" * 1_990,
        "job:\u202e\x00<!here>",
    ),
    *("lease", "sweep:../../etc", "sweep:{}", "distillation:*", "distillation:0123456789ab 1"),
)
"""No value of a button that there is."""


def test_a_vote_goes_to_the_service_of_what_is_bought() -> None:
    with table() as row:
        for choice in CHOICES:
            for kind, plan in (("lease", "0123456789ab"), ("extension", "0123456789ab 2")):
                with row(kind, choice):
                    door = make_door(replace(ACCESS, operator="UOPER", breaks_glass=True))
                    door.user = WHO[choice]
                    assert door.press(f"plan.{choice}", f"{kind}:{plan}@44.5").status == 200
                    # A no asks for its reason first, and agrees to no figure.
                    shown: Shown | None = Shown(Decimal("44.5"))
                    if choice == "decline":
                        door.submit(door.opened, {})
                        shown = None
                    if choice == "override":
                        door.submit(door.opened, {"reason": WHY})

                    service = door.leases if kind == "lease" else door.extensions
                    reasons = [WHY] if choice == "override" and kind == "extension" else []
                    assert service.calls == [("press", plan, choice, door.user, shown, *reasons)]
                    assert door.webhooks == []


def test_a_button_carries_the_figure_of_its_picture() -> None:
    with table() as row:
        for usd in (None, Decimal(0), Decimal("0E-7"), Decimal("1.50"), Decimal(1) / 3, Decimal("1E+4")):
            for plan in ("job:abc", "extension:abc 2"):
                with row(usd, plan):
                    assert read_vote(vote_value(plan, usd)) == (plan, Shown(usd))


def test_a_button_that_says_no_figure_agrees_to_none() -> None:
    """Tried: the button of an earlier release, and figures that nobody has written."""
    with table() as row:
        for figure in ("", "@", "@1.", "@-1", "@nan", "@Infinity", "@1e9", "@\u0661", "@1@2", "@" + "9" * 40):
            for choice in ("start", "approve"):
                with row(choice, figure):
                    door = make_door()
                    door.user = WHO[choice]
                    door.press(f"plan.{choice}", f"lease:0123456789ab{figure}")
                    assert "does not say what it agrees to" in door.said
                    assert door.leases.calls == []


@pytest.mark.slow
def test_a_forged_or_stale_value_gets_words_and_changes_nothing() -> None:
    """Tried: every button with every forged value, as a trainer and as an approver."""
    with table() as row:
        for user in (USER, "UBOSS"):
            door = make_door()
            door.user = user
            for choice in CHOICES:
                for value in FORGED:
                    with row(user, choice, value[:40]):
                        door.webhooks.clear()
                        door.press(f"plan.{choice}", value)
                        said = door.said if door.webhooks else submitted(door)
                        assert said.strip()
                        assert "Something broke" not in said
                        assert_nothing_happened(door)


def submitted(door: Door) -> str:
    """Return what the form that a press opened says to its own submission."""
    return str(door.submit(door.client.calls("views.open")[-1]["view"], {}).body)


def assert_nothing_happened(door: Door) -> None:
    assert [*door.leases.calls, *door.extensions.calls] == []
    assert [
        *door.store.of_kind("job"),
        *door.store.of_kind("sweep"),
        *door.store.of_kind("distillation"),
    ] == []


def test_no_kind_has_buttons_of_its_own_for_what_all_plans_have() -> None:
    taken = [each.action_id for each in all_actions() if each.action_id.rpartition(".")[2] in CHOICES]

    assert sorted(taken) == ["dataset.start", *sorted(f"plan.{each}" for each in CHOICES)]
