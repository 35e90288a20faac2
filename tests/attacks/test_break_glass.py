"""Starting in an emergency without an approver: who might try, what holds, and that everyone concerned hears of it."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.access import Access
from bot.controller.model import Key
from bot.errors import NotAllowed, Refused
from bot.memberships import Membership
from bot.pricing.money import at_most
from bot.rosters import Holders, Roster
from bot.spending.budget_service import BudgetService
from bot.spending.cards import ApprovalCard, Glass, NobodyLeft, StartedWithoutApproval
from bot.spending.model import Decision
from bot.spending.offers import Shown, is_dearer
from bot.spending.votes import PATIENCE
from handlers.metadata import Overriding
from handlers.ui.forms.override import override_form
from handlers.ui.parts.plans import vote_value
from handlers.ui.render import render
from tests.attacks.test_deciding import Asked, asked, every_kind
from tests.doubles.bought import DEARER, SAMPLES
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters, people
from tests.handlers.door import buttons, words
from tests.tables import table

WHY = "The regulator's deadline is tonight. *Not* <!channel>"
TRAINERS = frozenset({"UTRAIN", "UBOSS", "UOPER"})
SHUT = Access(TRAINERS, frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships(), operator="UOPER")
OPEN = replace(SHUT, breaks_glass=True)
UNSEEN = ("\u2800", "\u3164", "\uffa0", "\u115f", "\ufe0f", "\u034f")
"""Letters without ink, and marks that show nothing by themselves: no white space, and none of what turns text round."""


def override(it: Asked, by: str = "UOPER", reason: str = WHY, shown: Shown | None = None) -> None:
    """Press *Start without approval* on whatever waits."""
    it.world.clock.advance(1)
    [resource] = {each.resource for each in questions(it)}
    kind, _, plan = resource.partition(":")
    it.world.votes.vote(Key(kind, plan), "override", by, shown, reason)


def questions(it: Asked) -> list[ApprovalCard]:
    return [each for each in it.world.renderer.cards if isinstance(each, ApprovalCard)]


def told(it: Asked, event: str) -> list[str]:
    """Return who is told of it directly, people and channels."""
    return sorted(
        str(each.spec["user"])
        for each in it.world.store.of_kind("notification")
        if f":{event}:" in each.key.id
    )


@every_kind
def test_it_starts_at_once_and_everyone_concerned_is_told_why(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind, access=OPEN).started()
    assert questions(it)[-1].glass is Glass.BESIDE
    asks = questions(it)[-1]
    form = words(override_form(Overriding(vote_value(asks.resource, asks.usd), "C1")))
    assert at_most(asks.usd) in form, "whoever fills it in reads what they agree to"
    override(it)
    assert it.bought == SAMPLES[kind].bought

    assert told(it, "override") == ["C1", "UBOSS", "UCHIEF", "UTRAIN"], "all but who did it"
    [card] = {each for each in it.world.renderer.cards if isinstance(each, StartedWithoutApproval)}
    question = questions(it)[-1]
    assert question.decision is Decision.OVERRIDDEN
    for drawn in (card, question):
        said = words({"blocks": list(render(drawn).blocks)})
        assert "Started without approval by <@UOPER>" in said
        assert "regulator" in said
        assert "Approval needed" not in said + render(drawn).text, "nobody has to decide any more"
        assert "<!channel>" not in said, "nobody is called by it"
    with pytest.raises(Refused, match="already"):
        it.press("approve", "UCHIEF")
    it.world.turn()
    assert it.bought == SAMPLES[kind].bought, "and not once more"


def test_the_operators_channel_reads_nothing_of_where_it_was_asked_for(tmp_path: Path) -> None:
    """Tried: reading in the operator's channel what was asked for in a channel that not everybody there sees."""
    rules = replace(OPEN, operator="COPS", operators=frozenset({"UOPER"}))
    it = asked(tmp_path, "lease", access=rules).started()
    override(it)
    it.world.turn()
    rules = replace(SHUT, operator="COPS", approvers=Holders({"S0"}, here := FakeRosters(S0=people("UBOSS"))))
    left = asked(tmp_path, "lease", access=rules).started()
    here.there["S0"] = people()
    left.world.pass_time(301, step=301)
    with table() as row:
        for event, world in (("override", it.world), ("nobody-left", left.world)):
            found = world.store.of_kind("notification")
            read = {str(each.spec["user"]): str(each.spec) for each in found if f":{event}:" in each.key.id}
            with row(event):
                assert "claims-router" in read["UTRAIN"]
                assert "UTRAIN" in read["COPS"], "whom to ask"
                assert not [
                    each for each in ("claims-router", "C1>", "regulator", "$") if each in read["COPS"]
                ]


def test_what_does_not_start_by_it(tmp_path: Path) -> None:
    """Tried: an emergency start by a trainer, an approver, a guest, or an operator without a reason."""
    a_group = Holders({"S0OPS"}, FakeRosters(S0OPS=people("UGUEST")), counts_open=False)
    tries: list[tuple[str, Access, str, str, str]] = [
        ("it is not open", SHUT, "UOPER", WHY, "not open here"),
        ("by a trainer", OPEN, "UTRAIN", WHY, "Only an operator"),
        ("by an approver", OPEN, "UBOSS", WHY, "Only an operator"),
        ("by an approver who stands in for the operator", replace(OPEN, operator="COPS"), "UBOSS", WHY, "Only an op"),
        ("by somebody who has left", gone("UOPER"), "UOPER", WHY, "you are deactivated"),
        ("by a guest in the operators' group", with_guest(a_group), "UGUEST", WHY, "you are a guest"),
        ("without a reason", OPEN, "UOPER", "", "I need a reason"),
        ("with blanks for a reason", OPEN, "UOPER", " " * 40, "I need a reason"),
        ("with a shrug for a reason", OPEN, "UOPER", "because", "I need a reason"),
        *(
            (f"with nothing to be seen but {each!a}", OPEN, "UOPER", each * 40 + ".", "I need a reason")
            for each in UNSEEN
        ),
    ]  # fmt: skip
    with table() as row:
        for name, rules, by, reason, said in tries:
            with row(name):
                it = asked(tmp_path, "job", access=rules).started()
                with pytest.raises((NotAllowed, Refused), match=said):
                    override(it, by, reason)
                assert it.bought == 0
                assert told(it, "override") == []


def gone(user: str) -> Access:
    return replace(OPEN, people=FakeMemberships(**{user: Membership.DEACTIVATED}))


def with_guest(operators: Holders) -> Access:
    return replace(OPEN, operators=operators, people=FakeMemberships(UGUEST=Membership.GUEST))


@every_kind
def test_it_lifts_the_need_of_a_second_person_and_nothing_else(tmp_path: Path, kind: str) -> None:
    """Tried: past a budget, at a price that rose, before anybody asked, after a no, too late, from an old picture."""
    with table() as row:
        with row("nobody has asked for it"):
            it = asked(tmp_path, kind, access=OPEN)
            plan = it.world.store.of_kind(SAMPLES[kind].kind)[-1].key
            with pytest.raises(Refused, match="Nobody has asked for this yet"):
                it.world.votes.vote(plan, "override", "UOPER", None, WHY)
            assert it.bought == 0
        with row("the price rose"):
            it = asked(tmp_path, kind, access=OPEN).started().restarted(DEARER)
            with pytest.raises(Refused, match="by now"):
                override(it)
            assert it.bought == 0
        with row("an old picture"):
            it = asked(tmp_path, kind, access=OPEN).started()
            with pytest.raises(Refused, match="by now"):
                override(it, shown=Shown(Decimal(1)))
            assert it.bought == 0
        with row("an approver said no"):
            it = asked(tmp_path, kind, access=OPEN).started()
            it.press("decline", "UCHIEF")
            with pytest.raises(Refused, match="declined this already"):
                override(it)
            assert it.bought == 0
        with row("it waited too long"):
            it = asked(tmp_path, kind, access=OPEN).started()
            it.world.clock.advance(PATIENCE + 1)
            with pytest.raises(Refused, match="Nobody decided this in time"):
                override(it)
            assert it.bought == 0


@every_kind
def test_no_budget_is_gone_over(tmp_path: Path, kind: str) -> None:
    """Tried: an emergency as a way past a budget. For more time: tests/unit/leases/test_more_time.py."""
    it = asked(tmp_path, kind, access=OPEN).started()
    service: BudgetService = it.world.budget_service
    service._budgets = {"all": Decimal("0.01")}  # set by the operator meanwhile
    with suppress(Refused):  # what is not held to budgets at the press is when it would be bought
        override(it)
    assert it.bought == 0


@every_kind
def test_an_approver_who_is_gone_is_replaced_by_the_next(tmp_path: Path, kind: str) -> None:
    """Tried: an old *Approve*, pressed by somebody who was taken out of the approvers' group since."""
    rosters, members = FakeRosters(S0BOSSES=people("UBOSS", "UCHIEF")), FakeMemberships()
    bosses = Holders({"S0BOSSES"}, rosters, counts_open=False)
    rules = replace(SHUT, approvers=bosses, people=members, rosters=rosters)
    it = asked(tmp_path, kind, access=rules).started()
    assert questions(it)[-1].approvers == ("UBOSS", "UCHIEF")

    def later() -> tuple[str, ...]:
        it.world.pass_time(301, step=301)
        return questions(it)[-1].approvers

    members.others["UBOSS"] = Membership.DEACTIVATED
    assert later() == ("UCHIEF",), "who left the workspace is named no more"
    assert told(it, "approve") == [], "and nobody is disturbed while one who was asked is there"
    rosters.there["S0BOSSES"] = people("UTRAIN", "UNEXT", "UOTHER")
    assert later() == ("UNEXT", "UOTHER"), "the asker is none of them"
    assert told(it, "approve") == ["UNEXT"], "the next is asked directly"
    later()
    assert told(it, "approve") == ["UNEXT"], "once"
    rosters.silent = {"S0BOSSES"}
    rosters.there["S0BOSSES"] = people()
    later()
    assert told(it, "nobody-left") == [], "while Slack does not say, nobody is told that nobody is left"
    rosters.silent = set()
    assert later() == ()
    assert told(it, "nobody-left") == ["UOPER", "UTRAIN"]
    said = [each for each in it.world.renderer.cards if isinstance(each, NobodyLeft)]
    assert {each.for_operator for each in said} == {True, False}
    assert not any("Start without approval" in words({"blocks": list(render(each).blocks)}) for each in said)
    with pytest.raises(NotAllowed):
        it.press("approve", "UCHIEF")  # an old picture, pressed by somebody who was an approver
    assert it.bought == 0
    rosters.there["S0BOSSES"] = people("UNEW")
    assert later() == ("UNEW",)
    assert told(it, "approve") == ["UNEW", "UNEXT"], "who comes after all is asked"
    it.press("approve", "UNEW")
    it.world.turn()
    assert questions(it)[-1].decision is Decision.APPROVED


@every_kind
def test_where_no_approver_sees_the_channel_the_first_is_asked_directly(tmp_path: Path, kind: str) -> None:
    rosters = FakeRosters()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    it = asked(tmp_path, kind, access=replace(SHUT, rosters=rosters)).started()
    assert told(it, "approve") == ["UBOSS"]
    rosters.private = {"C1": frozenset({"UTRAIN", "UCHIEF"})}
    near = asked(tmp_path, kind, access=replace(SHUT, rosters=rosters)).started()
    assert questions(near)[-1].approvers == ("UCHIEF",), "who is there is asked there"
    assert told(near, "approve") == []
    rosters.private = {"C1": frozenset({"UTRAIN", "UBOSS"})}
    own = asked(tmp_path, kind, "UBOSS", access=replace(SHUT, rosters=rosters)).started("UBOSS")
    assert questions(own)[-1].approvers == ("UCHIEF",), "who asks for it is none who could decide there"
    assert told(own, "approve") == ["UCHIEF"]


@every_kind
def test_who_was_asked_directly_is_asked_again_when_it_has_become_dearer(tmp_path: Path, kind: str) -> None:
    """Tried: approving, in a direct message, the figure of before."""
    rosters = FakeRosters()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    it = asked(tmp_path, kind, access=replace(SHUT, rosters=rosters)).started()
    old = questions(it)[-1].usd
    it.restarted(DEARER)
    with pytest.raises(Refused, match="by now, and was offered for"):
        it.press("approve", "UBOSS", Shown(old))
    it.world.turn()
    new = questions(it)[-1]
    assert (told(it, "approve"), told(it, f"approve-{new.usd}")) == (["UBOSS"], ["UBOSS"])
    assert is_dearer(new.usd, old)
    [sent] = [each for each in questions(it) if each.is_anew]
    assert "this figure holds" in words({"blocks": list(render(sent).blocks)})
    it.world.pass_time(301, step=301)
    assert told(it, f"approve-{new.usd}") == ["UBOSS"], "once"
    with pytest.raises(Refused, match="was offered for"):
        it.press("approve", "UBOSS", Shown(old))
    it.press("approve", "UBOSS", Shown(new.usd))
    assert it.bought == SAMPLES[kind].bought


def test_who_was_only_named_is_asked_once_the_one_before_them_is_gone(tmp_path: Path) -> None:
    rosters, members = FakeRosters(), FakeMemberships()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    it = asked(tmp_path, "job", access=replace(SHUT, people=members, rosters=rosters)).started()
    assert told(it, "approve") == ["UBOSS"]
    members.others["UBOSS"] = Membership.DEACTIVATED
    it.world.pass_time(301, step=301)
    assert told(it, "approve") == ["UBOSS", "UCHIEF"]


def test_an_operator_who_is_gone_is_nobody_who_could(tmp_path: Path) -> None:
    """Tried: asking for what only an operator could start who has left the workspace."""
    rules = replace(gone("UOPER"), approvers=frozenset())
    assert rules.raisers == rules.glass_breakers == ()
    with pytest.raises(NotAllowed, match="Nobody could approve this"):
        asked(tmp_path, "job", access=rules).started()


def test_with_nobody_left_an_operator_is_named_where_that_is_open(tmp_path: Path) -> None:
    rosters = FakeRosters(S0BOSSES=Roster(frozenset()))
    nobody = Holders({"S0BOSSES"}, rosters, counts_open=False)
    with pytest.raises(NotAllowed, match="Nobody could approve this"):
        asked(tmp_path, "job", access=replace(SHUT, approvers=nobody)).started()
    it = asked(tmp_path, "job", access=replace(OPEN, approvers=nobody)).started()
    question = questions(it)[-1]
    assert (question.glass, question.approvers) == (Glass.ALONE, ("UOPER",))
    said = words({"blocks": list(render(question).blocks)})
    assert "Approve" not in said.replace("Approval", "")
    left = {
        each.for_operator: render(each) for each in it.world.renderer.cards if isinstance(each, NobodyLeft)
    }
    found = {
        of: [action for action, _ in buttons({"blocks": list(each.blocks)})] for of, each in left.items()
    }
    assert found == {True: ["plan.override"], False: []}, (
        "an operator starts it from there, seeing the channel or not"
    )
    [asks] = it.world.votes.asked_by("UTRAIN")
    assert asks.question.glass is Glass.ALONE, "and whoever asked reads at home what the question says"
    with pytest.raises(NotAllowed):
        it.press("approve", "UOPER")
    assert it.bought == 0
    override(it)
    assert it.bought == 1


def test_a_no_for_what_nobody_can_see_is_one_without_a_reason(tmp_path: Path) -> None:
    """Tried: a reason of characters that turn text round, have no width or no ink, which is drawn as an empty quote."""
    for number, unseen in enumerate(("\u202e\u200b ", *UNSEEN)):
        it = asked(tmp_path / str(number), "job", access=SHUT).started()
        kind, _, plan = questions(it)[-1].resource.partition(":")
        it.world.votes.vote(Key(kind, plan), "decline", "UCHIEF", reason=unseen * 9)
        it.world.turn()
        assert (questions(it)[-1].decision, questions(it)[-1].declined_for) == (Decision.DECLINED, ""), unseen
