"""Every card in every state, as it is seen on a phone: how high it is, whether all can read it, and press it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.discovery import collect
from handlers.ui.render import DRAWN
from tests.page.gallery import DESKTOP, LONGEST, PHONE, SCHEMES, Gallery, Scheme, opened, states

pytestmark = pytest.mark.browser

READABLE = 4.5
"""WCAG 2.2, 1.4.3 at level AA: the contrast of text with what is behind it."""

TALL: dict[str, int] = {}
"""States that are higher than a phone's screen has room for, with how high they are: it may only shrink."""


@pytest.fixture(scope="module")
def gallery(browser: Browser) -> Iterator[Gallery]:
    with opened(browser, states()) as gallery:
        yield gallery
        assert gallery.broken == []


def test_every_card_has_an_example() -> None:
    shown = {type(each.card) for each in states()}

    assert [each.__name__ for each in DRAWN if each not in shown] == []


def test_every_module_of_cards_has_its_examples_under_its_name_and_no_state_has_two() -> None:
    examples = collect("handlers.ui.examples", "EXAMPLES")

    assert sum(map(len, examples)) == len(states())


_ENDS_CUT = re.compile(r"…[_*\s]*$", re.MULTILINE)
"""In a code span it is the name, or the usage, that goes on."""


def test_no_face_breaks_off_in_a_sentence() -> None:
    faces = {each.state: "\n".join(_texts(list(each.message.blocks))) for each in states()}

    assert {state: face for state, face in faces.items() if _ENDS_CUT.search(face)} == {}


def _texts(drawn: object) -> Iterator[str]:
    """Return every text but that of buttons and menus, of which one may open a question (*Delete …*)."""
    if isinstance(drawn, list):
        for each in drawn:
            yield from _texts(each)
    elif isinstance(drawn, dict) and drawn.get("type") not in {"button", "static_select"}:
        for each in drawn.values():
            if isinstance(each, str) and drawn.get("type") in {"mrkdwn", "plain_text"}:
                yield each
            else:
                yield from _texts(each)


def test_every_card_fits_on_one_screen_of_a_phone_with_its_buttons(gallery: Gallery) -> None:
    gallery.resize(PHONE)
    heights = gallery.heights()

    assert {state: each for state, each in heights.items() if each > TALL.get(state, LONGEST)} == {}
    assert [each for each in TALL if heights[each] <= LONGEST] == [], "these fit by now"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_stands_out_at_the_side(gallery: Gallery, width: int) -> None:
    gallery.resize(width)

    assert gallery.too_wide() == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_of_a_card_can_be_read(gallery: Gallery, scheme: Scheme) -> None:
    faintest = gallery.faintest(scheme)

    assert {state: each for state, each in faintest.items() if each[0] < READABLE} == {}


def test_every_button_is_reached_by_the_keyboard_and_shows_that_it_is(gallery: Gallery) -> None:
    gallery.resize(PHONE)
    unreached, unseen = gallery.reached()

    assert unreached == set()
    assert unseen == set()
