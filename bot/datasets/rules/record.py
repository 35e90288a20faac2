"""What may be wrong with a record of either format: its order, its texts, its length."""

import re
from collections.abc import Iterator

from bot.datasets.clearance import STRUCTURAL, OfRow, Strings, UpToTokens
from bot.datasets.findings import Finding
from bot.datasets.invisible import any_blank
from bot.datasets.placeholders import PLACEHOLDER
from bot.datasets.prefilter import Prefilter
from bot.datasets.records import Record
from bot.datasets.rule import OWN, error, warning
from bot.datasets.rules.check import Check
from bot.datasets.token_density import extra_tokens
from bot.datasets.tokens import estimate_range
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import is_blank, quoted

ROLES = ("user", "assistant")

FIRST_NOT_USER = error(
    "first-not-user",
    "The conversation does not begin with the user.",
    "The first message has the role `user`.",
    source=sources.COOKBOOK,
)
LAST_NOT_ASSISTANT = error(
    "last-not-assistant",
    "The conversation does not end with the assistant: there is no answer to learn.",
    "The last message has the role `assistant`.",
    source=sources.COOKBOOK,
)
NOT_ALTERNATING = error(
    "not-alternating",
    "Two messages of the same role follow each other.",
    "user and assistant take turns; which messages belong together is for you to say.",
    source=sources.COOKBOOK,
)
EMPTY_TEXT = error(
    "empty-text",
    "A text is empty.",
    "Fill it or delete the record; an empty answer teaches the model to say nothing.",
    source=OWN,
)
BLANK_TEXT = error(
    "blank-text",
    "A text holds nothing that can be seen: only spaces, line breaks or zero-width characters.",
    "Fill it or delete the record.",
    source=OWN,
)
RESERVED_TEXT = error(
    "reserved-text",
    "A text holds words that are reserved for this base model.",
    "Rephrase the text; the job fails on it.",
)
TOO_MANY_TOKENS = error(
    "too-many-tokens",
    "The record is longer than this base takes.",
    "Shorten it or divide it into several records.",
    source=sources.PREPARE,
)
_DENSE_HINT = (
    "Cut or leave out what is no prose, such as base64, hex or columns of numbers: it may take a token a character,"
    " and the model learns nothing from it. Nothing public tells the exact count."
)
NUL_CHARACTER = warning(
    "nul-character",
    "A text holds a NUL character (\\u0000).",
    "It often comes from a damaged export, and the model learns to write it: delete the character.",
)
PLACEHOLDERS = (
    "{{",
    "${",
    "TODO",
    "FIXME",
    "Lorem ipsum",
    "<insert",
    "<INSERT",
    "[INSERT",
    "[insert",
    "[Your ",
    "[YOUR ",
)
# Each match of the pattern below has one of these in it, so that a row without any needs no search.
_MAY_BE_PLACEHOLDER = Prefilter(PLACEHOLDERS)
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,60}\}\}|\$\{\w{1,60}\}|\b(?:TODO|FIXME)\b|Lorem ipsum|[<\[](?:insert|INSERT)\b[^>\]\n]{0,60}[>\]]"
    r"|\[(?:Your|YOUR) [^\]\n]{1,40}\]"
)


def order(record: Record, profile: Profile) -> Iterator[Finding]:  # noqa: ARG001
    """First the user, last the assistant, and turn about. Silent while the roles themselves are wrong."""
    roles = [turn.role for turn in record.turns]
    if len(roles) < 2 or any(role not in ROLES for role in roles):
        return
    if roles[0] != "user":
        yield FIRST_NOT_USER.at(record.line, "messages[0].role")
    if roles[-1] != "assistant":
        yield LAST_NOT_ASSISTANT.at(record.line, f"messages[{len(roles) - 1}].role")
    for index in range(1, len(roles)):
        if roles[index] == roles[index - 1]:
            yield NOT_ALTERNATING.at(record.line, f"messages[{index}].role")
            # Only the first: where one message is missing, all that follow are out of step.
            return


def texts(record: Record, profile: Profile) -> Iterator[Finding]:  # noqa: ARG001
    """No text is empty, invisible, or holds NUL. Reasoning may be empty: AWS's own SDK takes it."""
    reasoning = {each.path for turn in record.turns for each in turn.reasoning}
    for each in record.texts():
        if each.path in reasoning and is_blank(each.text):
            continue
        if not each.text:
            yield EMPTY_TEXT.at(record.line, each.path)
        elif is_blank(each.text):
            yield BLANK_TEXT.at(record.line, each.path)
        elif "\0" in each.text:
            yield NUL_CHARACTER.at(record.line, each.path)


def reserved(record: Record, profile: Profile) -> Iterator[Finding]:
    """No text holds what the base keeps for itself."""
    for each in record.texts():
        for word in profile.reserved_text:
            if word.text in each.text:
                shown = word.text.replace("\n", "\\n")
                message = f"{quoted(shown)} is reserved for {profile.label} and stands in a text."
                hint = f"Rephrase it, for instance without the {_essential(word.text)}; the job fails on it."
                yield RESERVED_TEXT.at(record.line, each.path, message, hint)


def _essential(word: str) -> str:
    return "colon" if word.endswith(":") else "brackets"


def length(record: Record, profile: Profile) -> Iterator[Finding]:
    """All texts together stay under the base's limit of tokens, whatever they are made of."""
    limit = profile.limits.max_tokens_per_record
    texts = [each.text for each in record.texts()]
    ranges = [estimate_range(each) for each in texts]
    high = sum(each.high for each in ranges)
    extra = extra_tokens(texts)
    if high + extra > limit:
        low = sum(each.low for each in ranges)
        words = (
            f"A record has about {low:,} to {high + extra:,} tokens; {profile.label} takes {limit:,} with the system"
            " prompt."
        )
        # Other advice where prose alone is too long than where only dense text at its worst makes it so.
        if high > limit:
            yield TOO_MANY_TOKENS.at(record.line, "", words)
        else:
            yield TOO_MANY_TOKENS.at(record.line, "", words, _DENSE_HINT, "dense")


def placeholders(record: Record, profile: Profile) -> Iterator[Finding]:  # noqa: ARG001
    """Templates are filled in."""
    for each in record.texts():
        match = _PLACEHOLDER.search(each.text) if _MAY_BE_PLACEHOLDER.any_in(each.text) else None
        if match:
            words = f"{quoted(match[0][:60])} looks like a placeholder that was left in."
            yield PLACEHOLDER.at(record.line, each.path, words)


CHECKS = (
    Check(order, STRUCTURAL),
    Check(texts, (OfRow(any_blank), Strings(lambda _: ("\0",)))),
    Check(reserved, (Strings(lambda profile: [each.text for each in profile.reserved_text]),)),
    Check(length, (UpToTokens(lambda profile: profile.limits.max_tokens_per_record),)),
    Check(placeholders, (Strings(lambda _: PLACEHOLDERS),)),
)
