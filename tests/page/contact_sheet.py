"""Draws every card in every state, at both widths, light and dark: ``./tunesmith gallery``."""

import sys
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright

from tests.page.conftest import ARGUMENTS, chromium_path
from tests.page.gallery import DESKTOP, LONGEST, PHONE, SCHEMES, Gallery, Scheme, Shown, opened, states

GAP, CAPTION = 16, 22
COLUMNS = {PHONE: 6, DESKTOP: 3}
_PAPER: dict[Scheme, str] = {"light": "#ffffff", "dark": "#1a1d21"}
_INK: dict[Scheme, str] = {"light": "#1d1c1d", "dark": "#d1d2d3"}
DOCS = ("verdict, needs repair", "plan of a job", "lease, in service")
"""The states that the README shows."""


def main(folder: Path) -> None:
    """Write the contact sheets into a folder, and the pictures of the README beside it; say how high each card is."""
    path = chromium_path()
    if path is None:
        sys.exit("The gallery needs Chromium: apt-get install chromium-headless-shell.")
    folder.mkdir(parents=True, exist_ok=True)
    shown = states()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        with opened(browser, shown) as gallery:
            _say(gallery.heights())
            for width in COLUMNS:
                gallery.resize(width)
                for scheme in SCHEMES:
                    _draw(gallery, width, scheme, folder)
        browser.close()


def _say(heights: dict[str, int]) -> None:
    for state, height in sorted(heights.items(), key=lambda each: (-each[1], each[0])):
        sys.stdout.write(f"{height:5} px  {state}{'' if height <= LONGEST else f'  (more than {LONGEST})'}\n")


def _draw(gallery: Gallery, width: int, scheme: Scheme, folder: Path) -> None:
    gallery.wear(scheme)
    pictures = [Image.open(BytesIO(each)) for each in gallery.pictures()]
    sheet = _sheet(list(zip(gallery.shown, pictures, strict=True)), width, scheme)
    file = folder / f"{width}-{scheme}.png"
    sheet.save(file)
    sys.stdout.write(f"{file}\n")
    if width == PHONE:
        _for_the_readme(gallery.shown, pictures, scheme)


def _for_the_readme(shown: Sequence[Shown], pictures: Sequence[Image.Image], scheme: Scheme) -> None:
    by_state = {each.state: picture for each, picture in zip(shown, pictures, strict=True)}
    docs = Path(__file__).parents[2] / "docs"
    wanted = [by_state[state] for state in DOCS]
    sheet = Image.new(
        "RGB",
        (sum(each.width for each in wanted) + GAP * (len(wanted) - 1), max(each.height for each in wanted)),
        _PAPER[scheme],
    )
    x = 0
    for picture in wanted:
        sheet.paste(picture, (x, 0))
        x += picture.width + GAP
    sheet.quantize(64).save(docs / f"cards-{scheme}.png", optimize=True)


def _sheet(cards: Iterable[tuple[Shown, Image.Image]], width: int, scheme: Scheme) -> Image.Image:
    """Put the pictures into columns, each on the shortest, under the name of its state."""
    scale = 1.0 if width == PHONE else 0.5
    column = int(width * scale)
    ends = [GAP] * COLUMNS[width]
    placed: list[tuple[int, int, str, Image.Image]] = []
    for each, picture in cards:
        at = ends.index(min(ends))
        small = picture.resize((int(picture.width * scale), max(1, int(picture.height * scale))))
        placed.append((GAP + at * (column + GAP), ends[at], each.state, small))
        ends[at] += CAPTION + small.height + GAP
    sheet = Image.new("RGB", (GAP + len(ends) * (column + GAP), max(ends)), _PAPER[scheme])
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for x, y, state, picture in placed:
        pen.text((x, y), state, fill=_INK[scheme], font=font)
        sheet.paste(picture, (x, y + CAPTION))
        pen.rectangle((x - 1, y + CAPTION - 1, x + column, y + CAPTION + picture.height), outline="#888888")
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]))
