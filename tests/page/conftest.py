"""One headless Chromium for the session, a fresh context and a fresh fake playground for each test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.page.fake_playground import FakePlayground

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")


def chromium_path() -> str | None:
    """Return where Chromium is, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _chromium() -> str:
    if found := chromium_path():
        return found
    message = (
        "The page's tests need Chromium (apt-get install chromium-headless-shell); none of these is on the PATH: "
        + ", ".join(_NAMES)
    )
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def fake() -> Iterator[FakePlayground]:
    playground = FakePlayground()
    yield playground
    playground.stop()


@pytest.fixture
def address(fake: FakePlayground) -> str:
    return fake.start()


@pytest.fixture
def viewport() -> tuple[int, int]:
    return 1280, 800


@pytest.fixture
def page(browser: Browser, address: str, viewport: tuple[int, int]) -> Iterator[Page]:
    width, height = viewport
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(5000)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "request",
        lambda request: (
            broken.append(request.url) if not request.url.startswith((address, "blob:", "data:")) else None
        ),
    )
    yield page
    context.close()
    assert broken == []
