r"""Text from a model or a file, made harmless: it pings nobody, names no channel, and holds no link or picture.

An invisible word joiner goes after the first character of everything that Slack would act on. The eye sees the same
text; Slack, whichever of its parsers looks at it, sees none of these. The price: a copied link has the joiner in it.

=================================================  ===================================================================
broken                                             because
=================================================  ===================================================================
``<!here>`` ``<@U…>`` ``<#C…>`` ``<!subteam^…>``   mentions in mrkdwn, which its parser also finds in Markdown
``@here`` ``@channel`` ``@everyone`` ``@group``    what is typed for a broadcast
``://``                                            every absolute link; GFM makes links of bare ones (autolinks)
``www.`` ``mailto:`` ``xmpp:``                     the bare autolinks of GFM beside those (GFM 0.29, section 6.9)
``a@b``                                            addresses of mail, which CommonMark links in angle brackets
                                                   whatever their domain
``example.com``                                    a bare domain, which Slack links in what is posted;
                                                   ``_example.com_``, too, which is emphasis
``](`` ``][`` ``]:``                               links, pictures and definitions of references, whatever their target:
                                                   ``[x](//host)``, ``![x](data:…)``, ``[x][1]``
``<scheme:`` ``<//``                               links in angle brackets, of any scheme: ``<tel:…>``, ``<slack:…>``
``&lt;`` ``&#58;``                                 entities, which would become one of the above once they are read
direction overrides, controls                      left out: they show a text in another order than it has, or hide it
=================================================  ===================================================================

Markdown takes a backslash before punctuation away, so ``:\//`` counts as ``://``. It is done character by character
and not by a parser of Markdown: an answer comes in pieces and is cut into messages, and what is a code span in the
whole may be a link in the piece that is shown. A real parser (markdown-it, with the extensions of GFM) is the tests'
measure: it finds no link, picture or entity in anything that was through here.
"""

import re
from itertools import pairwise, product

from bot.wording import without_hidden

JOINER = "\u2060"
"""WORD JOINER: no width, no line break, and no part of any token."""

_PLAIN = ("@here", "@channel", "@everyone", "@group", "](", "][", "]:", "&#")
_ESCAPABLE = ("<!", "<@", "<#", "<//", "://", "www.", "mailto:", "xmpp:")
"""Tokens that Markdown still sees with a backslash before any punctuation in them but the first character."""


def _with_backslashes(token: str) -> list[str]:
    ways = [(each,) if each.isalnum() else (each, f"\\{each}") for each in token[1:]]
    return [token[0] + "".join(way) for way in product(*ways)]


TOKENS = (*_PLAIN, *(each for token in _ESCAPABLE for each in _with_backslashes(token)))
"""Everything with a fixed spelling that makes Slack act, in lower case."""
_BEGINNINGS = frozenset(token[:length] for token in TOKENS for length in range(1, len(token)))
"""What one of these begins with and is not yet: looked up for each piece of an answer, of which there are thousands."""

LONGEST_SCHEME = 32
"""Characters of a scheme, which is the most that CommonMark takes (0.31, section 6.5)."""
LONGEST_NAME = 32
"""Characters of an entity's name: the longest of HTML's, which CommonMark takes over, has 31."""
CLOSING = 3
"""Underscores that end an emphasis: after a domain they are Markdown's, and between letters a name's."""
LONGEST_LABEL = 24
"""Characters of a top-level domain that are looked at: the longest that are in use have 24 (ICANN's list)."""
_SUFFIXES = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|aero|coop|museum|mobi|asia|jobs|travel|post|arpa|test|example|invalid|"
    "local|localhost|internal|onion|dev|app|page|web|site|online|store|shop|tech|cloud|blog|live|news|club|link|click|top|"
    "xyz|icu|vip|work|world|today|life|space|website|email|support|help|zip|mov|bank|money|finance|loan|win|download|"
    "[a-z]{2}|xn--[a-z0-9-]{1,20}"
)
_STOPS = ".\u3002\uff0e\uff61"
"""Full stops that names of hosts may have between their labels (UTS 46)."""

_FIXED = "|".join(f"{re.escape(token[0])}(?={re.escape(token[1:])})" for token in TOKENS)
_ENTITY = r"&(?=lt|gt|amp|[a-z][a-z0-9]{1,31};)"
_BRACKETED = rf"<(?=[a-z][a-z0-9+.-]{{0,{LONGEST_SCHEME - 1}}}\\?:)"
_END = rf"(?!-|[^\W_]|_{{1,{CLOSING}}}[^\W_])"
_DOMAIN = rf"[{_STOPS}](?=(?:{_SUFFIXES}){_END})|\.(?=[^\W\d_\x00-\x7f]{{2,{LONGEST_LABEL}}}{_END})"
_MAIL = r"(?<=[a-z0-9.!#$%&'*+/=?^_`{|}~-])@(?=[a-z0-9])"
"""What may stand before the sign is CommonMark's (0.31, section 6.5)."""
_DANGEROUS = re.compile(f"{_FIXED}|{_ENTITY}|{_BRACKETED}|{_MAIL}|{_DOMAIN}", re.IGNORECASE)
"""Each match is the one character after which the joiner goes."""

_MAYBE = re.compile(
    rf"&[a-z0-9]{{0,{LONGEST_NAME}}}\Z"
    rf"|<[a-z][a-z0-9+.-]{{0,{LONGEST_SCHEME - 1}}}\\?\Z"
    rf"|[{_STOPS}][\w-]{{0,{LONGEST_LABEL + CLOSING}}}\Z",
    re.IGNORECASE,
)
"""The end of a text that may go on to an entity, a link in brackets or a domain."""
_LONGEST = max(map(len, TOKENS))
_WINDOW = LONGEST_SCHEME + 4
"""Characters at the end of a text that may be undecided."""


def sanitised(text: str) -> str:
    """Return the text with every token broken. Doing it twice changes nothing more."""
    seen = without_hidden(text)
    return _broken(seen, len(seen))


def plain(text: str) -> str:
    """Return the text without the joiners: what the model said, for the conversation's memory."""
    return text.replace(JOINER, "")


class Sanitiser:
    """The same, piece by piece: a token may be split across pieces.

    ``feed`` keeps back what may be the beginning of a token until more has come; ``end`` hands it over. All that was
    handed over, joined, is what ``sanitised`` makes of the whole.
    """

    def __init__(self) -> None:
        self._held = ""
        self._before = ""
        """The last character that was handed over, which tells a sign in an address from one before a name."""

    def feed(self, piece: str) -> str:
        """Take a piece and return what can be shown of it and of what was kept back."""
        text = self._held + without_hidden(piece)
        cut = len(text) - _undecided(text)
        self._held = text[cut:]
        # Tokens overlap (``<@here``): what is shown may begin one whose second half is kept back.
        shown = _broken(text, cut, self._before)
        self._before = text[cut - 1] if cut else self._before
        return shown

    def end(self) -> str:
        """Return what was kept back: nothing more will come, so it is no token, or a whole one."""
        held, self._held = self._held, ""
        return _broken(held, len(held), self._before)


def _broken(text: str, end: int, before: str = "") -> str:
    """Return the first ``end`` characters with the tokens broken that begin there, wherever they go on.

    ``before`` is the character that stands before the text.
    """
    found = (each.start() - len(before) for each in _DANGEROUS.finditer(before + text))
    starts = [start + 1 for start in found if 0 <= start < end]
    return JOINER.join(text[a:b] for a, b in pairwise([0, *starts, end]))


def _undecided(text: str) -> int:
    """Return how many characters at the end may be the beginning of a token."""
    tail = text[-_WINDOW:]
    open_ended = _MAYBE.search(tail)
    most = len(tail) - open_ended.start() if open_ended else 0
    for length in range(min(_LONGEST - 1, len(text)), most, -1):
        end = text[-length:].lower()
        if end in _BEGINNINGS:
            return length
    return most
