"""National IDs of many countries, each held to its check digits (mostly by python-stdnum).

What has a form of its own is known by it. Plain rows of digits are only looked at behind the name of such a number:
one in eleven order numbers would pass as somebody's ID otherwise.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bot.datasets.content.pattern import Pattern, ending
from bot.datasets.rule import Rule


class _Number:
    """One module of python-stdnum, imported when a number is found that may be its: each takes a millisecond."""

    def __init__(self, name: str) -> None:
        self._name = name

    def is_valid(self, number: str) -> bool:
        """Whether the number's form and check digits are right."""
        import stdnum  # noqa: PLC0415

        return bool(import_module(f"{stdnum.__name__}.{self._name}").is_valid(number))


vnr = _Number("at.vnr")
tfn = _Number("au.tfn")
nn = _Number("be.nn")
egn = _Number("bg.egn")
cpf = _Number("br.cpf")
sin = _Number("ca.sin")
ahv = _Number("ch.ssn")
rut = _Number("cl.rut")
ric = _Number("cn.ric")
rc = _Number("cz.rc")
idnr = _Number("de.idnr")
ik = _Number("ee.ik")
dni = _Number("es.dni")
nie = _Number("es.nie")
hetu = _Number("fi.hetu")
nir = _Number("fr.nir")
nhs = _Number("gb.nhs")
oib = _Number("hr.oib")
aadhaar = _Number("in_.aadhaar")
codicefiscale = _Number("it.codicefiscale")
curp = _Number("mx.curp")
bsn = _Number("nl.bsn")
fodselsnummer = _Number("no.fodselsnummer")
pesel = _Number("pl.pesel")
nif = _Number("pt.nif")
cnp = _Number("ro.cnp")
personnummer = _Number("se.personnummer")
tckimlik = _Number("tr.tckimlik")

_MOST = 13
"""Digits of the longest number that is known by its name."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A number of ``digits`` digits that is known by one of its ``names``, a regular expression."""

    names: str
    digits: int
    is_valid: Callable[[str], bool]


_NAMED = (
    _Named(r"bsn|burgerservicenummer|sofi-?nummer", 9, bsn.is_valid),
    _Named(r"steuer-?id\w*|steuerliche identifikationsnummer|idnr", 11, idnr.is_valid),
    _Named(r"svnr|sozialversicherungsnummer", 10, vnr.is_valid),
    _Named(r"pesel", 11, pesel.is_valid),
    _Named(r"personnummer", 10, lambda number: personnummer.is_valid(f"{number[:6]}-{number[6:]}")),
    _Named(r"personnummer", 12, lambda number: personnummer.is_valid(f"{number[:8]}-{number[8:]}")),
    _Named(r"fødselsnummer|fodselsnummer", 11, fodselsnummer.is_valid),
    _Named(r"isikukood|asmens kodas", 11, ik.is_valid),
    _Named(r"rodn[ée] [čc][íi]slo", 10, rc.is_valid),
    _Named(r"oib", 11, oib.is_valid),
    _Named(r"egn", 10, egn.is_valid),
    _Named(r"cnp", 13, cnp.is_valid),
    _Named(r"nif", 9, nif.is_valid),
    _Named(r"t\.?c\.? ?kimlik|tckn", 11, tckimlik.is_valid),
    _Named(r"aadhaa?r|uidai", 12, aadhaar.is_valid),
    _Named(r"nhs n(?:umber|o)", 10, nhs.is_valid),
    _Named(r"tfn|tax file n(?:umber|o)", 9, tfn.is_valid),
    _Named(r"(?-i:SIN)|social insurance n(?:umber|o)", 9, sin.is_valid),
)
_NAMES = "|".join(each.names for each in _NAMED)
_BEHIND_ITS_NAME = rf"(?i:\b(?:{_NAMES}))[^0-9\n]{{0,24}}(?:[0-9][ ./-]?){{8,{_MOST - 1}}}[0-9]\b"


def is_named(value: str) -> bool:
    """Whether the number is one that bears the name before it."""
    first = re.search(r"\d", value)
    name, number = (value[: first.start()], value[first.start() :]) if first else (value, "")
    return any(
        each.is_valid(digits)
        for each in _NAMED
        if re.match(each.names, name, re.IGNORECASE) and (digits := _leading(number, each.digits))
    )


def _leading(number: str, count: int) -> str:
    """Return the first so many digits, without what divides them, unless another digit follows at once."""
    found = re.match(rf"(?:\d[ ./-]?){{{count - 1}}}\d(?!\d)", number)
    return re.sub(r"\D", "", found[0]) if found else ""


def is_us_ssn(value: str) -> bool:
    """Whether the parts are ones that are given out."""
    area, group, serial = value.split("-")
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_uk_nino(value: str) -> bool:
    """Whether the prefix is one that is given out."""
    return value[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")


def is_brazilian_cpf(value: str) -> bool:
    """Whether both check digits are right, which those of 111.111.111-11 are too, though nobody has it."""
    return cpf.is_valid(value) and len(set(value) - {".", "-"}) > 1


def _digits_hidden(value: str) -> str:
    """Return the value with its name and the last two digits, and nothing between."""
    return re.sub(r"\d", "*", value[:-2]) + value[-2:]


_FORMS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("a US social security number", r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", is_us_ssn),
    (
        "a UK national insurance number",
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b",
        is_uk_nino,
    ),
    (
        "a French social security number",
        r"\b[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\b",
        nir.is_valid,
    ),
    ("a Spanish ID number", r"\b[0-9]{8}-?[A-Z]\b", dni.is_valid),
    ("a Spanish ID number of a foreigner", r"\b[XYZ]-?[0-9]{7}-?[A-Z]\b", nie.is_valid),
    (
        "an Italian tax code",
        r"\b[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b",
        codicefiscale.is_valid,
    ),
    (
        "a Finnish personal identity code",
        r"\b[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]\b",
        hetu.is_valid,
    ),
    ("a Belgian national number", r"\b[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}\b", nn.is_valid),
    ("a Swiss social security number", r"\b756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}\b", ahv.is_valid),
    ("a Brazilian taxpayer number", r"\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b", is_brazilian_cpf),
    ("a Chilean tax number", r"\b[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]\b", rut.is_valid),
    ("a Mexican population code (CURP)", r"\b[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]\b", curp.is_valid),
    ("a Chinese resident ID", r"\b[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]\b", ric.is_valid),
)


def patterns(rule: Rule) -> tuple[Pattern, ...]:
    """Return what is looked for, as breaches of ``rule``."""
    return (
        *(Pattern(rule, name, regex, is_valid, ending) for name, regex, is_valid in _FORMS),
        Pattern(rule, "a national ID number", _BEHIND_ITS_NAME, is_named, _digits_hidden),
    )
