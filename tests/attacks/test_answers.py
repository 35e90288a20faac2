"""What a model says, with links and mentions in every form, in any pieces: what Slack is given has none of them.

The measure is a real parser: markdown-it reads what was let through, as CommonMark, and in the text that it finds the
bare links of GFM (section 6.9) and Slack's own tokens are looked for. It never sees a rule of the sanitiser.
"""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.questions.sanitising import JOINER, Sanitiser, plain, sanitised
from bot.wording import without_hidden
from tests.tables import table

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LINKS = ("link_open", "image")
GFM_BARE = re.compile(
    r"(?:https?|ftp)://\S|\bwww\.[\w-]|\b(?:mailto|xmpp):\S|[\w.+-]+@[\w-]+\.[\w-]|<[!@#]\S|"
    r"@(?:here|channel|everyone)\b|\b[\w-]+\.(?:com|org|net|example|io|de|co)\b",
    re.IGNORECASE,
)

ATTACKS = (
    "[x](mailto:a@evil.example)",
    "[x](<mailto:a@evil.example>)",
    "<mailto:a@evil.example|x>",
    "<mailto:a@evil.example>",
    "<a@evil.example>",
    "<tel:+15551234|call>",
    "<slack://user?team=T1&id=U1>",
    "<https://evil.example|your bank>",
    "<HTTPS://EVIL.EXAMPLE>",
    "[x](//evil.example/a)",
    "[x](/relative) [y](#here) [z]()",
    "[x]( https:evil.example 'title')",
    "[x](javascript:alert(1))",
    "![pixel](https://evil.example/p.png)",
    "![pixel](//evil.example/p.png)",
    "![pixel](data:image/png;base64,AAAA)",
    "[![x](//evil.example/p.png)](//evil.example)",
    "[x][1]\n\n[1]: //evil.example",
    "[x][]\n\n[x]: //evil.example 'title'",
    "[x]\n\n[x]: mailto:a@evil.example",
    "[x] [1]\n\n [1]:\n  <//evil.example>",
    "https&#58;//evil.example",
    "https&#x3a;//evil.example",
    "https&colon;//evil.example",
    "&lt;!here&gt; &lt;@U012345&gt; &#60;!channel&#62;",
    "&lt;!here|x&gt",
    "www.evil.example",
    "WWW.evil.example/path?q=1",
    "evil.example/login",
    "see evil.co, or a.b.evil.com.",
    "a.person+x@evil.example",
    "xmpp:a@evil.example/x",
    "mailto:a@evil.example",
    "<!here> <!channel> <!everyone> <@U012345> <#C012345> <!subteam^S1|@x>",
    "@here @channel @everyone @group",
    "\\<!here> <\\!here> \\<\\@U012345\\>",
    "https:\\/\\/evil.example",
    "https\\://evil.example",
    "www\\.evil.example",
    "evil\\.example",
    "**[x](//evil.example)** _<mailto:a@evil.example>_ ~~www.evil.example~~",
    "> [x](//evil.example)\n\n- [y](//evil.example)\n\n# [z](//evil.example)",
    "| a | b |\n|---|---|\n| [x](//evil.example) | <https://evil.example> |",
    "`code` [x](//evil.example) `",
    "```\ncode\n```\n[x](//evil.example)",
    "[a\nb](//evil.example)",
    "[[x]](//evil.example)",
    "_evil.example_ __evil.example__ ___evil.com___",
    "see _my bank: evil.example_.",
    "<admin@intranet>",
    "<a.b+c@evil.attorney>",
    "[x](//evil.example",
    "x](//evil.example)",
    "\u200b[x]\u200b(//evil.example)",
    "e\u0301vil.example [x\u0301](//evil.example)",
)
"""Each is tried alone, after text, and cut at every place."""


def found_in(text: str) -> list[str]:
    """Return what a reader could follow or be pinged by: links and pictures, bare links, tokens of Slack."""
    there: list[str] = []
    for block in MARKDOWN.parse(text):
        for token in block.children or []:
            there += [token.type] if token.type in LINKS else []
            # Text alone: in a code span nothing is linked.
        shown = "".join(
            each.content if each.type in ("text", "text_special", "html_inline") else "\0"
            for each in block.children or []
        )
        there += GFM_BARE.findall(shown)
    return there


def piecewise(text: str, *places: int) -> str:
    sanitiser = Sanitiser()
    cuts = [0, *sorted(min(each, len(text)) for each in places), len(text)]
    shown = [sanitiser.feed(text[start:end]) for start, end in pairwise(cuts)]
    return "".join([*shown, sanitiser.end()])


def test_the_measure_finds_what_is_there() -> None:
    seen = [text for text in ATTACKS if found_in(text)]

    assert len(seen) > 35
    for obvious in (
        "[x](//evil.example/a)",
        "<mailto:a@evil.example>",
        "https&#58;//evil.example",
        "evil.example/login",
    ):
        assert found_in(obvious), obvious


def test_an_answer_has_nothing_to_follow_and_pings_nobody() -> None:
    """Tried: a tuned model whose answers carry links, images and mentions in every form."""
    with table() as row:
        for text in ATTACKS:
            with row(text):
                for whole in (text, f"Look here: {text} and so on", f"{text}\n\n{text}"):
                    safe = sanitised(whole)
                    assert found_in(safe) == []
                    assert plain(safe) == plain(without_hidden(whole))


@pytest.mark.slow
def test_wherever_it_is_cut_into_pieces_the_same_is_shown() -> None:
    with table() as row:
        for text in ATTACKS:
            with row(text):
                whole = sanitised(text)
                assert piecewise(text, *range(len(text))) == whole
                for place in range(len(text)):
                    assert piecewise(text, place) == whole


@pytest.mark.slow
def test_what_is_shown_while_it_grows_is_harmless_at_every_moment() -> None:
    """Tried: a link or a mention cut in two, so that half of it is streamed before the rest."""
    with table() as row:
        for text in ATTACKS:
            with row(text):
                sanitiser, shown = Sanitiser(), ""
                for character in f"so {text} ":
                    shown += sanitiser.feed(character)
                    assert found_in(shown) == []


SIGNS = (
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "!",
    ":",
    "/",
    "\\",
    "&",
    ";",
    "#",
    "@",
    ".",
    "`",
    "*",
    "_",
    "//",
    "](",
    "\n",
    " ",
)
WORDS = ("www", "com", "x", "https", "mailto", "lt", "58", "here", "evil", "example", "é", JOINER, "\u200b")
PARTS = st.sampled_from([*SIGNS, *WORDS])


@given(st.lists(PARTS, max_size=25).map("".join), st.lists(st.integers(0, 80), max_size=4))
def test_nothing_made_of_such_parts_gets_through(text: str, places: list[int]) -> None:
    safe = sanitised(text)

    assert found_in(safe) == []
    assert piecewise(text, *places) == safe


ORDINARY = (
    "3.14 and 2,5",
    "e.g. this, i.e. that, at 5 p.m.",
    "AT&T and R&D",
    "a < b and c > d",
    "f(x)[0] = y, C# and F#",
    "10:30, a/b//c",
    "**bold** _it_ `code` ~~no~~",
    "- [x] done",
    "df.to_csv(x), re.is_a_b",
    "@app.route, @dataclass, ask @ann",
    "| a | b |",
    '{"queue": "appeals", "n": [1, 2]}',
)


def test_ordinary_answers_are_as_the_model_said_them() -> None:
    with table() as row:
        for text in ORDINARY:
            with row(text):
                assert sanitised(text) == text
