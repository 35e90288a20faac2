"""The rule itself: who sees what, and where it may be talked of."""

import pytest

from bot.errors import Throttled, Unavailable
from bot.visibility import Origin, Provenance, Sight, Viewer
from tests.doubles.visibility import FakeChannelMemberships


def from_(*channels: str, shared: tuple[str, ...] = ()) -> Provenance:
    """Something made of one thing from each of these."""
    return Provenance(tuple((Origin(each, "UOWNER"),) for each in channels), shared)


@pytest.fixture
def memberships() -> FakeChannelMemberships:
    made = FakeChannelMemberships()
    made.private("CPAY", "UIN", "UBOTH")
    made.private("CHR", "UHR", "UBOTH")
    made.public("CPUB", "UIN", "UGUEST")
    made.public("CEXT", "UIN", foreign=True)
    made.gone("CGONE")
    made.guest("UGUEST")
    return made


SEEN = [
    ("UIN", ["CPAY"], True),
    ("UOUT", ["CPAY"], False),
    ("UOWNER", ["CPAY"], False),  # who brought it there and left
    ("UOUT", ["CPUB"], True),
    ("UGUEST", ["CPUB"], True),
    ("UGUEST", ["COPEN"], False),
    ("UIN", ["CPUB", "CPAY"], True),
    ("UOUT", ["CPUB", "CPAY"], False),
    ("UIN", ["CPAY", "CHR"], False),
    ("UBOTH", ["CPAY", "CHR"], True),
    ("UIN", ["D1"], False),
    ("UOWNER", ["D1"], True),
    ("UIN", ["CGONE"], False),
    ("UIN", [""], False),
    ("UIN", [], False),
]


@pytest.mark.parametrize(("user", "channels", "seen"), SEEN)
def test_who_sees_it(memberships: FakeChannelMemberships, user: str, channels: list[str], seen: bool) -> None:
    assert Sight(Viewer(user), memberships).sees(from_(*channels)) is seen


def test_what_was_trained_further_is_seen_by_who_sees_both(memberships: FakeChannelMemberships) -> None:
    first = from_("CPAY", shared=("CHR",))
    further = Provenance(((Origin("CPUB", "UIN"),),), made_from=(first,))
    for user, seen in (("UIN", True), ("UHR", True), ("UOUT", False), ("UGUEST", False)):
        assert Sight(Viewer(user), memberships).sees(further) is seen
    sight = Sight(Viewer("UIN"), memberships)
    assert [sight.may_show(further, each) for each in ("CPUB", "CPAY", "CHR", "CEXT")] == [
        False,
        True,
        True,
        False,
    ]
    assert [sight.may_answer(further, each) for each in ("CPUB", "CPAY", "CHR")] == [False, False, False]


def test_each_label_of_a_content_is_a_way_to_see_it(memberships: FakeChannelMemberships) -> None:
    labels = Provenance.of(Origin("CPAY", "UIN"), Origin("CHR", "UHR"))
    assert Sight(Viewer("UHR"), memberships).sees(labels)
    assert not Sight(Viewer("UOUT"), memberships).sees(labels)
    assert Sight(Viewer("UIN", "CPAY"), memberships).may_show(labels, "CHR")
    assert not Sight(Viewer("UIN", "CPAY"), memberships).may_show(labels, "CPUB")


SHOWN = [
    # provenance, channel, may be shown, answers
    (from_("CPAY"), "CPAY", True, True),
    (from_("CPAY"), "CPUB", False, False),
    (from_("CPAY"), "CHR", False, False),
    (from_("CPAY"), "D9", True, True),
    (from_("CHR"), "D9", False, False),
    (from_("CPUB"), "CPAY", True, False),
    (from_("CPUB"), "COPEN", True, False),
    (from_("CPUB"), "CEXT", False, False),
    (from_("CPUB", "CPAY"), "CPAY", True, True),
    (from_("CPUB", "CPAY"), "CPUB", False, False),
    (from_("CPAY", "CHR"), "CPAY", False, False),
    (from_("CPAY", shared=("CPUB",)), "CPUB", True, True),
    (from_("CPAY", shared=("CPUB",)), "COPEN", False, False),
    (from_("D5"), "CPUB", False, False),
    (Provenance(()), "CPUB", False, False),
]


@pytest.mark.parametrize(("provenance", "channel", "shown", "answers"), SHOWN)
def test_where_it_may_be_talked_of(
    memberships: FakeChannelMemberships, provenance: Provenance, channel: str, shown: bool, answers: bool
) -> None:
    sight = Sight(Viewer("UIN", channel), memberships)
    assert sight.may_show(provenance, channel) is shown
    assert sight.may_answer(provenance, channel) is answers


def test_what_is_from_here_is_seen_without_asking_slack(memberships: FakeChannelMemberships) -> None:
    memberships.away = Unavailable("Slack did not answer.")
    sight = Sight(Viewer("UOUT", "CPAY"), memberships)
    assert sight.sees(from_("CPAY"))
    assert not sight.unclear
    assert not sight.sees(from_("CPUB"))
    assert sight.unclear


ASKED = [
    # of which channels, who is asked (in that order), how often each question was
    ("a public one", ["CPUB"], {"place": 1, "is_full": 1}),
    ("a private one", ["CPAY"], {"place": 1, "members": 1}),
    ("two private ones", ["CPAY", "CHR"], {"place": 2, "members": 2}),
    ("many", ["CPAY", "CHR", "CPAY2", "CPAY3"], {"place": 4, "members": 2, "conversations": 1}),
    ("a crowd", ["CROWD"], {"place": 1, "members": 1, "conversations": 1}),
]


@pytest.mark.parametrize(("about", "channels", "asked"), ASKED, ids=[each[0] for each in ASKED])
def test_few_channels_are_asked_who_is_in_them_and_of_many_the_person_is_asked(
    memberships: FakeChannelMemberships, about: str, channels: list[str], asked: dict[str, int]
) -> None:
    for channel in ("CPAY2", "CPAY3", "CROWD"):
        memberships.private(channel, "UIN")
    memberships.too_many.add("CROWD")
    sight = Sight(Viewer("UIN"), memberships)
    for _ in range(2):
        for channel in channels:
            assert sight.sees(from_(channel)) is (channel != "CHR")
    assert memberships.asked == asked


def test_who_is_in_a_public_channel_sees_it_while_slack_does_not_say_what_they_are(
    memberships: FakeChannelMemberships, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: str) -> bool:
        raise Throttled("Slack asked me to slow down.", retry_after=9)

    monkeypatch.setattr(memberships, "is_full", refused)
    memberships.public("CPUB", "UIN")
    inside, outside = Sight(Viewer("UIN"), memberships), Sight(Viewer("UOUT"), memberships)
    assert inside.sees(from_("CPUB"))
    assert not inside.unclear
    assert not outside.sees(from_("CPUB"))
    assert outside.unclear, "they may be a full member"


def test_slack_is_asked_once_a_request_even_when_it_is_silent(memberships: FakeChannelMemberships) -> None:
    memberships.away = Unavailable("Slack did not answer.")
    sight = Sight(Viewer("UIN"), memberships)
    for channel in ("CPAY", "CHR", "CPUB", "COPEN"):
        assert not sight.sees(from_(channel))
    assert sum(memberships.asked.values()) == 1


def test_silence_is_no_answer_to_whether_somebody_is_there(memberships: FakeChannelMemberships) -> None:
    assert Sight(Viewer("UIN"), memberships).surely_sees_channel("CPAY", "UOWNER")
    assert not Sight(Viewer("UOUT"), memberships).surely_sees_channel("CPAY", "UOWNER")
    memberships.away = Unavailable("Slack did not answer.")
    with pytest.raises(Unavailable, match="who is in that channel"):
        Sight(Viewer("UOUT"), memberships).surely_sees_channel("CPAY", "UOWNER")
    assert Sight(Viewer("UOWNER"), memberships).surely_sees_channel("D1", "UOWNER"), "Slack is not asked"
