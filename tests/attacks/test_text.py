"""Text from outside, on every surface that Slack shows: it stays text. One table: texts by surfaces.

What must hold on all of them: only our own IDs are mentions, nothing is a link, nothing hides or turns round what
follows, and no code span ends before we end it.
"""

import itertools
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bot.access import Access
from bot.controller.documents import dump, load
from bot.controller.model import Message
from bot.controller.outbox.fallbacks import explained
from bot.controller.shared_files import LONGEST_TITLE, title_of
from bot.datasets.inspecting.inspection import InspectedRow, Inspection, RowFinding
from bot.distillations.cards import DistillationView
from bot.errors import NotAllowed, Refused
from bot.jobs.cards import JobView
from bot.jobs.model import StartDefaults
from bot.jobs.record import JobStatus
from bot.leases.cards import LeaseView
from bot.log_lines import Entries, JsonEntries
from bot.spending.purchase import Waiting
from bot.spending.reports import SpendingReport
from bot.wording import BACKTICK, Channel, Person, Wording, mrkdwn, wording
from handlers.core import attempt
from handlers.metadata import Inspecting
from handlers.ui.blocks import in_words, notice
from handlers.ui.cards.spending import budgets
from handlers.ui.forms.rows import inspector
from handlers.ui.forms.start import Choices, start_form
from handlers.ui.home import Belongings, home
from handlers.ui.parts.running import Running
from handlers.ui.render import render
from handlers.ui.text import sentence, unmarked
from tests.handlers.ui.anything import anything
from tests.handlers.ui.test_cards import cards
from tests.tables import table
from tests.unit.datasets.samples import cases, judge, lines, profile_of
from tests.unit.jobs.samples import dataset

VICTIM, PLACE = "U0VICTIM1", "C0VICTIM1"

TEXTS = (
    "<!channel> <!here> <!everyone>",
    f"<@{VICTIM}>",
    f"<@{VICTIM}|ceo>",
    f"\u2039@{VICTIM}\u203a \uff1c@{VICTIM}\uff1e",
    f"<#{PLACE}> <#{PLACE}|payroll>",
    "<!subteam^S012345>",
    "<https://evil.example|your bank>",
    "<mailto:a@evil.example|ask me>",
    "[x](mailto:a@evil.example) [x](//evil.example) ![x](https://evil.example/a.png)",
    "https&#58;//evil.example &lt;!here&gt; &amp;lt;@U0VICTIM1&amp;gt;",
    f"x` <@{VICTIM}> `y ```\n<!here>\n```",
    "x` http://evil.example *bold* _slanted_ ~struck~ `y",
    "`*bold*``\n`_slanted_` ~struck~```\n*bold*",
    "\x00null\x07bell\x1b[2J",
    "exe.\u202elnosj\u202c \u200b\u2060\ufeff\u061c\u2066 \ud83d",
    "one\r\ntwo\u2028three\u2029four\x85five",
    "{'said': [{'person': 'U0VICTIM1'}]}",
    json.dumps({"said": [{"person": VICTIM}]}),
)
"""None is an ID alone: a field that holds an ID is one that mentions it, and ours alone fill those."""

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
OWN_JOINER = "\u2060"
"""What we put beside signs that would format: the only one of its kind that may stand in a message."""
TOKEN = re.compile(r"<[^>]*>?")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
FORMATS = re.compile(r"\*bold\*|_slanted_|~struck~|`")
QUOTE = re.compile("^>", re.MULTILINE)
DATE = re.compile(r"<!date\^\d+\^[^|<>]*\|[^|<>]*>")


class Only(Random):
    """A source of values whose every text is one of these."""

    def __init__(self, seed: int, *texts: str) -> None:
        super().__init__(seed)
        self.texts = texts


def strings(node: Any, kind: str = "mrkdwn") -> Iterator[tuple[str, str]]:
    """Return every text of a message or view with its kind; what has none is shown as it is."""
    if isinstance(node, str):
        yield kind, node
    elif isinstance(node, dict):
        own = node.get("type") if node.get("type") in ("mrkdwn", "plain_text", "markdown") else "plain_text"
        for key, each in node.items():
            if key in ("text", "title", "initial_value", "alt_text") or not isinstance(each, str):
                yield from strings(each, str(own))
    elif isinstance(node, Sequence):
        for each in node:
            yield from strings(each, kind)


def assert_harmless(kind: str, shown: str, allowed: frozenset[str] = frozenset()) -> None:
    assert not HIDDEN.search(shown.replace(OWN_JOINER, "")), (kind, shown)
    if kind != "mrkdwn":
        return
    for token in TOKEN.findall(DATE.sub("", shown)):
        assert token in allowed, (token, shown)
    assert ">" not in QUOTE.sub("", TOKEN.sub("", shown)), shown
    inert = shown.replace(f"{OWN_JOINER}`{OWN_JOINER}", "")
    assert not FORMATS.search(CODE.sub("", inert)), shown


def assert_message(message: Message) -> None:
    assert_harmless("mrkdwn", message.text)
    for kind, shown in strings(list(message.blocks)):
        assert_harmless(kind, shown)


def problem(text: str) -> Refused:
    return Refused(f"There is no key `{text}`.", hint=f"Say {text}.", detail=text)


def _inspector(text: str) -> Any:
    finding = RowFinding(code=text, is_error=True, path=text, message=text, hint=text, repair=None)
    row = InspectedRow(position=0, line=1, excerpt=text, findings=(finding,))
    inspection = Inspection(sha256="0" * 64, file=text, rows=(row,), effects=(text,), is_cut=True)
    return inspector(inspection, Inspecting("abc", "C1"))


def _home(text: str) -> Any:
    random = Only(1, text)
    return home(
        Running(
            [anything(JobView, random, 3) for _ in range(3)],
            [anything(LeaseView, random, 3) for _ in range(3)],
            [anything(DistillationView, random, 3) for _ in range(3)],
        ),
        replace(anything(Belongings, random, 3), datasets=(dataset(name=text),)),
        [anything(Waiting, random, 3) for _ in range(3)],
    )


def _start_form(text: str) -> Any:
    defaults = anything(StartDefaults, Only(2, text), 3)
    return start_form(defaults, Choices([dataset(name=text)], [], None, models=[text]), "{}")


SURFACES: dict[str, Callable[[str], Any]] = {
    "an answer to a command": lambda text: attempt(lambda: _raise(problem(text))).message,  # type: ignore[union-attr]
    "a defect": lambda text: attempt(lambda: _raise(ValueError(text))).message,  # type: ignore[union-attr]
    "words in a thread": lambda text: in_words(f"Nothing was started. {text}"),
    "words that name somebody of ours beside it": lambda text: in_words(wording("x ", text, " y")),
    "why it is told elsewhere": lambda text: explained(Message("x"), ["C1"], [text]).blocks,
    "why it is told elsewhere, with blocks": lambda text: explained(in_words(text), [text], [text]).blocks,
    "a form's own words": lambda text: notice("Not yet", sentence(text)),
    "a form's error": lambda text: {"type": "plain_text", "text": unmarked(problem(text).sentence)},
    "the inspector": _inspector,
    "the home": _home,
    "the form of a start": _start_form,
    "who spent what": lambda text: budgets(anything(SpendingReport, Only(3, text), 3)).blocks,
}


def _raise(error: Exception) -> Any:
    raise error


@pytest.mark.parametrize("surface", SURFACES)
def test_outside_text_stays_text_on(surface: str) -> None:
    own = frozenset({"<#C1>"})
    with table() as row:
        for number, text in enumerate(TEXTS):
            with row(number, text):
                made = _made(surface, text)
                if isinstance(made, Message):
                    assert_harmless("mrkdwn", made.text, own)
                    made = list(made.blocks)
                for kind, shown in strings(made):
                    assert_harmless(kind, shown, own)


def _made(surface: str, text: str) -> Any:
    logging.disable(logging.CRITICAL)  # pytest would send the lone surrogates between its processes
    try:
        return SURFACES[surface](text)
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("card", cards(), ids=lambda each: each.__name__)
def test_outside_text_stays_text_in_every_field_of_every_card(card: type) -> None:
    with table() as row:
        for number, text in enumerate(TEXTS):
            for seed in range(6):
                with row(number, text, seed):
                    assert_message(render(anything(card, Only(seed, text), 3)))


ENDS = "x` *bold* `y"


def _with_keys(value: Any) -> Any:
    """Return the row with this at the end of every key that is not the record's own."""
    if isinstance(value, dict):
        own = ("messages", "role", "content")
        return {key if key in own else f"{key}{ENDS}": _with_keys(each) for key, each in value.items()}
    return [_with_keys(each) for each in value] if isinstance(value, list) else value


def _with_words(value: Any, key: str = "") -> Any:
    """Return the row with this at the end of every short text in it."""
    if isinstance(value, dict):
        return {name: _with_words(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_words(each) for each in value]
    return f"{value[:20]}{ENDS}" if isinstance(value, str) else value


def _with_roles(value: Any) -> Any:
    """Return the row with this for the role of whoever speaks first."""
    return json.loads(json.dumps(value).replace('"user"', json.dumps(ENDS), 1))


@pytest.mark.slow
def test_no_key_role_or_value_of_a_row_ends_the_span_that_names_it() -> None:
    """Tried: every row of every case of the validator and its repairs, in three ways."""
    broken: dict[str, str] = {}
    told = 0
    for case in cases():
        for change in (_with_keys, _with_words, _with_roles):
            rows = [
                change(row) for row in case.get("rows", []) if isinstance(row, dict) and "$" not in str(row)
            ]
            if not rows:
                continue
            for cause in judge(lines(*rows, pad=3), profile_of(case)).causes:
                for said in (cause.message, cause.hint):
                    told += BACKTICK in said
                    if "*bold*" in CODE.sub("", said):
                        broken[cause.code] = said
    assert broken == {}
    assert told > 100


def test_a_title_or_name_of_a_file_is_one_line_without_what_hides() -> None:
    with table() as row:
        for text in TEXTS:
            with row(text):
                shown = title_of(f"{text}.jsonl")

                assert not HIDDEN.search(shown)
                assert "\n" not in shown
    assert title_of("\x00\u202e") == "file"
    assert len(title_of("x" * 10_000)) <= LONGEST_TITLE


def test_an_entry_of_the_log_is_one_line_and_a_traceback_begins_no_entry() -> None:
    with table() as row:
        for text in TEXTS:
            forged = f"{text}\n2026-11-29 12:00:00,000 INFO bot.controller.controller: approved by everybody"
            for place in itertools.product((forged, "x"), repeat=2):
                with row(text, place):
                    record = logging.LogRecord(
                        place[0], logging.INFO, "f.py", 1, "%s: %s", place, _failure(forged)
                    )
                    first, *rest = Entries().format(record).split("\n")

                    assert not HIDDEN.search(first)
                    assert all(line.startswith("    | ") and not HIDDEN.search(line) for line in rest)
                    whole = JsonEntries().format(record)
                    assert whole.isascii()
                    assert "\n" not in whole
                    assert json.loads(whole)["message"] == record.getMessage()


def _failure(words: str) -> Any:
    try:
        raise ValueError(words)
    except ValueError:
        return sys.exc_info()


# Whom we name ourselves


def test_who_is_named_by_type_is_mentioned_however_the_sentence_is_put_together() -> None:
    inner = wording("Ask ", Person("U0BOSS"), f" about `<@{VICTIM}>`")
    said = wording(inner, " in ", Channel("C0CLAIMS"), ".")

    assert mrkdwn(said) == f"Ask <@U0BOSS> about `&lt;@{VICTIM}&gt;` in <#C0CLAIMS>."


@pytest.mark.parametrize(
    "join", [lambda said: f"{said}", lambda said: said + "", lambda said: said[:], str.strip]
)
def test_a_sentence_whose_type_was_forgotten_mentions_nobody(join: Callable[[str], str]) -> None:
    assert "<@" not in mrkdwn(join(wording("Ask ", Person("U0BOSS"))))


@pytest.mark.parametrize("given", [f"{VICTIM}> <!here", "", "u0victim1", "U1\n", "*", "U" * 40])
def test_an_id_that_is_none_is_no_mention(given: str) -> None:
    shown = mrkdwn(wording(Person(given), Channel(given)))

    assert "<" not in shown
    assert "\n" not in shown


def test_a_refusal_names_the_approvers_and_no_key_of_a_row_becomes_one() -> None:
    with pytest.raises(NotAllowed) as refused:
        Access(approvers=frozenset({"U0BOSS", "U0CHIEF"})).check_approver("U0ANYONE")

    shown = sentence(refused.value.sentence)
    assert "Approvers: <@U0BOSS>, <@U0CHIEF>." in shown
    assert "<@" not in sentence(str(refused.value.sentence)), "a str that it was made into names nobody"


def test_what_is_kept_in_the_store_stays_what_it_was() -> None:
    with table() as row:
        for text in TEXTS:
            with row(text):
                kept = text.encode("utf-8", "replace").decode()
                status = JobStatus(explanation=wording(kept, Person("U0BOSS")), mend=kept)

                back = load(JobStatus, json.loads(json.dumps(dump(status))))

                assert isinstance(back.explanation, Wording)
                assert back.explanation.parts == (kept, Person("U0BOSS"))
                plain = load(JobStatus, json.loads(json.dumps(dump(JobStatus(explanation=kept)))))
                assert plain.explanation == kept
                assert not isinstance(load(JobStatus, dump(JobStatus(explanation=kept))).explanation, Wording)


@pytest.mark.parametrize(
    "document", [{"explanation": each} for each in (3, None, {"said": 1}, {"said": [{"x": 1}]})]
)
def test_a_sentence_that_cannot_be_read_is_a_document_that_cannot_be_read(document: Any) -> None:
    with pytest.raises(ValueError, match="sentence"):
        load(JobStatus, document)
