"""Figures that slip past bounds: one reader for every form, command and button, and what it does not take."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import typer

from bot.advice.asking import _hit, _number, _rate, _units
from bot.cli.estimate import _usd
from bot.directory.answering import _stops, _temperature, _tokens
from bot.errors import BadField, TunesmithError
from bot.figures import figure, whole
from bot.profiles.hyperparameters import parse
from bot.profiles.registry import get
from handlers.actions.trials import _figure
from handlers.arguments import minutes
from handlers.commands.distill import _tokens as _longest_answer
from handlers.views.raising import _dollars
from tests.tables import table

RATE = get("nova-lite").hyperparameters[0]

READERS: dict[str, Callable[[str], object]] = {
    "settings, temperature": _temperature,
    "settings, longest answer": lambda text: _tokens(text, 10**6),
    "advise, a number": lambda text: _number(text, "in"),
    "advise, hit": _hit,
    "advise, rate": _rate,
    "advise, units": _units,
    "distill, longest answer": lambda text: _longest_answer([text]),
    "raise a budget": _dollars,
    "try the prompt": _figure,
    "a hyperparameter": lambda text: parse(RATE, text),
    "a duration": lambda text: minutes(f"{text}h"),
    "estimate --price": _usd,
}
SLIPS = (
    *[
        "0_1",
        "1_",
        "_1",
        ",,1,,",
        "2,",
        "2,00",
        "2,0000",
        "--1",
        "+-1",
        "0x1",
        "1e999",
        "1e-400",
        "nan",
        "inf",
    ],
    *(
        "\N{ARABIC-INDIC DIGIT ONE}",
        "\N{FULLWIDTH DIGIT ONE}",
        "1\u200b",
        "\N{SUPERSCRIPT TWO}",
        "1 1",
        "1\n1",
    ),
    f"000000001{'9' * 4_000}",
    f"{'0' * 5_000}1",
)


def test_no_form_command_or_button_takes_what_is_no_figure() -> None:
    """The first nine digits of a longest answer were checked, and all four thousand were kept."""
    with table() as row:
        for name, read in READERS.items():
            for slip in SLIPS:
                with row(name, slip[:20]), pytest.raises((TunesmithError, typer.BadParameter)):
                    read(slip)


@pytest.mark.parametrize(
    ("text", "is_whole", "is_figure"),
    [
        ("0", 0, "0"),
        ("007", 7, "7"),
        (" 500 ", 500, "500"),
        ("1,000", 1_000, "1000"),
        ("1_000,000", 1_000_000, "1000000"),
        ("999999999", 999_999_999, "999999999"),
        ("1000000000", None, "1000000000"),
        ("0.5", None, "0.5"),
        (".5", None, "0.5"),
        ("1.", None, "1"),
        ("-0", None, None),
        ("-1", None, None),
        ("1e3", None, None),
        (".", None, None),
        ("", None, None),
    ],
)
def test_what_is_a_figure_is_read_whole(text: str, is_whole: int | None, is_figure: str | None) -> None:
    assert whole(text) == is_whole
    assert figure(text) == (None if is_figure is None else Decimal(is_figure))


@pytest.mark.parametrize("stops", ["\u200b", "END\n\u200b\u2060", "\u2800"])
def test_a_stop_text_in_which_nothing_can_be_seen_is_none(stops: str) -> None:
    with pytest.raises(BadField, match="nothing that can be seen"):
        _stops(stops)
