"""Who and what a setting names as people do, `#claims-ai`, `@ada` and `@ml-team`: looked up once, at the start.

People go by the name that Slack gives once in a workspace, and not by the one that they show: that one anybody may
take, and would then be who the setting means.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import Misconfigured, Refused, TunesmithError
from bot.names import nearest

CHANNEL, PERSON = "#", "@"
LISTS = (
    "TUNESMITH_ALLOWED_CHANNELS",
    "TUNESMITH_TRAINERS",
    "TUNESMITH_ASKERS",
    "TUNESMITH_GUESTS",
    "TUNESMITH_APPROVERS",
    "TUNESMITH_OPERATORS",
    "TUNESMITH_OPERATOR",
    "TUNESMITH_BUDGETS",
)
"""The settings in which channels and people are named."""
ROLES = frozenset({"TUNESMITH_TRAINERS", "TUNESMITH_ASKERS", "TUNESMITH_APPROVERS", "TUNESMITH_OPERATORS"})
"""Those in which a user group may stand, too."""
_FEW = 3
"""How many of those who might be meant are listed."""


@dataclass(frozen=True, slots=True)
class Named:
    """A channel or a person of the workspace."""

    id: str
    name: str
    """Without `#` or `@`; Slack gives it once."""
    shown: tuple[str, ...] = ()
    """What else they are called; several may be called so."""
    gone: str = ""
    """Why it cannot be meant, as `is archived`; empty when it can."""


class NameBook(Protocol):
    """Who and what there is in the workspace."""

    def channels(self) -> Sequence[Named]:
        """Return the channels that the bot may see.

        Raises:
            TunesmithError: Slack did not say.
        """

    def people(self) -> Sequence[Named]:
        """Return everybody. Raises the same."""

    def groups(self) -> Sequence[Named]:
        """Return the user groups, by their handles. Raises the same, and ``Misconfigured`` without the scope."""


Open = Callable[[str, str], NameBook]
"""Opens the book, by a bot token and the address of the Web API."""


def resolved(
    source: Mapping[str, str], open_book: Open | None
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the environment with IDs for names, what is wrong by the setting's name, and which ID each name has.

    With nothing to ask, the names stay, and are refused as no IDs.
    """
    text, wrong, known = dict(source), dict[str, str](), dict[str, str]()
    token = source.get("SLACK_BOT_TOKEN", "")
    if open_book is None or not token:
        return text, wrong, known
    book: NameBook | None = None
    for setting in LISTS:
        words = [each.strip() for each in source.get(setting, "").split(",")]
        if not any(each.startswith((CHANNEL, PERSON)) for each in words):
            continue
        book = book or open_book(token, source.get("SLACK_API_URL") or "https://slack.com/api/")
        try:
            text[setting] = ",".join(_with_id(each, book, known, setting in ROLES) for each in words)
        except ValueError as error:
            wrong[setting] = str(error)
        except TunesmithError as error:
            wrong[setting] = (
                f"holds names, and Slack did not say whose they are: {error.sentence} IDs need no Slack"
            )
    return text, wrong, known


def _with_id(word: str, book: NameBook, known: dict[str, str], may_be_a_group: bool) -> str:
    name, equals, rest = word.partition("=")
    name = name.strip()
    if not name.startswith((CHANNEL, PERSON)):
        return word
    if name not in known:
        if name.startswith(CHANNEL):
            among = book.channels()
        else:
            among = [*book.people(), *(_groups(book) if may_be_a_group else ())]
        known[name] = _looked_up(name, among)
    return f"{known[name]}{equals}{rest}"


def _groups(book: NameBook) -> Sequence[Named]:
    """Return the user groups; none where the app may not read them, so that people are found without that scope."""
    try:
        return book.groups()
    except (Misconfigured, Refused):
        return ()


def _looked_up(word: str, book: Sequence[Named]) -> str:
    """Return the ID that a name has.

    Raises:
        ValueError: nobody has it, or several do; the words say who was found.
    """
    wanted = word[1:].strip().lower()
    found = [each for each in book if each.name.lower() == wanted]
    there = [each for each in found if not each.gone]
    if len(there) == 1:
        return there[0].id
    if len(there) > 1:
        raise ValueError(f"`{word}` is the name of {_listed(there)}; write the ID of the one that is meant")
    if found:
        raise ValueError(f"`{word}` ({found[0].id}) {found[0].gone}")
    if word.startswith(CHANNEL):
        raise ValueError(
            f"there is no channel `{word}` that I see{_like(wanted, book)}; one that is private I see when I am in it"
        )
    also = [each for each in book if wanted in {name.lower() for name in each.shown} and not each.gone]
    if also:
        raise ValueError(
            f"`{word}` is what {_listed(also)} chose to be called, as anybody may; write the ID instead"
        )
    raise ValueError(f"nobody here has the user name `{word}`{_like(wanted, book)}; or write the ID instead")


def _listed(found: Sequence[Named]) -> str:
    said = [f"{each.id} ({each.shown[0] if each.shown else each.name})" for each in found[:_FEW]]
    more = f" and {len(found) - _FEW} more" if len(found) > _FEW else ""
    return " and ".join(said) + more if len(said) < _FEW else ", ".join(said) + more


def _like(wanted: str, book: Sequence[Named]) -> str:
    near = nearest(wanted, [each.name for each in book if not each.gone])
    return f" (the nearest is `{near}`)" if near else ""
