"""What people are greeted with fits one screen of a phone, buttons included."""

import pytest
from playwright.sync_api import Browser

from bot.controller.model import Message
from bot.jobs.cards import JobView
from bot.jobs.model import Phase
from handlers.ui.menu import Offered, menu, welcome
from handlers.ui.parts.running import Running
from tests.handlers.fake_services import lease
from tests.page import cards
from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser

HIGHEST = 480
"""Pixels of a card at 390 pixels of width: what a phone shows of it without scrolling."""

_LINK = "https://northwind.slack.com/archives/C1/p1796030951000001?thread_ts=1796030951.000001&cid=C1"
_JOB = JobView(
    "0123456789ab",
    "claims-router-20261130-1",
    "claims-router",
    "claude-3-haiku",
    "claims",
    "U1",
    Phase.TRAINING,
)
_BUSY = menu(
    Running(
        [_JOB, _JOB, _JOB],
        [lease("claims-router-20261130-1", link=_LINK), lease("notes-summary-20261130-1", link=_LINK)],
    ),
    Offered(checks=True, spends=True),
)
_QUIET = menu(Running(), Offered(checks=True, spends=True))
SHOWN = {
    "busy": _BUSY,
    "quiet": _QUIET,
    "for an asker": menu(Running(), Offered(False, False)),
    "welcome": welcome(),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_it_fits_one_screen_of_a_phone(
    browser: Browser, address: str, fake: FakePlayground, name: str, scheme: str
) -> None:
    shown: Message = SHOWN[name]
    fake.post(cards.CHANNEL, cards.BOT, shown.text, blocks=list(shown.blocks))
    context = browser.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"/#/{cards.CHANNEL}")
    card = page.get_by_role("article").filter(has=page.get_by_role("button")).last
    card.wait_for()
    box = card.bounding_box()
    wider = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert box
    assert box["height"] <= HIGHEST, (name, box["height"])
    assert wider <= 390
