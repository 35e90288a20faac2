"""Roles that hang on user groups and channels: what somebody might make of them, and what holds."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.access import Access
from bot.errors import NotAllowed, Unavailable
from bot.memberships import Membership
from bot.rosters import Holders, at
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters, people
from tests.handlers.door import CHANNEL, DIRECT, make_door
from tests.tables import table

THERE = FakeRosters(
    S0TEAM=people("UIN", "UGUEST", "UPARTNER", "UBOT", "UGONE"),
    S0BOSSES=people("UBOSS", "UCHIEF", "UGUEST", "UPARTNER", "UBOT", "UGONE"),
    S0EMPTY=people(),
    COPEN=people("UIN", "UBOSS", joinable=True),
    CCLOSED=people("UIN", "UBOSS"),
    CSECRET=people("UCHIEF"),
)
THERE.silent = {"S0SILENT"}
WHAT = {
    "UGUEST": Membership.GUEST,
    "UPARTNER": Membership.PARTNER,
    "UBOT": Membership.BOT,
    "UGONE": Membership.DEACTIVATED,
}


def access(**roles: str) -> Access:
    """Return the rules with these roles, each of the words a person, a group or a channel."""

    def holders(role: str, *, counts_open: bool = True) -> Holders:
        return Holders(roles.get(role, "").split(), THERE, counts_open=counts_open)

    return Access(
        holders("trainers"),
        holders("approvers", counts_open=False),
        people=FakeMemberships(**WHAT),
        operators=holders("operators", counts_open=False),
        askers=holders("askers"),
        rosters=THERE,
    )


Check = Callable[[Access, str, str], None]
SPEND: Check = lambda rules, user, where: rules.check_spending(user, where)  # noqa: E731 -- a row of the table
DATA: Check = lambda rules, user, _where: rules.check_contributor(user)  # noqa: E731
ASK: Check = lambda rules, user, where: rules.check_asker(user, where)  # noqa: E731
AGREE: Check = lambda rules, user, where: rules.check_approver(user, where)  # noqa: E731
RUN: Check = lambda rules, user, _where: rules.check_operator(user)  # noqa: E731
RAISE: Check = lambda rules, user, _where: rules.check_raising(user)  # noqa: E731
OWN: Check = lambda rules, user, _where: rules.check_owning(user, "UOWNER")  # noqa: E731
END: Check = lambda rules, user, _where: rules.check_ending(user, "UOWNER")  # noqa: E731
HERE: Check = lambda rules, user, where: rules.check_ending(user, "UOWNER", where)  # noqa: E731
LOOK: Check = lambda rules, user, _where: rules.check_oversees(user)  # noqa: E731
ACCOUNT: Check = lambda rules, user, _where: rules.check_answers_for_account(user)  # noqa: E731

OPEN: list[tuple[str, Check, dict[str, str], str, str]] = [
    ("a member of the group spends", SPEND, {"trainers": "S0TEAM"}, "UIN", "C1"),
    ("a member of the channel spends there", SPEND, {"trainers": "COPEN"}, "UIN", "COPEN"),
    ("a member of the group works on data", DATA, {"trainers": "S0TEAM"}, "UIN", "C1"),
    (
        "a group that Slack does not show leaves those who are named",
        SPEND,
        {"trainers": "UME S0NONE"},
        "UME",
        "C1",
    ),
    ("a group that is silent leaves those who are named", SPEND, {"trainers": "UME S0SILENT"}, "UME", "C1"),
    ("a group that is silent leaves those of another", SPEND, {"trainers": "S0TEAM S0SILENT"}, "UIN", "C1"),
    ("nobody is named, so whoever sees the channel asks", ASK, {}, "UANY", "C1"),
    ("a member of the group asks", ASK, {"askers": "S0TEAM"}, "UIN", "C1"),
    ("a member of the channel asks there", ASK, {"askers": "COPEN"}, "UIN", "COPEN"),
    ("a trainer asks, too", ASK, {"askers": "S0EMPTY", "trainers": "UME"}, "UME", "C1"),
    ("a member of the group agrees", AGREE, {"approvers": "S0BOSSES"}, "UCHIEF", "C1"),
    ("a member of the private channel agrees there", AGREE, {"approvers": "CCLOSED"}, "UBOSS", "CCLOSED"),
    ("an operator by group sees how I am set up", RUN, {"operators": "S0TEAM"}, "UIN", ""),
    ("an operator by group raises a budget", RAISE, {"operators": "S0TEAM"}, "UIN", ""),
    ("an operator by group renames", OWN, {"operators": "S0TEAM"}, "UIN", ""),
    ("an operator by group ends what runs", END, {"operators": "S0TEAM"}, "UIN", ""),
    ("a trainer by a channel ends what is of it", HERE, {"trainers": "COPEN"}, "UIN", "COPEN"),
    ("a trainer by group looks at the account", LOOK, {"trainers": "S0TEAM"}, "UIN", ""),
    ("an operator by group answers for the account", ACCOUNT, {"operators": "S0TEAM"}, "UIN", ""),
    *(
        (
            f"who is named is kept from nothing by a silent group of {silent}: {name}",
            check,
            roles,
            "UME",
            "C1",
        )
        for name, check, silent, roles in (
            ("ends", END, "operators", {"operators": "S0SILENT", "trainers": "UME"}),
            ("ends", END, "approvers", {"approvers": "S0SILENT", "trainers": "UME"}),
            ("asks", ASK, "askers", {"askers": "S0SILENT", "trainers": "UME"}),
            ("looks", LOOK, "operators", {"operators": "S0SILENT", "trainers": "UME"}),
            ("answers for it", ACCOUNT, "operators", {"operators": "S0SILENT", "approvers": "UME"}),
        )
    ),
]
CLOSED: list[tuple[str, Check, dict[str, str], str, str, str]] = [
    ("who is not in the group spends", SPEND, {"trainers": "S0TEAM"}, "UOUT", "C1", "not on the list"),
    ("an empty group opens what an empty list would", DATA, {"trainers": "S0EMPTY"}, "UANY", "C1", "not on the list"),
    ("an empty group opens asking", ASK, {"askers": "S0EMPTY"}, "UANY", "C1", "Only some people"),
    ("a group that Slack does not show opens data", DATA, {"trainers": "S0NONE"}, "UANY", "C1", "not on the list"),
    ("a group that Slack does not show opens asking", ASK, {"askers": "S0NONE"}, "UANY", "C1", "Only some"),
    ("a group's own ID is somebody", SPEND, {"trainers": "S0TEAM"}, "S0TEAM", "C1", "not on the list"),
    ("a channel's own ID is somebody", SPEND, {"trainers": "COPEN"}, "COPEN", "COPEN", "not on the list"),
    ("nobody at all is somebody", SPEND, {"trainers": "S0TEAM"}, "", "C1", "not on the list"),
    ("a guest in the group spends", SPEND, {"trainers": "S0TEAM"}, "UGUEST", "C1", "you are a guest"),
    ("a partner in the group spends", SPEND, {"trainers": "S0TEAM"}, "UPARTNER", "C1", "of another workspace"),
    ("a bot in the group spends", SPEND, {"trainers": "S0TEAM"}, "UBOT", "C1", "you are a bot"),
    ("who left the workspace spends", SPEND, {"trainers": "S0TEAM"}, "UGONE", "C1", "you are deactivated"),
    ("a guest in the group agrees", AGREE, {"approvers": "S0BOSSES"}, "UGUEST", "C1", "you are a guest"),
    ("a guest among those who may ask asks", ASK, {"askers": "S0TEAM"}, "UGUEST", "C1", "you are a guest"),
    ("a trainer by a channel spends elsewhere", SPEND, {"trainers": "COPEN"}, "UIN", "C1", "not asked for there"),
    ("a trainer by a channel spends directly", SPEND, {"trainers": "COPEN"}, "UIN", "D1", "not asked for there"),
    ("an asker by a channel asks elsewhere", ASK, {"askers": "COPEN"}, "UIN", "C1", "Only some people"),
    ("who joins an open channel agrees to money", AGREE, {"approvers": "COPEN"}, "UBOSS", "COPEN", "Only an approver"),
    ("who joins an open channel runs me", RUN, {"operators": "COPEN"}, "UIN", "", "Only whoever runs me"),
    ("an approver by a channel agrees elsewhere", AGREE, {"approvers": "CCLOSED"}, "UBOSS", "C1", "Only an approver"),
    ("a trainer by a channel ends things elsewhere", END, {"trainers": "COPEN"}, "UIN", "", "not on the list"),
    ("an approver by a channel ends what others have", END, {"approvers": "CCLOSED"}, "UBOSS", "", "nobody is one yet"),
    ("a trainer by a channel looks at the account", LOOK, {"trainers": "COPEN"}, "UIN", "", "is shown to the operator"),
    ("an approver by a channel answers for it", ACCOUNT, {"approvers": "CCLOSED"}, "UBOSS", "", "for the operator"),
    ("an approver by a channel raises a budget", RAISE, {"approvers": "CCLOSED"}, "UBOSS", "", "Only whoever"),
    ("an approver by a channel runs me", RUN, {"approvers": "CCLOSED"}, "UBOSS", "", "Only whoever runs me"),
    ("an approver runs me beside operators", RUN, {"operators": "S0EMPTY", "approvers": "UB"}, "UB", "", "Only who"),
    ("an approver raises beside operators", RAISE, {"operators": "S0EMPTY", "approvers": "UB"}, "UB", "", "Only who"),
    ("a trainer by group answers for the account", ACCOUNT, {"trainers": "S0TEAM"}, "UIN", "", "for the operator"),
]  # fmt: skip


def test_what_a_group_or_channel_opens_and_nothing_else() -> None:
    """Tried: a role by way of an empty or unreadable group, a guest or bot in it, an ID that looks like one, a
    public channel.
    """
    with table() as row:
        for name, check, roles, user, where in OPEN:
            with row(name):
                check(access(**roles), user, where)
        for name, check, roles, user, where, words in CLOSED:
            with row(name):
                with pytest.raises(NotAllowed) as no:
                    check(access(**roles), user, where)
                assert words in no.value.message


def test_nobody_is_sent_to_a_channel_that_they_may_not_know() -> None:
    """Tried: learning from a refusal which private channels give a role."""
    with table() as row:
        for check, role in ((SPEND, "trainers"), (ASK, "askers")):
            with row(role), pytest.raises(NotAllowed) as no:
                check(access(**{role: "COPEN CSECRET"}), "UIN", "C1")
            assert "<#COPEN>" in no.value.hint
            assert "CSECRET" not in no.value.sentence


def test_while_slack_does_not_say_who_is_in_the_group_nobody_has_its_role() -> None:
    """Tried: spending, asking and approving while Slack does not say who is in a group."""
    with table() as row:
        for check, role in (
            (SPEND, "trainers"),
            (DATA, "trainers"),
            (ASK, "askers"),
            (AGREE, "approvers"),
            (END, "operators"),
        ):
            with row(role), pytest.raises(Unavailable):
                check(access(**{role: "S0SILENT"}), "UIN", "C1")


def test_a_change_counts_from_the_next_question_on() -> None:
    """Tried: spending by a group that one was just taken out of."""
    rosters = FakeRosters(S0TEAM=people("UIN"))
    rules = Access(Holders({"S0TEAM"}, rosters), people=FakeMemberships(), rosters=rosters)
    rules.check_spending("UIN", "C1")
    rosters.there["S0TEAM"] = people("UNEW")
    rules.check_spending("UNEW", "C1")
    with pytest.raises(NotAllowed):
        rules.check_spending("UIN", "C1")


def test_who_could_decide_is_there_and_sees_it() -> None:
    """Those who left, guests, partners and bots are named nowhere; nor is who cannot see the channel, if one can."""
    rules = access(approvers="UZED S0BOSSES")
    assert rules.deciders_for("C1") == ("UZED", "UBOSS", "UCHIEF"), "those named themselves come first"
    rosters = FakeRosters(**THERE.there)
    rosters.private = {"CPRIVATE": frozenset({"UCHIEF", "UTRAIN"}), "CALONE": frozenset({"UTRAIN"})}
    near = replace(rules, rosters=rosters)
    assert near.deciders_for("CPRIVATE") == ("UCHIEF",)
    assert near.deciders_for("CALONE") == ("UZED", "UBOSS", "UCHIEF"), "who is asked directly then"
    assert near.deciders_for("CPRIVATE", but=("UCHIEF",)) == ("UZED", "UBOSS", "UCHIEF"), (
        "nor does who asked for it"
    )
    assert access(approvers="COPEN").deciders_for("COPEN") == ()
    by_channel = access(approvers="UZED CCLOSED")
    assert (
        by_channel.raisers == by_channel.approvers_for("all") == by_channel.approvers_for("C1") == ("UZED",)
    )
    assert by_channel.approvers_for("CCLOSED") == ("UZED", "UBOSS", "UIN"), (
        "who hears of that channel's budget"
    )
    assert set(at(rules.approvers, "C1")) >= {"UGONE"}, "the list itself has them all"


def test_a_refusal_looks_up_no_more_people_than_it_names() -> None:
    """A group may be a whole company, and each who is looked up may be a call to Slack."""
    many = Holders({"S0ALL"}, FakeRosters(S0ALL=people(*(f"U{each:02}" for each in range(40)))))
    known = FakeMemberships()
    rules = Access(frozenset(), many, people=known, operators=many, breaks_glass=True)
    with table() as row:
        for name, check in {
            "spends": SPEND,
            "agrees": AGREE,
            "runs": RUN,
            "raises": RAISE,
            "data": ASK,
        }.items():
            with row(name):
                known.asked.clear()
                with pytest.raises(NotAllowed):
                    check(replace(rules, askers=frozenset({"UA"})), "UOUT", "C1")
                assert len(known.asked) <= 6


@pytest.mark.parametrize(("place", "opens"), [(CHANNEL, True), ("COTHER", False), (DIRECT, False)])
def test_a_role_by_channel_at_the_door(place: str, opens: bool) -> None:
    rosters = FakeRosters(**{CHANNEL: people("UTRAIN", joinable=True)})
    rules = Access(Holders({CHANNEL}, rosters), people=FakeMemberships(), rosters=rosters)
    door = make_door(rules)
    door.command("serve claims-router", channel_id=place)
    assert bool(door.leases.calls) is opens
    assert opens or "not asked for there" in door.said


def test_that_somebody_left_a_group_is_known_at_once() -> None:
    rosters = FakeRosters(S0TEAM=people("UTRAIN"), S0OTHER=people())
    door = make_door(Access(Holders({"S0TEAM"}, rosters), people=FakeMemberships(), rosters=rosters))
    door.event({"type": "subteam_members_changed", "subteam_id": "S0TEAM", "removed_users": ["UTRAIN"]}, "e1")
    door.event({"type": "subteam_updated", "subteam": {"id": "S0OTHER", "date_delete": 1}}, "e2")
    door.event({"type": "subteam_members_changed", "subteam_id": ["odd"]}, "e3")
    assert rosters.there == {}, "both are asked anew"
