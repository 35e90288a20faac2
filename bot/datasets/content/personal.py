"""Personal data: mail addresses, phone, card and account numbers, national IDs.

Every kind that has a check digit is checked by it, and what is reserved for examples is nobody's data.
"""

import re

from bot.datasets.content import national_ids
from bot.datasets.content.pattern import Pattern, ending
from bot.datasets.rule import warning

_HINT = "The model may repeat it to other people. Unless you may use it for this, replace it with something made up."
MAIL_ADDRESS = warning("mail-address", "A mail address of a person stands in a text.", _HINT)
PHONE_NUMBER = warning("phone-number", "A phone number stands in a text.", _HINT)
CARD_NUMBER = warning("card-number", "A payment card's number stands in a text.", _HINT)
BANK_ACCOUNT = warning("bank-account", "A bank account's number stands in a text.", _HINT)
NATIONAL_ID = warning("national-id", "A national ID or social security number stands in a text.", _HINT)

_RESERVED_DOMAIN = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|local(?:host)?|png|jpe?g|gif|svg|webp)$"
)
"""RFC 2606 and 6761; and ``logo@2x.png`` is a file."""

_NO_PERSON = frozenset(
    [
        "admin",
        "billing",
        "careers",
        "claims",
        "compliance",
        "contact",
        "customerservice",
        "enquiries",
        "feedback",
        "git",
        "hello",
        "help",
        "hr",
        "info",
        "inquiries",
        "jobs",
        "legal",
        "mail",
        "marketing",
        "media",
        "news",
        "newsletter",
        "no-reply",
        "noreply",
        "office",
        "orders",
        "postmaster",
        "press",
        "privacy",
        "returns",
        "sales",
        "security",
        "service",
        "support",
        "team",
        "webmaster",
    ]
)
"""The part before the @ of addresses that belong to an office."""

_FICTION = re.compile(r"^[2-9]\d\d55501\d\d$")
"""North American numbers that are kept for fiction."""

_CARDS = re.compile(
    r"^(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12})$"
)
"""Visa, Mastercard, American Express, Discover and JCB by their first digits and lengths."""


def is_mail_address(value: str) -> bool:
    """Whether it may be a person's."""
    person, _, domain = value.lower().rpartition("@")
    return person not in _NO_PERSON and not _RESERVED_DOMAIN.search(domain)


def is_phone_number(value: str) -> bool:
    """Whether the number exists, as far as its country's plan tells, and is not one that costs the caller nothing."""
    # The plans of all countries take a while to import, and most files hold no number.
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return False
    if number.country_code == 1 and _FICTION.match(str(number.national_number)):
        return False
    free = phonenumbers.PhoneNumberType.TOLL_FREE
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) != free


def is_card_number(value: str) -> bool:
    """Whether it is a card company's and its check digit is right (Luhn)."""
    digits = re.sub(r"\D", "", value)
    if not _CARDS.match(digits):
        return False
    doubled = [int(each) * 2 for each in digits[-2::-2]]
    return (sum(map(int, digits[::-2])) + sum(each - 9 if each > 9 else each for each in doubled)) % 10 == 0


def is_iban(value: str) -> bool:
    """Whether the check digits are right (ISO 7064, modulo 97)."""
    compact = value.replace(" ", "")
    turned = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def _mail(value: str) -> str:
    return f"{value[0]}***@***.{value.rpartition('.')[2]}"


_DIGITS_AFTER_PLUS = r"\+[1-9][0-9 ().-]{6,18}[0-9]\b"
_NORTH_AMERICAN = r"\(?\b[2-9][0-9]{2}(?:\) ?|[ .-])[2-9][0-9]{2}[.-][0-9]{4}\b"

PATTERNS = (
    Pattern(
        MAIL_ADDRESS,
        "a mail address",
        r"\b[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\b",
        is_mail_address,
        _mail,
    ),
    Pattern(PHONE_NUMBER, "a phone number", _DIGITS_AFTER_PLUS, is_phone_number, ending),
    Pattern(PHONE_NUMBER, "a phone number", _NORTH_AMERICAN, is_phone_number, ending),
    Pattern(CARD_NUMBER, "a card number", r"\b[2-6][0-9]{3}(?:[ -]?[0-9]{4}){3}\b", is_card_number, ending),
    Pattern(
        CARD_NUMBER, "a card number", r"\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b", is_card_number, ending
    ),
    Pattern(
        BANK_ACCOUNT,
        "an account number (IBAN)",
        r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
        is_iban,
        ending,
    ),
    *national_ids.patterns(NATIONAL_ID),
)
