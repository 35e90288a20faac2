"""Words read in a wrong encoding are what they were again; nothing else is touched."""

# ruff: noqa: RUF001 -- letters of many languages, on purpose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.content import mojibake
from tests.examples import examples
from tests.unit.datasets.samples import judge, lines

MEANT = [
    "Für Größe prüfen „heute“ – 50 € naïve São Paulo",
    "Привет, как дела? Ваш заказ отправлен.",
    "“quoted” ‘it’s’ — … ™",
    "😀 well",
    "50 °C ± 2 µm ½ © «so»",
    "Příliš žluťoučký kůň",
    "日本語の請求書",
    "Καλημέρα, πού είναι",
]
FINE = [
    *MEANT,
    "CAFÉ—ouvert", "MENÜ”", "Spaß”", "IRMÃ— e", "« ROI Â »", "ÅÄÖ", "NÃO, NÃO", "Ñ—", "PÃO", "à l’été", "É“",
    "plain", "",
]  # fmt: skip


def misread(text: str) -> str:
    """Return the text as a program shows it that takes its UTF-8 for Windows-1252, as browsers do."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
        for byte in text.encode()
    )


@pytest.mark.parametrize("text", MEANT)
def test_what_was_misread_is_brought_back(text: str) -> None:
    assert mojibake.fixed(misread(text)) == text
    assert mojibake.example(misread(text)) is not None


@pytest.mark.parametrize("letter", ["à", "ñ", "Ð"])
def test_a_letter_behind_it_that_begins_like_more_is_left_as_it_was(letter: str) -> None:
    """On Python 3.11.0 to 3.11.4 a possessive repeat took that letter as well, and nothing was mended."""
    assert mojibake.fixed(f"{misread('À')}{letter}00") == f"À{letter}00"
    assert mojibake.example(f"{misread('À')}{letter}00") is not None


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_left_alone(text: str) -> None:
    assert mojibake.fixed(text) == text
    assert mojibake.example(text) is None


@given(st.text(max_size=60))
@settings(max_examples=examples(200), deadline=None)
def test_mending_twice_is_mending_once_and_an_example_means_a_change(text: str) -> None:
    fixed = mojibake.fixed(text)
    if mojibake.example(text) is not None:
        assert fixed != text


def test_the_warning_shows_the_word_and_what_was_meant() -> None:
    row = {
        "messages": [{"role": "user", "content": misread("Für wen?")}, {"role": "assistant", "content": "b"}]
    }
    [cause] = [each for each in judge(lines(row)).causes if each.code == "mojibake"]

    assert cause.message == "A text was read in a wrong encoding: `FÃ¼r` was meant to be `Für`."
    assert (cause.lines, cause.repair) == ((1,), "mend-mojibake")
