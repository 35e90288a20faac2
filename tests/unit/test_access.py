"""Who is told what when they may not: people, never settings; the operator reads which setting it is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from bot.access import Access, allowed
from bot.errors import NotAllowed
from bot.memberships import Membership
from bot.rosters import Holders, NoRosters
from bot.wording import Person, parts_of
from tests.doubles.memberships import FakeMemberships

CHECKS: dict[str, tuple[Callable[[Access, str], None], str]] = {
    "data": (lambda access, user: access.check_contributor(user), "to make you one"),
    "spending": (lambda access, user: access.check_trainer(user), "to make you one"),
    "spending, with trainers": (
        lambda access, user: replace(access, trainers=frozenset({"UBOSS"})).check_trainer(user),
        "to make you one",
    ),
    "deciding": (lambda access, user: access.check_approver(user), "to name one"),
    "a channel": (lambda access, _: access.check_channel("COTHER"), "to set me up for it"),
    "what is elsewhere": (lambda access, user: access.check_oversees(user), "to make you a trainer"),
    "a guest": (lambda access, user: access.check_member(user), "to open it for you"),
}
SET_BY_THE_OPERATOR = {"spending", "spending, with trainers", "deciding", "a guest"}


class Guests:
    """Memberships of a workspace in which everybody is a guest."""

    def membership(self, user: str) -> Membership:
        assert user
        return Membership.GUEST


def refused(check: str, user: str, operator: str) -> NotAllowed:
    access = Access(
        channels=frozenset({"C1"}),
        people=Guests() if check == "a guest" else FakeMemberships(),
        operator=operator,
        trainers=frozenset({"UBOSS"}) if check == "data" else frozenset(),
    )
    with pytest.raises(NotAllowed) as refusal:
        CHECKS[check][0](access, user)
    return refusal.value


@pytest.mark.parametrize("check", CHECKS)
def test_people_are_told_whom_to_ask_and_no_setting(check: str) -> None:
    refusal = refused(check, "UASKER", "UOPER")
    assert "TUNESMITH_" not in refusal.sentence
    assert CHECKS[check][1] in refusal.hint
    assert Person("UOPER") in parts_of(refusal.hint)
    refusal = refused(check, "UASKER", "")
    assert "TUNESMITH_" not in refusal.sentence
    assert f"the operator {CHECKS[check][1]}" in refusal.hint


@pytest.mark.parametrize("check", sorted(SET_BY_THE_OPERATOR))
def test_the_operator_is_told_which_setting_it_is(check: str) -> None:
    refusal = refused(check, "UOPER", "UOPER")
    assert "TUNESMITH_" in refusal.hint


def test_nobody_is_named_who_may_not_do_it_themselves() -> None:
    nobody_in_it = Holders({"S1"}, NoRosters())
    for operators, who in (
        (nobody_in_it, ()),
        (frozenset[str](), ("UBOSS",)),
        (frozenset({"UOPER"}), ("UOPER",)),
    ):
        access = Access(approvers=frozenset({"UBOSS"}), operators=operators, people=FakeMemberships())
        assert access.raisers == who
        able = tuple(each for each in ("UBOSS", "UOPER") if allowed(partial(access.check_raising, each)))
        assert able == who


def test_two_roles_are_not_one_because_nobody_is_in_either() -> None:
    """They were equal by who is in them right now, with different hashes."""
    one, other = Holders({"S1"}, NoRosters()), Holders({"S2"}, NoRosters())
    assert list(one) == list(other) == []
    assert one != other
    assert len({one, other, one}) == 2
