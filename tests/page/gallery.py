"""Every card in every state on one page: what the page's tests measure, and ``./tunesmith gallery`` draws."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from bot.adapters.charts import draw
from bot.adapters.curve_picture import chart_of
from bot.controller.model import Message
from bot.discovery import collect
from bot.jobs.curves import Curves, Point
from handlers.ui.example_values import CURVE
from handlers.ui.render import render
from tests.page import cards
from tests.page.fake_playground import FakePlayground

PHONE, DESKTOP = 390, 1280
"""Widths in CSS pixels: an iPhone of today, and a laptop's window."""
LONGEST = 480
"""CSS pixels of a card on a phone, up to and including its buttons: what is seen of it without scrolling."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

_MEASURE = """() => [...document.querySelectorAll("#channel .message")].map((card) => {
  const box = card.getBoundingClientRect();
  const pressed = [...card.querySelectorAll(".message-content :is(.actions button, .actions .select, a.button)")];
  const last = pressed.at(-1);
  const end = last ? last.getBoundingClientRect().bottom : box.bottom;
  const content = card.querySelector(".message-content");
  const room = Math.ceil(content.getBoundingClientRect().width);
  return { height: Math.ceil(end - box.top), too_wide: content.scrollWidth > room };
})"""

_FAINT = """() => {
  const numbers = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const known = new Map();
  const read = (colour) => { if (!known.has(colour)) known.set(colour, numbers(colour)); return known.get(colour); };
  const over = (top, under) => top.slice(0, 3).map((each, at) => each * top[3] + under[at] * (1 - top[3]));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = read(getComputedStyle(at).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const light = (rgb) => {
    const linear = (each) => each <= 10.31475 ? each / 3294.6 : ((each / 255 + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const card of document.querySelectorAll("#channel .message")) {
    const walker = document.createTreeWalker(card.querySelector(".message-body") ?? card, NodeFilter.SHOW_TEXT);
    let worst = 21, where = "";
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
      if (!/[\\p{L}\\p{N}]/u.test(text) || !element.checkVisibility({ opacityProperty: true })) continue;
      const style = getComputedStyle(element), back = behind(element);
      const ink = over(read(style.color), back);
      const [high, low] = [light(ink), light(back)].sort((one, other) => other - one);
      const ratio = (high + 0.05) / (low + 0.05);
      const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const passed = large ? ratio + 1.5 : ratio;
      if (passed < worst) { worst = passed; where = text.slice(0, 60); }
    }
    found.push({ ratio: worst, text: where });
  }
  return found;
}"""

_AT_ONCE = "*, *::before, *::after { transition: none !important; animation: none !important }"
"""A colour on its way to another is neither."""

_POINTS = tuple(Point(step, step // 8 + 1, 2.1 * 0.94**step) for step in range(32))
_ALONE = ".toolbar, .day, .intro, .message:not(.alone) { display: none !important }"
_SHOW_ALONE = """(at) => {
  const all = document.querySelectorAll("#channel .message");
  all.forEach((each, place) => each.classList.toggle("alone", place === at));
  const { x, y, width, height } = all[at].getBoundingClientRect();
  return { window: innerWidth, height: Math.ceil(height), clip: { x, y, width, height } };
}"""

LOST = 30
"""Stops of the tabulator outside of all cards after which no more of them are expected."""

_NUMBER_CONTROLS = """(names) => [...document.querySelectorAll("#channel .message")].flatMap((card, at) =>
  [...card.querySelectorAll(".message-content :is(button, a[href], select, input)")].map((control) =>
    control.dataset.name = `${names[at]}: ${control.innerText.trim() || control.ariaLabel}`))"""

_FOCUSED = """() => {
  const control = document.activeElement, style = getComputedStyle(control);
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return [control.dataset.name ?? "", shown];
}"""


@dataclass(frozen=True)
class Shown:
    """One state of a card, as it is posted."""

    state: str
    card: object
    message: Message


def states() -> list[Shown]:
    """Return every state of every card, in the order of the modules."""
    examples: Mapping[str, object] = {
        state: card for each in collect("handlers.ui.examples", "EXAMPLES") for state, card in each.items()
    }
    return [
        Shown(state, card, card if isinstance(card, Message) else render(card))
        for state, card in examples.items()
    ]


@dataclass
class Gallery:
    """The page with all cards on it, one below the other; ``shown`` is in the page's order."""

    page: Page
    shown: list[Shown]
    broken: list[str] = field(default_factory=list)

    def resize(self, width: int) -> None:
        """Give the window another width."""
        self.page.set_viewport_size({"width": width, "height": 800})

    def wear(self, scheme: Scheme) -> None:
        """Show the page in light or dark."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def heights(self) -> dict[str, int]:
        """Return CSS pixels from the top of each message to the end of its last button; its whole where it has none."""
        return {state: each["height"] for state, each in self._each(_MEASURE).items()}

    def too_wide(self) -> list[str]:
        """Return the states of which something stands out at the side."""
        return [state for state, each in self._each(_MEASURE).items() if each["too_wide"]]

    def faintest(self, scheme: Scheme) -> dict[str, tuple[float, str]]:
        """Return for each state the least contrast of its texts (large ones have 1.5 more), and which text it is."""
        self.wear(scheme)
        return {state: (each["ratio"], each["text"]) for state, each in self._each(_FAINT).items()}

    def pictures(self) -> Iterator[bytes]:
        """Yield a picture of each card, as PNG; each is alone on the page meanwhile."""
        self.page.add_style_tag(content=_ALONE)
        for at in range(len(self.shown)):
            box = self.page.evaluate(_SHOW_ALONE, at)
            self.page.set_viewport_size({"width": box["window"], "height": max(800, box["height"] + 400)})
            yield self.page.screenshot(clip=self.page.evaluate(_SHOW_ALONE, at)["clip"])

    def reached(self) -> tuple[set[str], set[str]]:
        """Go through the page by the tabulator alone. Return what was not reached, and what shows no focus.

        Controls are told as ``state: label``.
        """
        names = [each.state for each in self.shown]
        wanted = set(self.page.evaluate(_NUMBER_CONTROLS, names))
        seen: set[str] = set()
        unseen_focus: set[str] = set()
        self.page.locator("#channel .message-list").focus()
        outside = 0
        while outside < LOST and not seen >= wanted:
            self.page.keyboard.press("Tab")
            name, is_shown = self.page.evaluate(_FOCUSED)
            outside = 0 if name else outside + 1
            if name:
                seen.add(name)
                unseen_focus |= set() if is_shown else {name}
        return wanted - seen, unseen_focus

    def _each(self, script: str) -> dict[str, Any]:
        found: list[Any] = self.page.evaluate(script)
        assert len(found) == len(self.shown), "the page shows all of them"
        return {each.state: value for each, value in zip(self.shown, found, strict=True)}


def _painted() -> bytes:
    """Return the picture that the examples show, as the bot paints it."""
    return draw(chart_of(Curves(_POINTS, ()), "claims-router", None))


@contextmanager
def opened(browser: Browser, shown: list[Shown]) -> Iterator[Gallery]:
    """Open the page once with all of these posted by the bot."""
    fake = FakePlayground()
    fake.files[CURVE.file] = ({"mimetype": "image/png"}, _painted())
    for each in shown:
        fake.post(cards.CHANNEL, cards.BOT, each.message.text, blocks=list(each.message.blocks))
    address = fake.start()
    context = browser.new_context(
        base_url=address,
        viewport={"width": PHONE, "height": 800},
        reduced_motion="reduce",
        color_scheme="light",
        bypass_csp=True,  # for a style of our own
    )
    try:
        page = context.new_page()
        page.set_default_timeout(10_000)
        gallery = Gallery(page, shown)
        page.on("pageerror", lambda error: gallery.broken.append(str(error)))
        page.goto("/")
        page.locator("#channel .message").nth(len(shown) - 1).wait_for()
        page.add_style_tag(content=_AT_ONCE)
        yield gallery
    finally:
        context.close()
        fake.stop()
