"""Whether ``/ask`` is answered before all or to whoever asks: the channel's setting, and what is typed with it."""

import pytest

from bot.access import Access
from tests.doubles.memberships import FakeMemberships
from tests.doubles.visibility import FakeChannelMemberships
from tests.handlers.door import DIRECT, USER, Door, make_door


@pytest.mark.parametrize(
    ("setting", "typed", "private"),
    [
        ("", "Patient?", False),
        ("private", "Patient?", True),
        ("private", "--public Patient?", False),
        ("public", "--private Patient?", True),
        ("public", "claims-router \u2014private --base Patient?", True),
    ],
)
def test_what_is_typed_goes_before_the_channels_setting(
    door: Door, setting: str, typed: str, private: bool
) -> None:
    if setting:
        door.command(f"answers {setting}")
    door.webhooks.clear()
    door.command(typed, "/ask")
    [asked] = door.questions.asked
    assert (asked.private, asked.text) == (private, "Patient?")
    assert [("directly" in each["blocks"][0]["text"]["text"]) for each in door.webhooks] == (
        [True] if private else []
    )


def test_a_direct_message_is_private_as_it_is() -> None:
    places = FakeChannelMemberships()
    places.direct(DIRECT, USER)
    door = make_door(memberships=places)
    door.command("--private Patient?", "/ask", channel_id=DIRECT)
    [asked] = door.questions.asked
    assert not asked.private
    door.command("answers private", channel_id=DIRECT)
    assert "between us" in door.said


def test_it_says_how_it_is_since_when_and_by_whom(door: Door) -> None:
    door.command("answers")
    assert "answered here, for all." in door.said
    door.command("answers private")
    door.webhooks.clear()
    door.command("answers")
    assert "to whoever asks, directly, since" in door.said
    assert "by <@UTRAIN>" in door.said
    door.webhooks.clear()
    door.command("answers loud")
    assert "Public, or private?" in door.said


def test_only_trainers_set_it() -> None:
    door = make_door(Access(trainers=frozenset({"UOTHER"}), people=FakeMemberships()))
    door.command("answers private")
    door.webhooks.clear()
    door.command("answers")
    assert "answered here, for all" in door.said


def test_share(door: Door) -> None:
    door.press("answer.share", "9c9c")
    assert door.questions.calls == [("share", "9c9c", "UTRAIN")]
    assert "on its way to the channel" in door.said
