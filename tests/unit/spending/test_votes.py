from datetime import UTC, datetime, timedelta

import pytest

from bot.access import Access
from bot.errors import NotAllowed, Refused
from bot.memberships import Membership
from bot.spending.model import Decision
from bot.spending.votes import Choice, Vote, Votes, because, press
from tests.doubles.memberships import FakeMemberships

ACCESS = Access(approvers=frozenset({"A", "B", "C", "OTHER"}))
AT = datetime(2026, 11, 22, tzinfo=UTC)
NONE, REASON = "", "over the limit"


def pressed(*presses: tuple[Choice, str], reason: str = NONE) -> Votes:
    state = Votes()
    for decision, by in presses:
        state = press(state, Vote(decision, by, AT), reason, access=ACCESS)
    return state


def test_a_start_within_the_limit_is_enough() -> None:
    state = pressed(("start", "A"))

    assert (state.decision(NONE), state.decided_by(NONE)) == (Decision.APPROVED, "A")


def test_over_the_limit_a_start_only_asks() -> None:
    state = pressed(("start", "A"), reason=REASON)

    assert (state.decision(REASON), state.decided_by(REASON)) == (Decision.REQUESTED, None)


@pytest.mark.parametrize(
    ("decision", "state"), [("approve", Decision.APPROVED), ("decline", Decision.DECLINED)]
)
def test_the_approver_decides(decision: Choice, state: Decision) -> None:
    made = pressed(("start", "A"), (decision, "B"), reason=REASON)

    assert (made.decision(REASON), made.decided_by(REASON)) == (state, "B")


def test_a_request_can_be_withdrawn() -> None:
    assert pressed(("start", "A"), ("cancel", "A"), reason=REASON).decision(REASON) is Decision.CANCELLED


def test_a_repeated_press_of_the_same_person_changes_nothing() -> None:
    once = pressed(("start", "A"))

    assert press(once, Vote("start", "A", AT), NONE, access=ACCESS) is once


@pytest.mark.parametrize(
    ("before", "wanted", "reason", "words"),
    [
        ([("start", "A")], ("start", "B"), NONE, "<@A> started this already"),
        ([("start", "A")], ("cancel", "B"), NONE, "<@A> started this already"),
        ([("cancel", "A")], ("start", "B"), NONE, "<@A> cancelled this already"),
        ([("start", "A"), ("cancel", "B")], ("start", "A"), REASON, "<@B> cancelled this already"),
        ([("start", "A")], ("start", "B"), REASON, "waits for an approver"),
        ([("start", "A"), ("approve", "B")], ("decline", "C"), REASON, "<@B> approved this already"),
        ([("start", "A"), ("decline", "B")], ("approve", "C"), REASON, "<@B> declined this already"),
        ([("start", "A"), ("approve", "B")], ("cancel", "A"), REASON, "<@B> approved this already"),
        ([], ("approve", "B"), REASON, "Nobody has asked"),
    ],
)
def test_the_first_decision_wins(
    before: list[tuple[Choice, str]], wanted: tuple[Choice, str], reason: str, words: str
) -> None:
    state = pressed(*before, reason=reason)

    with pytest.raises(Refused) as refused:
        press(state, Vote(wanted[0], wanted[1], AT), reason, access=ACCESS)
    assert words in refused.value.sentence


@pytest.mark.parametrize("asker", ["OWNER", "STARTER"])
def test_nobody_approves_what_they_asked_for_themselves(asker: str) -> None:
    asked = press(Votes(), Vote("start", "STARTER", AT), REASON, access=ACCESS, owner="OWNER")

    with pytest.raises(NotAllowed, match="somebody else") as refused:
        press(asked, Vote("approve", asker, AT), REASON, access=ACCESS, owner="OWNER")
    assert "TUNESMITH_" not in refused.value.sentence, "people are told whom to ask, not how it is set"
    with pytest.raises(NotAllowed, match="Nobody could approve") as refused:
        press(
            Votes(),
            Vote("start", "STARTER", AT),
            REASON,
            access=Access(approvers=frozenset({"OWNER"})),
            owner="OWNER",
        )
    assert "TUNESMITH_" not in refused.value.sentence
    approved = press(asked, Vote("approve", "OTHER", AT), REASON, access=ACCESS, owner="OWNER")
    assert approved.decision(REASON) is Decision.APPROVED


@pytest.mark.parametrize(
    ("operator", "hint"),
    [
        ("", "Ask <@OWNER> to name another one"),
        ("UOP", "Ask <@UOP> to name another one"),
        ("STARTER", "You can set that: TUNESMITH_APPROVERS, or TUNESMITH_PRICES"),
    ],
)
def test_what_nobody_could_approve_is_asked_of_the_operator_by_name(operator: str, hint: str) -> None:
    access = Access(approvers=frozenset({"OWNER"}), operator=operator)
    with pytest.raises(NotAllowed, match="Nobody could approve") as refused:
        press(Votes(), Vote("start", "STARTER", AT), REASON, access=access, owner="OWNER")
    assert hint in refused.value.hint


def test_an_approver_whose_account_is_gone_is_nobody_to_wait_for() -> None:
    people = FakeMemberships(GONE=Membership.DEACTIVATED)
    start = Vote("start", "STARTER", AT)
    alone = Access(approvers=frozenset({"GONE"}), people=people)
    with pytest.raises(NotAllowed, match="Nobody could approve"):
        press(Votes(), start, REASON, access=alone, owner="OWNER")
    another = Access(approvers=frozenset({"GONE", "BOSS"}), people=people)
    assert press(Votes(), start, REASON, access=another, owner="OWNER").decision(REASON) is Decision.REQUESTED
    assert another.approvers_for("") == ("BOSS",)
    people.down = True  # Slack's silence takes nobody out
    assert press(Votes(), start, REASON, access=alone, owner="OWNER").decision(REASON) is Decision.REQUESTED


def test_within_their_own_limit_an_approver_may_do_both() -> None:
    asked = press(Votes(), Vote("start", "A", AT), REASON, access=ACCESS, owner="A")

    approved = press(asked, Vote("approve", "A", AT), REASON, access=ACCESS, owner="A", own_is_fine=True)
    assert approved.decision(REASON) is Decision.APPROVED


def test_waiting_begins_anew_with_the_start() -> None:
    later = AT + timedelta(hours=20)
    asked = press(Votes(), Vote("start", "A", later), REASON, access=ACCESS)

    assert Votes().is_lapsed(AT, AT + timedelta(hours=25))
    assert not asked.is_lapsed(AT, AT + timedelta(hours=25))
    assert asked.is_lapsed(AT, later + timedelta(hours=25))


@pytest.mark.parametrize("reason", ["wait until Thursday", "wait until Thursday.", " wait until Thursday. "])
def test_a_reason_is_told_as_one_sentence_however_it_ends(reason: str) -> None:
    assert because(reason) == " Their reason: `wait until Thursday`."


@pytest.mark.parametrize(
    ("reason", "told"),
    [("wait...", "`wait...`."), ("wait..", "`wait..`."), ("v1.2.", "`v1.2`."), (".", ""), ("", "")],
)
def test_no_more_than_one_full_stop_of_a_reason_is_dropped(reason: str, told: str) -> None:
    assert because(reason) == (f" Their reason: {told}" if told else "")
