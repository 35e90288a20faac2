"""Every card in every state, as it is seen on a phone: how high it is, whether all can read it, and press it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.discovery import collect
from handlers.ui.render import DRAWN
from tests.page.gallery import DESKTOP, LONGEST, PHONE, SCHEMES, Gallery, Scheme, opened, states

pytestmark = pytest.mark.browser

READABLE = 4.5
"""WCAG 2.2, 1.4.3 at level AA: the contrast of text with what is behind it."""

TALL: dict[str, int] = {
    "verdict, ready": 710,
    "verdict, ready with warnings": 899,
    "verdict, ready validation set": 666,
    "verdict, needs repair": 1342,
    "verdict, needs one repair, long name": 914,
    "verdict, not ready": 1441,
    "verdict, not ready, long name": 785,
    "datasets, one": 703,
    "datasets, many": 1338,
    "dataset": 823,
    "dataset, made from another": 1251,
    "dataset, long name": 846,
    "datasets, twenty versions": 1896,
    "compared": 485,
    "week, busy": 892,
    "week, all channels": 639,
    "plan of a distillation": 870,
    "plan of a distillation, a check fails": 958,
    "plan of a distillation, needs an approver": 914,
    "plan of a distillation, waits for approval": 932,
    "plan of a distillation, started": 852,
    "teachers": 585,
    "help": 1936,
    "job, training": 524,
    "job, failed": 528,
    "jobs, many": 1816,
    "job's end, long names": 653,
    "model card": 615,
    "model card, long names": 699,
    "plan of a job": 992,
    "plan of a job, long names": 1271,
    "plan of a job, checks fail": 1214,
    "plan of a job, can never start": 1080,
    "plan of a job, needs an approver": 1036,
    "plan of a job, nobody can approve": 1108,
    "plan of a job, waits for approval": 1054,
    "plan of a job, started": 974,
    "plan of a job, declined": 974,
    "plan of a job, cancelled": 974,
    "models, many": 1655,
    "cost, nothing runs": 1188,
    "cost, two run": 1234,
    "sharing, with many": 986,
    "budget, three caps": 644,
    "budget, without caps": 519,
    "plan of a sweep": 804,
    "plan of a sweep, twenty jobs": 1532,
    "plan of a sweep, a check fails": 894,
    "plan of a sweep, needs an approver": 848,
    "plan of a sweep, started": 786,
    "plan of a sweep, refused": 812,
    "repair, done": 711,
    "repair, copy not posted": 736,
}
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
